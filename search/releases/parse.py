"""From a file name to a Release."""

from __future__ import annotations

import re

from search.releases import frame as frames
from search.releases.draft import Draft, begin
from search.releases.folders import fill
from search.releases.release import Release, Span
from search.releases.rules import (
    bare,
    broadcast,
    dates,
    episode_words,
    facts,
    fansubs,
    groups,
    kinds,
    leading,
    numbered,
    season_words,
    titles,
    years,
)
from search.releases.rules.needs import Plans, Rule
from search.releases.tokens import composed

TIMES = re.compile(r"(?<=\d)[×хХ](?=\d)")
LONGEST = 2048  # characters; file systems allow 255 bytes to a name and 4096 to a path
RULES: tuple[Rule, ...] = (
    leading.leading_marks,
    kinds.checksum,
    numbered.season_episode,
    numbered.season_cross_episode,
    numbered.season_code,
    season_words.spaced_code,
    season_words.season_ordinal,
    season_words.season_word,
    episode_words.cjk_number,
    episode_words.episode_word,
    episode_words.episode_before_word,
    numbered.episode_code,
    episode_words.episode_count,
    episode_words.counted_of,
    dates.air_date,
    years.year,
    leading.bracketed_title,
    kinds.volume,
    fansubs.number_before_code,
    bare.leading_number,
    bare.dashed_number,
    bare.hash_number,
    fansubs.bracketed_number,
    fansubs.number_after_group,
    broadcast.numbered_part,
    broadcast.number_before_marks,
    bare.padded_number,
    titles.title_end,
    facts.tech_start,
    groups.dashed_group,
    groups.bracket_group,
    groups.last_word_group,
    facts.facts,
    titles.titles,
    kinds.version,
    kinds.part,
    kinds.episode_title,
    kinds.kind,
)
"""In this order: numbers first, since they end titles; then the title, then what stands behind it."""


PLANS = Plans(RULES)


def parse(name: str, rules: tuple[Rule, ...] = RULES) -> Release:
    """What `name` says: a file name, or a path whose folders fill what the file's own name lacks. Never raises.

    Of more than LONGEST characters only the last ones are read.
    """
    offset = max(0, len(name) - LONGEST)
    text, places = composed(name[offset:])
    if not text.isascii():
        text = TIMES.sub("x", text)
    parts = frames.path_parts(text)
    release = _parse_part(text, *parts[-1], rules)
    for start, end in reversed(parts[-3:-1]):
        fill(release, _parse_part(text, start, end, rules))
    release.name = name
    if places is not None:
        release.spans = {field: (places[start], places[end]) for field, (start, end) in release.spans.items()}
    if offset:
        release.spans = {field: (start + offset, end + offset) for field, (start, end) in release.spans.items()}
    return release


def _note_frame(draft: Draft, around: frames.Frame, start: int, end: int) -> None:
    """Where the site, the ending and the volume's number stand: before and behind the name itself."""
    if around.site:
        first = draft.text.find(around.site, start, around.start)
        draft.spans["site"] = (first, first + len(around.site))
    if around.container:
        behind = draft.text[around.end : end]
        first = around.end + max(behind.lower().rfind(around.container), 0)
        draft.spans["container"] = (first, min(first + len(around.container), end))
        if around.archive_part is not None:
            draft.spans["archive_part"] = (around.end, around.end + len(behind.rstrip()))


def _parse_part(text: str, start: int, end: int, rules: tuple[Rule, ...]) -> Release:
    release = Release(text)
    around = frames.frame(text, start, end)
    release.container, release.archive_part, release.site = around.container, around.archive_part, around.site
    draft = begin(text, release, around.start, around.end)
    _note_frame(draft, around, start, end)
    if draft.count:
        plans = PLANS if rules is RULES else Plans(rules)
        first, if_open, if_known = plans[frozenset(draft.shapes)]
        for rule in first:
            rule(draft)
        for rule in if_open if bare.is_open(draft) else if_known:
            rule(draft)
    release.spans = draft.spans if draft.text is text else _turned(draft.spans, around.start, around.end)
    return release


def _turned(spans: dict[str, Span], start: int, end: int) -> dict[str, Span]:
    """Where the fields stand in a name whose stretch from `start` to `end` was read from its end."""
    return {
        field: (start + end - last, start + end - first) if start <= first and last <= end else (first, last)
        for field, (first, last) in spans.items()
    }
