"""Numbers as broadcasts have them: Title.103.HDTV, Title.07.PDTV, Title.Part.2.HDTV."""

from __future__ import annotations

from search.releases.draft import Draft
from search.releases.rules.bare import belongs_to_title, is_open, loose_numbers, set_episodes, spaced_dash
from search.releases.rules.needs import needs
from search.releases.rules.numbered import spread
from search.releases.tables import groups
from search.releases.tables.numbers import ROMAN, WORDS
from search.releases.tables.row import words

DISCS = words("bluray dvd hdrip brrip cam telesync")


@needs("number", counts=True)
def number_before_marks(draft: Draft) -> None:
    """Title.103.HDTV, Title.103.Name.HDTV are season 1, episode 3; Title.07.PDTV is episode 7; Title.525 is 5x25."""
    if not is_open(draft) or draft.release.seasons:
        return
    sources = {value for found in draft.founds for name, value in found.mark.facts if name == "source"}
    for index in loose_numbers(draft):
        if draft.lexemes[index].shape != "number" or (draft.years and index != draft.years[0] + 1):
            continue
        if index <= draft.start or draft.inside(index) is not None:
            continue
        if not draft.ends_here(index + 1):
            if "tv" in sources and _is_titled(draft, index):
                _split(draft, index, draft.words[index])
                return
            continue
        if _is_double(draft, index - 1) and "tv" in sources:
            _several(draft, index - 1)
            return
        if belongs_to_title(draft, index) or draft.is_mark(index) or spaced_dash(draft.gaps[index]):
            continue
        text = draft.lexemes[index].key.partition("v")[0]
        if "tv" in sources and len(text) > 1:
            _split(draft, index, text)
            return
        if len(text) == 3 and not draft.years and text[-2:] != "00" and not sources & DISCS and not draft.start:
            if (index + 1 < draft.count and _is_subtitled(draft, index + 1)) or _is_signed(draft):
                set_episodes(draft, index, index + 1, [int(text)])
            else:
                _split(draft, index, text)
            return


def _is_titled(draft: Draft, index: int) -> bool:
    """ "Title.203.Name.of.It.HDTV": an episode's name behind its number."""
    text = draft.words[index]
    alone = draft.number(index + 1) is None and not draft.years and not belongs_to_title(draft, index)
    return alone and len(text) == 3 and "01" <= text[1:] < "40"


def _is_subtitled(draft: Draft, index: int) -> bool:
    """Title 484 VOSTFR: fansubs count through."""
    found = draft.at[index]
    return found is not None and found.mark.role in ("languages", "subtitles", "voice")


def _is_signed(draft: Draft) -> bool:
    """ "Title 366 (1280x720)[Group]": fansubs that sign behind their names count through, too."""
    bracket = draft.inside(draft.count - 1)
    if bracket is None or bracket.sign != "[" or bracket.stop - bracket.first > 1 or draft.gaps[bracket.first] == "[":
        return False
    lex = draft.lexemes[bracket.first]
    return not lex.tells and lex.key not in groups.SITES and lex.key not in groups.REPOSTERS


@needs("part_word", counts=True)
def numbered_part(draft: Draft) -> None:
    """Title.Part.2.720p.HDTV, Title.Pt.III.HDTV: the episodes of its only season, as Sonarr reads parts."""
    if not is_open(draft) or draft.release.seasons or draft.years:
        return
    for index in draft.shapes.get("part_word", ()):
        if not (_is_broadcast(draft) or _is_complete(draft, index - 1) or _is_padded(draft, index + 1)):
            continue
        value = draft.number(index + 1)
        if value is None and index + 1 < draft.count:
            key = draft.lexemes[index + 1].key
            value = WORDS.get(key) or ROMAN.get(key)
        if value is not None and value < 20 and index > draft.start and draft.ends_here(index + 2):
            draft.release.seasons, draft.release.episodes = (1,), (value,)
            draft.anchor("episodes", index, index + 2)
            return


def _is_complete(draft: Draft, index: int) -> bool:
    """ "Miniseries.Part.1" """
    found = draft.at[index] if index >= 0 else None
    return found is not None and found.mark.role == "complete"


def _is_padded(draft: Draft, index: int) -> bool:
    """ "Part.07": nobody writes the parts of a film like that."""
    return draft.number(index) is not None and len(draft.words[index]) == 2 and draft.words[index][0] == "0"


def _is_broadcast(draft: Draft) -> bool:
    return any(fact == ("source", "tv") for found in draft.founds for fact in found.mark.facts)


def _is_double(draft: Draft, index: int) -> bool:
    """101.102: two of one season."""
    one, other = draft.words[index], draft.words[index + 1]
    return draft.number(index) is not None and len(one) == len(other) in (3, 4) and one[:-2] == other[:-2]


def _several(draft: Draft, index: int) -> None:
    """101.102"""
    first, last = (draft.lexemes[i].numbers[0] for i in (index, index + 1))
    draft.release.seasons = (first // 100,)
    draft.release.episodes = spread([first % 100, last % 100])
    draft.anchor("episodes", index, index + 2)


def _split(draft: Draft, index: int, text: str) -> None:
    """103 -> 1x03, 1012 -> 10x12, 10910 -> 1x09 and 1x10, 07 -> 7."""
    if len(text) in (3, 4) and text[-2:] != "00":
        draft.release.seasons = (int(text[:-2]),)
        draft.release.episodes = (int(text[-2:]),)
        draft.anchor("episodes", index, index + 1)
    elif len(text) == 5:
        draft.release.seasons = (int(text[0]),)
        draft.release.episodes = spread([int(text[1:3]), int(text[3:])])
        draft.anchor("episodes", index, index + 1)
    else:
        set_episodes(draft, index, index + 1, [int(text)])
