"""Numbers in names that begin with a group, or count through all seasons: [Group] Title 05, [07], - 05 - S01E05."""

from __future__ import annotations

from search.releases.draft import LOOSE, Draft
from search.releases.rules.bare import ENDS, belongs_to_title, is_open, over, set_episodes, spaced_dash, stretch
from search.releases.rules.needs import needs
from search.releases.rules.numbered import spread


@needs("number", "lettered")
def number_before_code(draft: Draft) -> None:
    """Title - 05 - S01E05, Title - 07.5 (S00E01): the absolute number before the season's; the title ends at it."""
    if not draft.anchors or not draft.release.seasons:
        return
    code = min(first for first, _ in draft.anchors)
    if _is_same_range(draft, code):
        draft.release.absolute = spread([draft.lexemes[code - 2].numbers[0], draft.lexemes[code - 1].numbers[0]])
        draft.anchor("absolute", code - 2, code)
        return
    for index in (code - 1, code - 2):
        if (
            index <= draft.start
            or draft.lexemes[index].shape not in ("number", "lettered")
            or not (spaced_dash(draft.gaps[index]) or _counts_through(draft, index, code))
        ):
            continue
        if index == code - 1 and draft.gaps[code] == ".":
            continue
        draft.anchor("absolute", index, code)
        if index == code - 1:
            draft.release.absolute = (draft.lexemes[index].numbers[0],)
        return


def _is_same_range(draft: Draft, code: int) -> bool:
    """ "Title 313-315 S16E03-05": as many as the code has."""
    first, last = draft.number(code - 2), draft.number(code - 1)
    if code - 2 <= draft.start or first is None or last is None or draft.gaps[code - 1] != "-":
        return False
    return last - first + 1 == len(draft.release.episodes) > 1


def _counts_through(draft: Draft, index: int, code: int) -> bool:
    """ "[Group] Title 214 10x14" """
    coded = draft.lexemes[code].shape in ("se", "nx") and len(draft.words[index]) > 2
    plain = coded and draft.start > 0 and draft.release.group != ""
    return plain and index == code - 1 and draft.gaps[code] == draft.gaps[index] == " "


@needs("number", "ended", "numbered", counts=True)
def bracketed_number(draft: Draft) -> None:
    """[07], (03), {01}, 【24（END）】: alone in its bracket, behind a title."""
    if not is_open(draft):
        return
    for bracket in draft.brackets:
        index = bracket.first
        if bracket.stop <= index or index <= draft.start - 1 or index == 0 or draft.claimed[index]:
            continue
        lex = draft.lexemes[index]
        if (
            lex.shape not in ("number", "ended", "numbered")
            or len(draft.words[index]) > 5
            or _is_group_tail(draft, index)
        ):
            continue
        stop, values = stretch(draft, index)
        if len(values) > 1 and bracket.stop > stop and "+" in draft.gaps[stop]:
            set_episodes(draft, index, bracket.stop, values)
            return
        if values[-1] > 1999 or any(
            draft.lexemes[other].key not in ENDS and draft.owners[other] == draft.owners[index]
            for other in range(stop, bracket.stop)
        ):
            continue
        if bracket.stop == draft.count and len(draft.words[index]) == 1 and not draft.start:
            continue
        set_episodes(draft, index, bracket.stop, values)
        return


def _is_group_tail(draft: Draft, index: int) -> bool:
    """ "x264-de[42]": glued to a word."""
    return len(draft.gaps[index]) == 1 and draft.release.year is not None


@needs(*LOOSE, counts=True)
def number_after_group(draft: Draft) -> None:
    """[Group] Title 05 [720p]: a group that stands first makes an anime name, where the last number counts episodes."""
    if not is_open(draft) or not draft.start or not draft.release.group:
        return
    spans = []
    index = draft.start + 1
    while index < draft.count:
        stop = index + 1
        lex = draft.lexemes[index]
        plain = lex.shape in LOOSE and lex.shape != "year" and not draft.claimed[index]
        if plain and not draft.is_mark(index) and draft.inside(index) is None:
            stop, values = stretch(draft, index)
            spans.append((index, stop, values))
        elif draft.is_sure(index):
            break
        index = stop
    for first, stop, values in reversed(spans):
        if stop < draft.count and _is_extra(draft, stop):
            continue
        if draft.gaps[first] == "." and draft.lexemes[first - 1].shape == "numbered":
            draft.anchor("special", first - 1, stop)  # OVA3.5
            return
        ended = over(draft, stop) and not (
            stop < draft.count and (draft.claimed[stop] or spaced_dash(draft.gaps[stop]))
        )
        padded = draft.words[first][0] == "0" and (spaced_dash(draft.gaps[stop]) or draft.gaps[stop] == " ")
        padded = padded and not (stop < draft.count and draft.claimed[stop])
        if (ended or padded) and not belongs_to_title(draft, first):
            set_episodes(draft, first, stop, values)
            return


def _is_extra(draft: Draft, index: int) -> bool:
    found = draft.at[index]
    return found is not None and found.mark.role == "extra"
