"""What a text would add, before anything is added: files one by one and by folder, each with what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from downloads.models import Download
from hosts.base import Cure, Entry, LinkDead, Problem
from hosts.links import Link


class IntakeRefused(Problem):
    """The pasted text cannot be added; nothing was changed."""

    code = "nothing_to_add"
    permanent = True
    cure = Cure.NONE

    @classmethod
    def because_of(cls, problem: Problem) -> IntakeRefused:
        """With the sentence of the problem that left nothing to add."""
        return cls(problem.sentence, retry_after=problem.retry_after, **problem.params)


@dataclass(frozen=True, slots=True)
class Item:
    """One file that may be added.

    `note` is what is wrong with it; `existing` is its row when it is here already; `described` is False
    while only its link is known.
    """

    entry: Entry
    note: Problem | None = None
    existing: Download | None = None
    described: bool = True

    @property
    def addable(self) -> bool:
        return not self.entry.is_dead and self.existing is None


@dataclass(frozen=True, slots=True)
class Group:
    """The files behind one folder link, or the single files together (`folder` is None).

    `unopened` are the folders in it that were not looked into yet, `shut` those that do not open, with the reason.
    `whole` are the keys of what was found in folders that had been ticked before anybody looked into them.
    """

    items: list[Item]
    folder: Entry | None = None
    problem: Problem | None = None
    unopened: list[Entry] = field(default_factory=list)
    shut: Sequence[tuple[Entry, Problem]] = ()
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a text would add. `refused` pairs a link-like text with what is wrong with it.

    `checksums` are those that stand beside links, by host and code.
    """

    groups: list[Group]
    refused: Sequence[tuple[str, Problem]] = ()
    checksums: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def items(self) -> list[Item]:
        return [item for group in self.groups for item in group.items]

    @property
    def passing_problem(self) -> Problem | None:
        """Why a folder cannot be looked into now, although it may be later."""
        return next((group.problem for group in self.groups if group.problem and not group.problem.permanent), None)

    @property
    def left_out(self) -> list[tuple[str, Problem]]:
        """What adding all of it would not add, each with what is wrong with it."""
        folders = [(group.folder.link.url, group.problem) for group in self.groups if group.folder and group.problem]
        folders += [(entry.link.url, problem) for group in self.groups for entry, problem in group.shut]
        dead = [(item.entry.link.url, item.note or LinkDead()) for item in self.items if item.entry.is_dead]
        return [*self.refused, *folders, *dead]


def key(link: Link) -> str:
    return f"{link.host}:{link.code}"
