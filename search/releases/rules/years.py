"""Which of the numbers between 1900 and 2099 is the year."""

from __future__ import annotations

from search.releases.draft import Draft
from search.releases.rules.needs import needs
from search.releases.tables.numbers import YEAR_TITLES

LAST_FILM = 2035  # further ahead no film is announced; "Blade Runner 2049" has a number in its title
DASHES = frozenset(("-", "–"))
FIRST_FILM = 1900  # before that, only a number in brackets is a year


@needs("year")
def year(draft: Draft) -> None:
    """The last one before the first sure mark; in round brackets before any other; not the first word of the title."""
    candidates = [index for index in draft.shapes.get("year", ()) if _may_be(draft, index)]
    if not candidates:
        return
    chosen = _choose(draft, candidates)
    if chosen is None:
        return
    draft.release.year = draft.lexemes[chosen].numbers[0]
    draft.note("year", chosen, chosen + 1)
    first = next(
        i for i in candidates if draft.lexemes[i].numbers[0] == draft.release.year and i >= min(chosen, draft.start + 1)
    )
    draft.years = [first]
    if chosen == draft.start:
        draft.start += 1
    else:
        draft.anchors.append((first, first + 1))
    draft.claimed[chosen] = draft.claimed[first] = 1


def _may_be(draft: Draft, index: int) -> bool:
    return not draft.claimed[index] and draft.lexemes[index].numbers[0] <= LAST_FILM and not _in_range(draft, index)


def _in_range(draft: Draft, index: int) -> bool:
    """2001-2003, (1998 – 2018): the years of a collection are no year, but they end the title."""
    if draft.gaps[index].strip() not in DASHES and draft.gaps[index + 1].strip() not in DASHES:
        return False
    for first in (index - 1, index):
        stop = first + 1
        if first < 0 or stop >= draft.count or draft.gaps[stop].strip() not in DASHES or draft.gaps[first] == "-":
            continue
        one, two = draft.lexemes[first], draft.lexemes[stop]
        short = (
            two.shape == "number"
            and len(draft.words[stop]) == 2
            and not draft.claimed[stop]
            and (draft.ends_here(stop + 1) or ")" in draft.gaps[stop + 1])
        )
        if (
            one.shape == "year"
            and first > draft.start
            and (short or (two.shape == "year" and one.numbers < two.numbers))
        ):
            if max(draft.shapes["year"]) <= stop:
                draft.anchors.append((first, stop + 1))
            return True
    return False


def _choose(draft: Draft, candidates: list[int]) -> int | None:
    wrapped = [index for index in candidates if _is_alone(draft, index)]
    if wrapped:
        return wrapped[0] if draft.release.episodes else wrapped[-1]
    candidates = [index for index in candidates if draft.lexemes[index].numbers[0] >= FIRST_FILM]
    sure = _first_sure(draft)
    later = [index for index in candidates if index > draft.start]
    before = [index for index in later if index < sure]
    code = min((first for first, _ in draft.anchors if first >= draft.start), default=None)
    if code is not None:
        return _around(draft, before, later, code)
    if before:
        return before[-1]
    if later:
        return later[0]
    return _leading(draft, candidates[0]) if candidates else None


def _around(draft: Draft, before: list[int], later: list[int], code: int) -> int | None:
    """Next to the season or episode: before it, or right behind, or at the first mark."""
    earlier = [index for index in before if index < code]
    if earlier:
        return earlier[-1]
    stops = {stop for _, stop in draft.anchors}
    for index in later:
        beside = draft.is_mark(index - 1) or (index + 1 < draft.count and draft.is_mark(index + 1))
        if index in stops or beside or draft.opens(index):
            return index
    return None


def _leading(draft: Draft, index: int) -> int | None:
    """2010.Doraemon.The.Movie: a year before the title, when it is no title itself."""
    if index != draft.start or draft.ends_here(index + 1):
        return None
    following = " ".join(lex.key for lex in draft.lexemes[index : index + 3])
    return None if following.startswith(YEAR_TITLES) else index


def _is_alone(draft: Draft, index: int) -> bool:
    bracket = draft.inside(index)
    return bracket is not None and bracket.first == index and bracket.sign in "([（【" and bracket.stop <= index + 1


def _first_sure(draft: Draft) -> int:
    after = draft.start
    for found in draft.founds:
        if found.mark.sure and found.first > after:
            return found.first
    return draft.count
