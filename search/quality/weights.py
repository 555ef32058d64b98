"""From what a user wishes to the points of the scoring tables. PURE.

Each field has a weight: the points of the best that it can be, out of a hundred. What comes second or third in the
user's order gets the share that the second or third of our own order has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from search.releases import VIETNAMESE_FIRST, Profile
from search.releases.tables.classes import RESOLUTIONS, SOURCES, resolution_class, source_class
from search.releases.tables.profiles import Demands, Points

WEIGHTS: dict[str, int] = {
    "resolution": 30, "source": 22, "codec": 4, "dynamic range": 6, "sound": 6, "Vietnamese": 26, "fixes": 3, "size": 3,
}  # fmt: skip
HUNDRED = sum(WEIGHTS.values())
LANGUAGES = ("dub", "voice-over", "subtitles", "original")
BY_RANK = {
    "resolution": (30, 26, 16, 8, 5),
    "source": (22, 20, 19, 16, 10, 7, 6, 2),
    "language": (22, 21, 18, 0),
}
"""Points of the first, second ... in the user's order, of a field with the weight that WEIGHTS has for it."""

MOST_VIETNAMESE = 26
BOTH = 4  # points more for a Vietnamese voice with subtitles


@dataclass(frozen=True, slots=True)
class Wishes:
    """A quality profile as plain values; see QualityProfile. `hdr` is prefer, any, require or refuse."""

    name: str
    resolutions: Sequence[str] = tuple(RESOLUTIONS)
    sources: Sequence[str] = tuple(SOURCES)
    languages: Sequence[str] = LANGUAGES
    needs_vietnamese: bool = False
    hdr: str = "prefer"
    least_per_hour: float | None = None
    most_per_hour: float | None = None
    banned_words: Sequence[str] = ()
    required_words: Sequence[str] = ()
    weights: Mapping[str, int] = field(default_factory=lambda: WEIGHTS)
    shows_quality: bool = True


def profile(wishes: Wishes) -> Profile:
    """The tables to score with. Whatever the weights are, the best of every table together make a hundred."""
    weights = hundred(wishes.weights)
    base = VIETNAMESE_FIRST
    ranges = base.dynamic_ranges if wishes.hdr in ("prefer", "require") else dict.fromkeys(base.dynamic_ranges, 6)
    return replace(
        base,
        name=wishes.name,
        resolutions=weighed(
            ranked(base.resolutions, "resolution", wishes.resolutions, list(RESOLUTIONS), resolution_class),
            weights["resolution"],
        ),
        sources=weighed(ranked(base.sources, "source", wishes.sources, list(SOURCES), source_class), weights["source"]),
        codecs=weighed(base.codecs, weights["codec"]),
        dynamic_ranges=weighed(ranges, weights["dynamic range"]),
        sounds=weighed(base.sounds, weights["sound"]),
        vietnamese=weighed(spoken(wishes.languages), weights["Vietnamese"], MOST_VIETNAMESE),
        fixes=weighed(base.fixes, weights["fixes"]),
        believable=weights["size"],
        shows_quality=wishes.shows_quality,
        demands=demands(wishes),
    )


def demands(wishes: Wishes) -> Demands:
    return Demands(
        resolutions=few(wishes.resolutions, RESOLUTIONS),
        sources=few(wishes.sources, SOURCES),
        hdr={"require": True, "refuse": False}.get(wishes.hdr),
        vietnamese=wishes.needs_vietnamese,
        least=wishes.least_per_hour,
        most=wishes.most_per_hour,
        banned=tuple(wishes.banned_words),
        required=tuple(wishes.required_words),
    )


def few(wanted: Sequence[str], known: Mapping[str, object]) -> frozenset[str]:
    """Empty, which demands nothing, when all are wanted or none is named."""
    return frozenset() if set(wanted) >= set(known) else frozenset(wanted)


def hundred(weights: Mapping[str, int]) -> dict[str, int]:
    """The weights made to sum up to a hundred; the heaviest takes what rounding leaves."""
    given = {name: max(0, weights.get(name, 0)) for name in WEIGHTS}
    total = sum(given.values())
    if not total:
        return dict(WEIGHTS)
    made = {name: round(value * HUNDRED / total) for name, value in given.items()}
    heaviest = max(made, key=lambda name: made[name])
    made[heaviest] += HUNDRED - sum(made.values())
    return made


def ranked(
    base: Points, what: str, wanted: Sequence[str], ours: Sequence[str], class_of: Callable[[str], str]
) -> Points:
    """The table with each class where the user wants it; within a class the shares stay."""
    ranks = BY_RANK[what]
    before = {name: ranks[place] for place, name in enumerate(ours)}
    after = {name: ranks[place] for place, name in enumerate(wanted)}
    return {key: round(points * after.get(class_of(key), 0) / before[class_of(key)]) for key, points in base.items()}


def spoken(languages: Sequence[str]) -> Points:
    """Points for what a name says of Vietnamese. "original" stands for a file that says nothing of it."""
    points = {name: BY_RANK["language"][place] for place, name in enumerate(languages)}
    dub, over = points.get("dub", 0), points.get("voice-over", 0)
    subtitles, original = points.get("subtitles", 0), points.get("original", 0)
    return {
        "dub and subtitles": both(dub, subtitles),
        "voice-over and subtitles": both(over, subtitles),
        "audio and subtitles": both(min(dub, over), subtitles),
        "dub": dub,
        "voice-over": over,
        "audio": max(0, min(dub, over) - 1),
        "subtitles": subtitles,
        "machine-made audio": round(over * 9 / 21),
        "machine-made subtitles": round(subtitles * 8 / 18),
        "": original,
    }


def both(voice: int, subtitles: int) -> int:
    return max(voice, subtitles) + (BOTH if voice and subtitles else 0)


def weighed(table: Points, weight: int, most: int | None = None) -> Points:
    """The table scaled so that its best, or `most`, has the points of the weight."""
    top = max(table.values()) if most is None else most
    return {key: round(points * weight / top) if top else 0 for key, points in table.items()}
