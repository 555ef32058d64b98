"""What a preview shows: the files of a group as a tree of folders."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from downloads.preview import Group, Item
from downloads.preview import key as key_of
from hosts.base import Entry, Problem


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file with its tick, and what the form sends for it."""

    item: Item
    key: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """A folder that nobody has looked into yet; ticked, it is added with everything in it."""

    entry: Entry
    key: str
    ticked: bool


@dataclass(slots=True)
class Folder:
    """One folder of a preview with what is directly in it."""

    name: str
    folders: dict[str, Folder] = field(default_factory=dict)
    leaves: list[Leaf] = field(default_factory=list)
    unopened: list[Closed] = field(default_factory=list)
    shut: list[tuple[Entry, Problem]] = field(default_factory=list)
    problem: Problem | None = None

    def __iter__(self) -> Iterator[Leaf]:
        """Every file at any depth."""
        yield from self.leaves
        for folder in self.folders.values():
            yield from folder

    @property
    def count(self) -> int:
        return sum(1 for _ in self)

    @property
    def size(self) -> int:
        return sum(leaf.item.entry.size or 0 for leaf in self)

    @property
    def closed(self) -> list[Closed]:
        """Every folder at any depth that is not looked into yet."""
        return [*self.unopened, *(closed for folder in self.folders.values() for closed in folder.closed)]

    @property
    def addable(self) -> bool:
        return bool(self.closed) or any(leaf.item.addable for leaf in self)


def grow(group: Group, ticked: Collection[str] | None = None) -> Folder:
    """The group as a tree; single files that came together have no folder name.

    `ticked` holds the keys of the files and folders to tick; None ticks all that can be added.
    """
    root = Folder(group.folder.name if group.folder else "", problem=group.problem)
    for item in group.items:
        key = key_of(item.entry.link)
        is_ticked = item.addable and (ticked is None or key in ticked or key in group.whole)
        place_of(root, item.entry).leaves.append(Leaf(item, key, is_ticked))
    for entry in group.unopened:
        key = key_of(entry.link)
        place_of(root, entry).unopened.append(Closed(entry, key, ticked is None or key in ticked))
    for entry, problem in group.shut:
        place_of(root, entry).shut.append((entry, problem))
    return root


def place_of(root: Folder, entry: Entry) -> Folder:
    place = root
    for part in filter(None, entry.path.split("/")):
        place = place.folders.setdefault(part, Folder(part))
    return place
