"""Days on which something was broadcast: 2011.01.10, 04.28.2014, 20161024, 5th Mar 2025."""

from __future__ import annotations

from datetime import date

from search.releases.draft import Draft
from search.releases.rules.needs import needs
from search.releases.tables.numbers import MONTHS, ORDINALS

LAST_YEAR = 2035
SEPARATORS = frozenset(("-", ".", "_", " ", "/"))


@needs("year", "month", "crc", "number")
def air_date(draft: Draft) -> None:
    found = _year_first(draft) or _year_last(draft) or _named_month(draft) or _in_one_word(draft) or _short(draft)
    for first, stop, day in found[:1]:
        if draft.anchors and first < min(draft.anchors)[0]:
            draft.release.seasons = draft.release.episodes = ()  # Sonarr, too, takes a day before a code
        draft.release.air_date = day
        draft.anchor("air_date", first, stop)
        if first == draft.start < stop < draft.count:
            draft.start = stop


def _parts(draft: Draft, first: int) -> tuple[int, int, int] | None:
    """Three numbers with the same separator between them."""
    if first < 0 or first + 2 >= draft.count:
        return None
    two = draft.number(first + 1)
    if two is None:
        return None
    one, three, gap = draft.number(first), draft.number(first + 2), draft.gaps[first + 1]
    if one is None or three is None or gap != draft.gaps[first + 2] or gap not in SEPARATORS:
        return None
    return one, two, three


def _day(year: int, month: int, day: int) -> date | None:
    if month > 12 >= day:
        month, day = day, month
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year_first(draft: Draft) -> list[tuple[int, int, date]]:
    """2011.01.10, and 2012.16.02 as Sonarr reads it."""
    found = []
    for index in draft.shapes.get("year", ()):
        parts = _parts(draft, index)
        if parts and not draft.claimed[index + 1] and not _is_sound(draft, index + 1):
            day = _day(*parts)
            if day is not None and len(draft.words[index + 2]) <= 2:
                found.append((index, index + 3, day))
    return found


def _is_sound(draft: Draft, index: int) -> bool:
    """The channels of "2015.5.1", or the size of "2015.2.8.GB": a one-digit month needs a name behind its day."""
    if len(draft.words[index]) == 2:
        return False
    return draft.words[index] == "0" or draft.words[index + 1] in ("0", "1") or draft.ends_here(index + 2)


def _year_last(draft: Draft) -> list[tuple[int, int, date]]:
    """04.28.2014."""
    found = []
    for index in draft.shapes.get("year", ()):
        parts = _parts(draft, index - 2)
        if parts and 3 <= len(draft.words[index - 2] + draft.words[index - 1]) <= 4:  # "3.5.2011" is half a film
            day = _day(parts[2], parts[0], parts[1])
            if day is not None:
                found.append((index - 2, index + 1, day))
    return found


def _named_month(draft: Draft) -> list[tuple[int, int, date]]:
    """5th Mar 2025, 6 August 2020, July.30.2021."""
    found = []
    for index in draft.shapes.get("month", ()):
        month = MONTHS[draft.lexemes[index].key]
        for at_day, at_year, first in ((index - 1, index + 1, index - 1), (index + 1, index + 2, index)):
            value, year = _day_of_month(draft, at_day), draft.number(at_year)
            day = _day(year, month, value) if value and year and 1900 <= year <= 2099 and value <= 31 else None
            if day is not None and not _is_year(draft, at_year + 1):
                found.append((first, at_year + 1, day))
                break
    return found


def _short(draft: Draft) -> list[tuple[int, int, date]]:
    """Title.16.02.29, Title 10-19-12, Title.140722: no other number stands in the name's title."""
    if draft.anchors or "year" in draft.shapes:
        return []
    for first in draft.shapes.get("number", ()):
        text = draft.words[first]
        if (
            len(text) == 6
            and text.isdecimal()
            and first > draft.start
            and draft.ends_here(first + 1)
            and draft.inside(first) is None
        ):
            whole = _day_of_century(int(text[:2]), int(text[2:4]), int(text[4:]))
            if whole is not None:
                return [(first, first + 1, whole)]
        parts = _parts(draft, first) if first > draft.start else None
        if parts is None or any(len(draft.words[index]) != 2 for index in range(first, first + 3)):
            continue
        year, month, day = parts if draft.gaps[first + 1] == "." else (parts[2], parts[0], parts[1])
        found = _day_of_century(year, month, day) if draft.number(first + 3) is None else None
        return [(first, first + 3, found)] if found is not None else []
    return []


def _day_of_century(year: int, month: int, day: int) -> date | None:
    return _day(2000 + year, month, day) if year <= LAST_YEAR - 2000 else None


def _is_year(draft: Draft, index: int) -> bool:
    return index < draft.count and draft.lexemes[index].shape == "year"


def _day_of_month(draft: Draft, index: int) -> int | None:
    if not 0 <= index < draft.count:
        return None
    key = draft.lexemes[index].key
    return ORDINALS.get(key) or draft.number(index) or _ordinal(key)


def _ordinal(key: str) -> int | None:
    digits = key[:-2]
    return int(digits) if key.endswith(("st", "nd", "rd", "th")) and digits.isdecimal() and len(digits) <= 2 else None


def _in_one_word(draft: Draft) -> list[tuple[int, int, date]]:
    """20161024 at the beginning, or where the title is over."""
    found = []
    for index in draft.shapes.get("crc", ()):
        key = draft.lexemes[index].key
        if key.isdecimal() and key.startswith(("19", "20")) and draft.inside(index) is None:
            day = _day(int(key[:4]), int(key[4:6]), int(key[6:]))
            if day is not None and int(key[4:6]) <= 12:
                found.append((index, index + 1, day))
    return found
