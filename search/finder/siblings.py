"""Files that differ in their episode number only were named by one hand: what one of them shows holds for all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from search.finder.found import Found
from search.finder.places import Place
from search.releases import Code, Reason, Verdict
from search.titles import Title

MOST_QUERIES = 3
ENOUGH = 2  # siblings that make a pattern
NUMBER = re.compile(r"\d+")
SLACK = 3  # episodes that a catalogue of titles may be behind
Pattern = tuple[str, str]
"""What stands before and behind the episode number."""


def pattern(found: Found) -> Pattern | None:
    """None for what holds no episode or several."""
    span = found.release.spans.get("episodes")
    if span is None or len(found.release.episodes) != 1:
        return None
    name = found.release.name
    number = list(NUMBER.finditer(name, *span))
    if not number:
        return None
    last = number[-1]
    return name[: last.start()], NUMBER.sub("#", name[last.end() :])


def families(found: Iterable[Found]) -> dict[Pattern, list[Found]]:
    grouped: dict[Pattern, list[Found]] = defaultdict(list)
    for one in found:
        if (named := pattern(one)) is not None:
            grouped[named].append(one)
    return grouped


def without_strangers(found: list[Found], title: Title) -> list[Found]:
    """Refuse files of another series of the same name: their numbers go on long after this one's last episode."""
    counts = [season.episode_count for season in title.seasons if season.number > 0]
    if not title.is_series or not sum(counts):
        return found
    strange: dict[int, int] = {}
    for family in families(one for one in found if one.accepted).values():
        numbers = [one.release.episodes[0] for one in family]
        if family[0].release.seasons or max(numbers) <= max(sum(counts) + SLACK, sum(counts) * 5 // 4):
            continue
        strange |= {id(one): max(numbers) for one in family}
    return [refused(one, strange[id(one)], sum(counts)) if id(one) in strange else one for one in found]


def refused(found: Found, last: int, known: int) -> Found:
    return replace(found, verdict=Verdict(False, (Reason(Code.TOO_MANY_EPISODES, str(known), str(last)),)))


def queries(found: Iterable[Found], missing: Iterable[Place]) -> tuple[str, ...]:
    """Names that the missing episodes would have if the hand that named the others named them too."""
    known = sorted(
        (family for family in families(one for one in found if one.accepted).values() if len(family) >= ENOUGH),
        key=lambda family: (-len(family), -max(one.score.total for one in family)),
    )
    return tuple(islice(_guessed(known, list(missing)), MOST_QUERIES))


def _guessed(known: list[list[Found]], missing: list[Place]) -> Iterator[str]:
    for season, episode in missing:
        for family in known:
            example = family[0]
            (at, number), *others = example.places or [(0, 0)]
            if others or at != season:
                continue
            offset = example.release.episodes[0] - number
            before, _ = pattern(example) or ("", "")
            width = len(NUMBER.findall(example.release.name[len(before) :])[0])
            yield f"{before}{episode + offset:0{width}d}".rpartition("/")[2]
            break
