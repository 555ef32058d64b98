"""Which files to fetch for a season or a series. PURE.

Episodes of one group and quality look and sound alike, so the most complete such set comes first; what it lacks is
filled from the next best sets, and marked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from search.finder.found import Found
from search.finder.places import Place
from search.releases.names import stem
from search.releases.tables.files import SUBTITLES

COVERAGE, QUALITY = 0.6, 0.4
"""What counts for a set: how much of what is wanted it has, and the mean score of its files."""

WHOLE_PACK = -4
"""Points off for a folder or an archive: what is in it shows only when it has been fetched."""


@dataclass(frozen=True, slots=True)
class Family:
    """What files have in common that belong together; "" where the names do not say."""

    group: str
    resolution: str
    source: str
    codec: str
    voices: frozenset[str]
    subtitles: bool
    is_pack: bool

    @classmethod
    def of(cls, found: Found) -> Family:
        release = found.release
        return cls(
            release.group.casefold(),
            release.resolution,
            release.source_detail or release.source,
            release.codec,
            frozenset(voice.value for voice in release.vietnamese_audio),
            release.vietnamese_subtitles,
            found.is_pack,
        )


@dataclass(frozen=True, slots=True)
class Set:
    """Files of one family: the best for each of the wanted places that it has. `value` is 0 to 100."""

    family: Family
    files: dict[Place, Found]
    value: float

    @property
    def coverage(self) -> int:
        return len(self.files)


@dataclass(frozen=True, slots=True)
class Pick:
    """One file to fetch and what it is fetched for. A `filler` comes from another set than the rest."""

    found: Found
    places: tuple[Place, ...]
    filler: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """`missing` is wanted and nobody offers it; `had` is wanted and there already. `sets` are all, the best first."""

    picks: tuple[Pick, ...]
    missing: tuple[Place, ...] = ()
    had: tuple[Place, ...] = ()
    sets: tuple[Set, ...] = field(default=())

    @property
    def covered(self) -> int:
        return len({place for pick in self.picks for place in pick.places})

    @property
    def wanted(self) -> int:
        return self.covered + len(self.missing)

    @property
    def size(self) -> int:
        """Bytes of all picks whose size is known."""
        return sum(pick.found.candidate.size or 0 for pick in self.picks)

    @property
    def fillers(self) -> list[Pick]:
        return [pick for pick in self.picks if pick.filler]


def plan(found: Iterable[Found], wanted: Collection[Place], had: Collection[Place] = ()) -> Plan:
    """Files for the wanted places, without those that are `had`, from the best set and the fewest others."""
    needed = sorted(set(wanted) - set(had))
    usable = [one for one in found if one.accepted and (one.is_video or one.is_pack) and _is_whole(one)]
    sets = tuple(sorted(_sets(usable, needed), key=lambda one: (-one.value, _name(one))))
    picks = tuple(_picks(sets, needed))
    covered = {place for pick in picks for place in pick.places}
    missing = tuple(place for place in needed if place not in covered)
    return Plan(picks, missing, tuple(sorted(set(wanted) & set(had))), sets)


def led_by(made: Plan, number: int) -> Plan:
    """The same with another one of its sets first; `sets` keep their order. Of a number that is none, as it was."""
    if not 0 < number < len(made.sets):
        return made
    needed = sorted({*made.missing, *(place for pick in made.picks for place in pick.places)})
    chosen = made.sets[number]
    picks = tuple(_picks([chosen, *(one for one in made.sets if one is not chosen)], needed))
    covered = {place for pick in picks for place in pick.places}
    return Plan(picks, tuple(place for place in needed if place not in covered), made.had, made.sets)


def with_subtitles(picks: Sequence[Pick], found: Iterable[Found]) -> list[Pick]:
    """Each pick, followed by the subtitles that are offered under its very name."""
    beside: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        if one.accepted and one.release.container in SUBTITLES:
            beside[stem(one.release).casefold()].append(one)
    picked = {pick.found.candidate.key for pick in picks}
    all_picks: list[Pick] = []
    for pick in picks:
        subtitles = beside.get(stem(pick.found.release).casefold(), []) if pick.found.is_video else []
        all_picks += [
            pick,
            *(Pick(one, pick.places, pick.filler) for one in subtitles if one.candidate.key not in picked),
        ]
    return all_picks


def best(found: Iterable[Found]) -> Found | None:
    """The film to fetch: the best file that is one, in one piece."""
    films = [one for one in found if one.accepted and one.is_video and _is_whole(one) and one.release.part is None]
    return min(films, key=lambda one: one.order, default=None)


def _is_whole(found: Found) -> bool:
    """Not the volume of an archive: one of several is worth nothing without the others."""
    return found.release.archive_part is None


def _sets(found: Sequence[Found], needed: Sequence[Place]) -> Iterator[Set]:
    grouped: dict[Family, list[Found]] = defaultdict(list)
    for one in found:
        grouped[Family.of(one)].append(one)
    for family, members in grouped.items():
        files: dict[Place, Found] = {}
        for place in needed:
            holding = [one for one in members if place in one.places]
            if holding:
                files[place] = min(holding, key=lambda one: (len(one.places), one.order))
        if files:
            mean = sum(one.score.total for one in files.values()) / len(files)
            value = COVERAGE * 100 * len(files) / len(needed) + QUALITY * mean + WHOLE_PACK * family.is_pack
            yield Set(family, files, value)


def _picks(sets: Sequence[Set], needed: Sequence[Place]) -> Iterator[Pick]:
    """Each file once, for all the places that nobody before it had."""
    open_places = set(needed)
    for number, one in enumerate(sets):
        chosen: dict[tuple[str, str], list[Place]] = defaultdict(list)
        files = {found.candidate.key: found for found in one.files.values()}
        for place, found in one.files.items():
            if place in open_places:
                chosen[found.candidate.key].append(place)
        if one.family.is_pack and number and not _is_worth(chosen, open_places):
            continue
        for key, places in chosen.items():
            yield Pick(files[key], tuple(places), filler=number > 0)
            open_places -= set(places)


def _is_worth(chosen: dict[tuple[str, str], list[Place]], open_places: set[Place]) -> bool:
    """A whole pack for one missing episode is too much; for half of what is missing it is not."""
    gained = sum(map(len, chosen.values()))
    return gained > 1 and gained * 2 >= len(open_places)


def _name(one: Set) -> tuple[str, str, str]:
    return one.family.group, one.family.resolution, one.family.source
