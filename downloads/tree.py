"""What a preview shows: the files of a group as a tree of folders."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from downloads import intake
from downloads.intake import Group, Item
from hosts.base import Problem


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file with its tick, and what the form sends for it."""

    item: Item
    key: str
    ticked: bool


@dataclass(slots=True)
class Folder:
    """One folder of a preview with what is directly in it."""

    name: str
    folders: dict[str, Folder] = field(default_factory=dict)
    leaves: list[Leaf] = field(default_factory=list)
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
    def addable(self) -> bool:
        return any(leaf.item.addable for leaf in self)


def grow(group: Group, ticked: Collection[str] | None = None) -> Folder:
    """The group as a tree; single files that came together have no folder name.

    `ticked` holds the keys of the files to tick; None ticks all that can be added.
    """
    root = Folder(group.folder.name if group.folder else "", problem=group.problem)
    for item in group.items:
        place = root
        for part in filter(None, item.entry.path.split("/")):
            place = place.folders.setdefault(part, Folder(part))
        key = intake.key(item.entry.link)
        place.leaves.append(Leaf(item, key, item.addable and (ticked is None or key in ticked)))
    return root
