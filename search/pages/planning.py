"""A plan as a page shows it: the sets to choose from, and the lines of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from search import labels
from search.finder.found import Found
from search.finder.places import Place
from search.grab.plan import Set, led_by, with_subtitles
from search.grab.preview import GrabPreview, Line, lines_of

MOST_SETS = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A set that the plan can begin with. `points` is the mean score of its files."""

    number: int
    label: str
    badges: Sequence[str]
    coverage: int
    points: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """`missing` are the numbers of episodes that nobody offers, written out."""

    choices: list[Choice]
    lines: Sequence[Line]
    missing: list[str]
    had: list[str]
    coming: list[str]
    covered: int
    aired: int
    fillers: int
    size: int
    too_big: bool

    @property
    def addable(self) -> int:
        return sum(line.existing is None for line in self.lines)


def shown(seen: GrabPreview, wanted: str) -> Shown:
    """`wanted` is the number of the set to begin with; what is none means the best."""
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 4 else 0
    made = led_by(seen.plan, number)
    number = number if made is not seen.plan else 0
    lines = (
        seen.lines
        if made is seen.plan
        else lines_of(seen.title, with_subtitles(made.picks, seen.found), seen.profile, seen.library)
    )
    size = sum(line.found.candidate.size or 0 for line in lines if line.existing is None)
    return Shown(
        choices=[choice(place, one, place == number) for place, one in enumerate(seen.plan.sets[:MOST_SETS])],
        lines=sorted(lines, key=lambda line: (line.places[:1], line.filler)),
        missing=codes(made.missing),
        had=codes(seen.had),
        coming=codes(seen.coming),
        covered=made.covered + len(seen.had),
        aired=made.wanted + len(seen.had),
        fillers=len(made.fillers),
        size=size,
        too_big=seen.free is not None and size > seen.free,
    )


def choice(number: int, one: Set, is_chosen: bool) -> Choice:
    files: list[Found] = list({id(found): found for found in one.files.values()}.values())
    example = files[0]
    points = round(sum(found.score.total for found in files) / len(files))
    name = example.release.group or _("Without a group's name")
    return Choice(number, name, labels.badges(example.release), one.coverage, points, is_chosen)


def codes(places: Sequence[Place]) -> list[str]:
    return [labels.place(place) for place in sorted(places)]
