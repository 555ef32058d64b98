"""Walking folders, whatever the host: cycles, duplicates, sub-folders that are gone or do not open. PURE."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from hosts.base import Entry, LinkDead, LinkProblem, LinkRefused, gettext_noop
from hosts.links import Link

MOST_FOLDERS = 5_000
TOO_DEEP = gettext_noop("The folder holds too many folders. Paste its sub-folders one by one.")


def never(folder: Entry) -> bool:
    return False


class Walk:
    """Everything below a folder link, each code once, a folder before what is in it.

    `list_folder` gives what is directly in one. Sub-folders that `skip` names are not looked into; they stand in
    `unopened` afterwards. `path` is where the walk begins, so that its entries fit into a larger tree.
    A sub-folder that is gone is one dead entry, one that does not open stands in `shut` afterwards, and both keep
    nothing else from being found. A root that is gone is LinkDead. Raises Problem.
    """

    def __init__(
        self,
        root: Link,
        list_folder: Callable[[Link], list[Entry]],
        *,
        path: str = "",
        skip: Callable[[Entry], bool] = never,
    ) -> None:
        self.list_folder = list_folder
        self.skip = skip
        self.root = Entry(root, "", is_folder=True, path=path)
        self.unopened: list[Entry] = []
        self.shut: list[tuple[Entry, LinkProblem]] = []
        self._seen = {(root.kind, root.code)}

    def __iter__(self) -> Iterator[Entry]:
        waiting = [self.root]
        for _ in range(MOST_FOLDERS):
            if not waiting:
                return
            folder = waiting.pop()
            is_root = folder is self.root
            if not is_root and self.skip(folder):
                self.unopened.append(folder)
                yield folder
                continue
            try:
                listed = self.list_folder(folder.link)
            except LinkDead:
                if is_root:
                    raise
                yield replace(folder, is_dead=True)
                continue
            except LinkProblem as problem:
                if is_root:
                    raise
                self.shut.append((folder, problem))
                yield folder
                continue
            if not is_root:
                yield folder
            new = [replace(entry, path=inside(folder)) for entry in listed if self._is_new(entry)]
            yield from (entry for entry in new if not entry.is_folder or entry.is_dead)
            waiting += reversed([entry for entry in new if entry.is_folder and not entry.is_dead])
        raise LinkRefused(TOO_DEEP)

    def _is_new(self, entry: Entry) -> bool:
        key = (entry.link.kind, entry.link.code)
        is_new = key not in self._seen
        self._seen.add(key)
        return is_new


def inside(folder: Entry) -> str:
    """The path of what is in a folder; a name's own slashes would make folders that do not exist."""
    return f"{folder.path}/{folder.name.replace('/', '_')}".strip("/")
