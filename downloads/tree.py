"""What a preview shows: the files of a group as a tree of folders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from downloads.intake import Group, Item
from hosts.base import Problem


@dataclass(slots=True)
class Folder:
    """One folder of a preview with what is directly in it."""

    name: str
    folders: dict[str, Folder] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    problem: Problem | None = None

    def __iter__(self) -> Iterator[Item]:
        """Every file at any depth."""
        yield from self.items
        for folder in self.folders.values():
            yield from folder

    @property
    def count(self) -> int:
        return sum(1 for _ in self)

    @property
    def size(self) -> int:
        return sum(item.entry.size or 0 for item in self)

    @property
    def addable(self) -> bool:
        return any(item.addable for item in self)


def grow(group: Group) -> Folder:
    """The group as a tree; single files that came together have no folder name."""
    root = Folder(group.folder.name if group.folder else "", problem=group.problem)
    for item in group.items:
        place = root
        for part in filter(None, item.entry.path.split("/")):
            place = place.folders.setdefault(part, Folder(part))
        place.items.append(item)
    return root
