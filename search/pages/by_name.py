"""Files by their names alone: for those without a TMDB key, while TMDB fails, and for what no catalogue knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from search import providers, searches
from search.finder.queries import has_marks, without_marks
from search.releases import VIETNAMESE_FIRST, Release, fold, parse, score
from search.sources.base import Candidate, Part
from search.sources.gather import gather

LONGEST = 5.0  # seconds
MOST_GROUPS = 30
MOST_FILES = 12  # of one group; the others are counted


@dataclass(frozen=True, slots=True)
class Named:
    """A file with what its name says; `points` are 0 to 100."""

    candidate: Candidate
    release: Release
    points: int


@dataclass(frozen=True, slots=True)
class Group:
    """Files that seem to be of one title. `more` are not shown."""

    name: str
    year: int | None
    files: list[Named]
    more: int

    @property
    def query(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Names:
    """`total` counts all files, also those that are not shown."""

    groups: list[Group]
    total: int
    failing: list[Part]


def look(text: str) -> Names:
    """What all sources have under these words, the title with the most files first."""
    asked = (text, without_marks(text)) if has_marks(text) else (text,)
    parts = list(gather(asked, providers.sources(), searches.executor(), seconds=LONGEST))
    failing = {part.source: part for part in parts if part.problem}
    files = [named(candidate) for part in parts for candidate in part.candidates]
    return Names(grouped(files)[:MOST_GROUPS], len(files), list(failing.values()))


def named(candidate: Candidate) -> Named:
    release = parse(candidate.name)
    return Named(candidate, release, score(release, VIETNAMESE_FIRST, candidate.size).total)


def grouped(files: Iterable[Named]) -> list[Group]:
    together: dict[tuple[str, int | None], list[Named]] = {}
    for one in files:
        together.setdefault((fold(one.release.title) or fold(one.candidate.name), one.release.year), []).append(one)
    groups = [group(year, some) for (_, year), some in together.items()]
    return sorted(groups, key=lambda one: (-len(one.files) - one.more, one.name.casefold(), one.year or 0))


def group(year: int | None, files: list[Named]) -> Group:
    ranked = sorted(files, key=lambda one: (place(one.release), -one.points, one.candidate.name))
    name = ranked[0].release.title or ranked[0].candidate.name
    return Group(name, year, ranked[:MOST_FILES], max(0, len(ranked) - MOST_FILES))


def place(release: Release) -> tuple[int, int]:
    """Episodes in their order, then by quality."""
    return (release.seasons or (0,))[0], (release.episodes or (0,))[0]
