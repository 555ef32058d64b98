"""Where the title begins: behind groups, sites, Vietnamese marks, dates and whatever else stands first."""

from __future__ import annotations

from search.releases.draft import Draft
from search.releases.fold import FOREIGN
from search.releases.rules.needs import needs
from search.releases.tables import groups
from search.releases.tables.row import words

VIETNAMESE = frozenset(("subtitles", "voice"))
OPENERS = "[{【［"
TEAMS = words("team fansub fansubs subs raws")
NOISE = words("国漫 國漫 连载 新番 动漫 动画 日剧 美剧 韩剧 电影 剧场版")
IN_BRACKETS = NOISE | words("アニメ ドラマ 映画")


def leading_marks(draft: Draft) -> None:
    """(Vietsub) Title, [Group] Title, TM - PDV - Title, [1080p] Title, 37 [Group] Title."""
    index, count = 0, draft.count
    if (
        count > 2
        and draft.number(0) is not None
        and draft.owners[0] < 0
        and draft.opens(1)
        and draft.gaps[1].strip()[-1:] in OPENERS
    ):
        index = 1 if draft.lexemes[1].shape == "" and draft.brackets[draft.owners[1]].stop < count else 0
    while index < count:
        stop = _bracket(draft, index) or _team(draft, index) or _mark(draft, index) or _noise(draft, index)
        if not stop or stop >= count:
            break
        index = stop
    draft.start = index


def _bracket(draft: Draft, index: int) -> int:
    """Where the bracket ends that opens before the token and is no title; 0 when there is none."""
    number = _widest(draft, index)
    if number < 0:
        return 0
    bracket = draft.brackets[number]
    inner = range(index, bracket.stop)
    if _is_group(draft, index, bracket.stop, bracket.sign):
        draft.release.group = draft.words[index]
        draft.claim("group", index, bracket.stop)
        return bracket.stop
    if all(draft.is_mark(i) or (draft.number(i) is not None and draft.is_mark(index)) for i in inner):
        return bracket.stop
    if all(draft.lexemes[i].key in IN_BRACKETS for i in inner):
        return bracket.stop
    if bracket.sign not in OPENERS:
        if _is_round_group(draft, index, bracket.stop):
            draft.release.group = draft.written(index, bracket.stop)
            draft.claim("group", index, bracket.stop)
            return bracket.stop
        return bracket.stop if len(inner) == 1 and draft.lexemes[index].shape == "year" else 0
    if _is_site(draft, index, bracket.stop):
        draft.release.site = draft.written(index, bracket.stop)
        draft.claim("site", index, bracket.stop)
        return bracket.stop
    if draft.lexemes[index].shape in ("year", "e", "se", "nx", "cjk", "episode_word"):
        return 0
    if not draft.release.group:
        draft.release.group = draft.written(index, bracket.stop)
        draft.claim("group", index, bracket.stop)
        return bracket.stop
    after = bracket.stop
    number = draft.number(after) is not None and draft.ends_here(after + 1)
    return after if draft.owners[after] < 0 and not number else 0


def _is_group(draft: Draft, first: int, stop: int, sign: str) -> bool:
    """ "[ABC] Title": a group that has the name of a broadcaster."""
    found = draft.at[first]
    return sign == "[" and stop - first == 1 and found is not None and found.mark.role in ("service", "scene")


def _is_round_group(draft: Draft, first: int, stop: int) -> bool:
    """ "(Group) Title - 05 (6B7FD717)": first, with room behind it, in a name with a checksum as fansubs have it."""
    apart = first == 0 and draft.gaps[stop] in (") ", ")_", ")._")
    summed = any(draft.inside(index) is not None and index > stop for index in draft.shapes.get("crc", ()))
    return apart and summed and not draft.lexemes[first].tells


def _widest(draft: Draft, index: int) -> int:
    """The outermost bracket that begins at the token and ends before the name does; -1 for none."""
    number, widest = draft.owners[index], -1
    while number >= 0:
        bracket = draft.brackets[number]
        if bracket.first == index and index < bracket.stop < draft.count:
            widest = number
        number = bracket.outer
    return widest


def _is_site(draft: Draft, first: int, stop: int) -> bool:
    key, gap = draft.lexemes[stop - 1].key, draft.gaps[stop - 1]
    if stop - first == 1:
        return key in groups.SITES
    return key in groups.DOMAINS and (gap == "." or (gap == " " and draft.lexemes[first].key == "www"))


def _mark(draft: Draft, index: int) -> int:
    """A Vietnamese mark, or any other sure one that has a title behind it."""
    found = draft.at[index]
    if found is None or draft.owners[index] >= 0:
        return 0
    gap = draft.gaps[found.stop]
    if found.mark.role in VIETNAMESE:
        alone = "-" in gap or draft.opens(found.stop) or found.stop - found.first > 1 or len(draft.words[index]) > 3
        return found.stop if alone and found.mark.sure else 0
    if (
        found.stop >= draft.count
        or draft.is_sure(found.stop)
        or (draft.lexemes[found.stop].shape == "year" and draft.ends_here(found.stop + 1))  # Final.Cut.2022.1080p
        or found.mark.role in ("source", "languages", "bit_depth", "scene")
    ):
        return 0
    return found.stop if (found.mark.sure and index == 0) or ("-" in gap and found.mark.role == "edition") else 0


def _team(draft: Draft, index: int) -> int:
    """ "LTTA-TEAM.Hunter.X.Hunter": a group of fans without brackets."""
    if index or draft.count < 4 or draft.lexemes[1].key not in TEAMS or draft.gaps[1] != "-" or draft.gaps[2] == " ":
        return 0
    draft.release.group = draft.written(0, 1 + 1)
    draft.claim("group", 0, 2)
    return 2


def _noise(draft: Draft, index: int) -> int:
    """★10月新番★, [国漫], and the day of a recording: 221208 Title ep34."""
    lex = draft.lexemes[index]
    if (
        lex.key in NOISE
        or draft.words[index].endswith("月新番")
        or (draft.words[index] == "BBC" and not index and draft.gaps[1] == ".")
    ):
        return index + 1
    if (
        len(draft.words[index]) == 6
        and lex.shape == "number"
        and draft.gaps[index + 1] in (" ", "_")
        and (draft.shapes.get("e") or draft.shapes.get("se"))
    ):
        if draft.shapes.get("e"):
            draft.release.seasons = (1,)  # as Sonarr reads it
        return index + 1
    return 0


@needs("bracket")
def bracketed_title(draft: Draft) -> None:
    """[Group][国漫][诛仙][Series Title][19]: of the brackets before the number, the Latin one is the title."""
    start = draft.start
    if start >= draft.count or not draft.release.group:
        return
    number = draft.owners[start]
    if number < 0 and draft.number(start) is not None and _is_last(draft, start):
        counted = draft.start
        _group_is_title(draft)
        if draft.lexemes[counted].shape == "year":  # [REC].2007.1080p
            draft.release.year = draft.lexemes[counted].numbers[0]
            draft.anchor("year", counted, counted + 1)
            return
        draft.release.episodes = draft.release.absolute = draft.lexemes[counted].numbers[:1]
        draft.anchor("episodes", counted, counted + 1)
        return
    if number >= 0 and draft.brackets[number].sign == "(" and -1 not in draft.owners:
        _group_is_title(draft)  # [Title]-(Another title)-[Ep.24]-[1080p]
        return
    if number < 0 or draft.brackets[number].sign not in OPENERS:
        return
    best = -1
    for bracket in draft.brackets:
        if bracket.first < start or bracket.stop <= bracket.first or bracket.outer >= 0:
            continue
        first = draft.lexemes[bracket.first]
        marked = sum(draft.is_mark(i) for i in range(bracket.first, bracket.stop))
        if (first.shape in ("number", "ended", "year", "cjk") and bracket.stop - bracket.first <= 3) or marked > (
            bracket.stop - bracket.first
        ) / 2:
            break
        if first.key in NOISE:
            continue
        text = draft.written(bracket.first, bracket.stop)
        if best < 0 or (not FOREIGN.search(text) and FOREIGN.search(_text(draft, best))):
            best = bracket.first
    if best >= 0:
        draft.start = best
        stop = draft.brackets[draft.owners[best]].stop
        if stop < draft.count:
            draft.anchors.append((stop, stop))
    else:
        _group_is_title(draft)


def _is_last(draft: Draft, index: int) -> bool:
    """Nothing but marks stands behind the token; "2199 no Niwa" begins a title."""
    return index + 1 == draft.count or draft.opens(index + 1) or draft.is_sure(index + 1)


def _text(draft: Draft, first: int) -> str:
    bracket = draft.brackets[draft.owners[first]]
    return draft.written(first, bracket.stop)


def _group_is_title(draft: Draft) -> None:
    """[Title][07][1080p]: only one bracket stands before the number, so it names no group."""
    bracket = draft.brackets[0]
    if draft.start != bracket.stop:
        return
    draft.release.group = ""
    draft.spans.pop("group", None)
    draft.claimed[bracket.first : bracket.stop] = bytes(bracket.stop - bracket.first)
    draft.start = bracket.first
    draft.anchors.append((bracket.stop, bracket.stop))
