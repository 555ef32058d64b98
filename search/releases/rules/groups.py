"""Who made the release."""

from __future__ import annotations

from collections.abc import Iterator

from search.releases.draft import Draft
from search.releases.rules.needs import needs
from search.releases.tables import groups

JOINERS = frozenset((".", "_", "@"))
PASSED_ON = groups.REPOSTERS | groups.UPLOADERS
NOBODY = PASSED_ON | groups.NOT_GROUPS
NOT_A_NAME = groups.NOT_GROUPS | groups.REPOSTERS
NOT_IN_BRACKETS = groups.NOT_GROUPS | groups.SITES
LONGEST_NAME = 4  # words
UPLOADER = frozenset(("subtitles", "voice", "origin"))
BEHIND = UPLOADER | {"disc"}
SHAPES_OF_NONE = frozenset(("number", "s", "year", "crc", "v", "cjk", "of", "nx", "size", "numbered", "e", "se"))


def dashed_group(draft: Draft) -> None:
    """...x264-GROUP, with an uploader's marks, a repost mark, a bracket or a copy's number behind it."""
    if draft.stop >= draft.count or draft.text.find("-", draft.starts[draft.stop] - 1, draft.end) < 0:
        return
    last = draft.count - 1
    if _is_plain(draft, last):
        _take(draft, last, last + 1)
        return
    seen = -1
    for last in _ends(draft):
        first = _behind_dash(draft, last) if last != seen else None
        if first is not None:
            _take(draft, first, last + 1)
            return
        seen = last


def _is_plain(draft: Draft, last: int) -> bool:
    """ "x264-GROUP" and nothing behind it, as most names end."""
    lex = draft.lexemes[last]
    if draft.gaps[last] != "-" or draft.owners[last] >= 0 or draft.claimed[last] or draft.at[last] is not None:
        return False
    known = lex.key in NOBODY
    return last > draft.stop and not known and not lex.shape and draft.is_sure(last - 1)


def _ends(draft: Draft) -> Iterator[int]:
    """Where the group's name may end: without what an uploader wrote behind it, and with that."""
    last = _without_brackets(draft, draft.count - 1)
    for index in range(last, max(last - LONGEST_NAME, draft.stop), -1):
        found = draft.at[index]
        if draft.lexemes[index].key in groups.ALSO_MARKS and draft.gaps[index] == "-":
            break
        if found is not None and found.mark.role in UPLOADER:
            yield _without_reposts(draft, found.first - 1)
            break
        if found is not None:
            break
    yield _without_reposts(draft, last)
    yield last


def _without_brackets(draft: Draft, index: int) -> int:
    while index > draft.stop and draft.owners[index] >= 0:
        number = draft.owners[index]
        while draft.brackets[number].outer >= 0:
            number = draft.brackets[number].outer
        index = draft.brackets[number].first - 1
    return index


def _without_reposts(draft: Draft, index: int) -> int:
    index = _without_brackets(draft, index)
    while index > draft.stop:
        key, gap, found = draft.lexemes[index].key, draft.gaps[index], draft.at[index]
        if key in groups.ALSO_MARKS and gap == "-":
            break
        if found is not None and (found.mark.role in BEHIND or _is_language_behind(draft, index)):
            index = found.first - 1
        elif gap == "." and key in groups.DOMAINS and draft.gaps[index - 1] == "." and not draft.is_mark(index - 1):
            index -= 2
        elif (key in PASSED_ON and gap in ("-", ".")) or (gap == "-" and _is_copy(draft, index)):
            index -= 1
        else:
            break
    return index


def _is_language_behind(draft: Draft, index: int) -> bool:
    """ "-GROUP.French", "-GROUP-English" """
    gap, named = draft.gaps[index], draft.at[index - 1] is None and not draft.claimed[index - 1]
    return _is_language(draft, index) and (gap == "." or (gap == "-" and named))


def _is_copy(draft: Draft, index: int) -> bool:
    """ "-1" of a second copy."""
    text = draft.words[index]
    return draft.lexemes[index].shape == "number" and (len(text) < 3 or text[0] == "0")


def _behind_dash(draft: Draft, last: int) -> int | None:
    """The token behind the last dash, when what stands from there to `last` can be a name."""
    for index in range(last, max(last - LONGEST_NAME, draft.stop - 1), -1):
        found = draft.at[index]
        if draft.gaps[index] == "-" and draft.lexemes[index].key in groups.ALSO_MARKS and draft.is_sure(index - 1):
            return index
        if draft.claimed[index] or draft.is_sure(index) or (found is not None and found.stop - found.first > 1):
            return None
        gap = draft.gaps[index]
        if "-" in gap:
            return _named(draft, index, last) if _may_sign(draft, index) else None
        if gap not in JOINERS and gap != " ":
            return None
    return None


def _may_sign(draft: Draft, index: int) -> bool:
    """Whether a name that begins at the token stands where groups sign: behind the marks."""
    if index == 0 or not (draft.tech < index or (draft.anchors and draft.stop < index)):
        return False
    gap, before = draft.gaps[index], index - 1
    if draft.release.group and draft.start:
        return gap == "-" and draft.is_sure(before)
    if _is_slug(draft, before):
        return False
    known = draft.is_mark(before) or (bool(draft.claimed[before]) and gap == "-")
    return known or ("-" in (gap, gap.strip('])}."')) and draft.tech < index)


def _is_slug(draft: Draft, index: int) -> bool:
    """ "-Chuy-n-t-nh-t": words that lost their letters, not the name of a group."""
    free = range(index, max(index - 2, -1), -1)
    return all(draft.at[i] is None and not draft.claimed[i] and draft.gaps[i] == "-" for i in free)


def _named(draft: Draft, first: int, last: int) -> int | None:
    keys = [lex.key for lex in draft.lexemes[first : last + 1]]
    if " " in draft.gaps[first + 1 : last + 1] and " ".join(keys) not in groups.MANY_WORDS:
        return None
    before = draft.lexemes[first - 1].key
    if (before, keys[0]) in groups.WITH_DASH and first - 1 > draft.stop:
        return first - 1
    if len(keys) == 1 and (keys[0] in NOT_A_NAME or _is_copy(draft, first)):
        return None
    if _is_language(draft, first) and _is_language(draft, first - 1):
        return None
    return first


def _is_language(draft: Draft, index: int) -> bool:
    found = draft.at[index]
    return found is not None and found.mark.role == "languages"


@needs("bracket")
def bracket_group(draft: Draft) -> None:
    """(1080p BluRay x265 10bit Tigole), [QxR] at the end, [1080p][Group]."""
    at = draft.spans.get("group")
    if at is not None and draft.start and at[1] <= draft.ends[draft.start - 1]:
        return
    outer = [bracket for bracket in draft.brackets if bracket.outer < 0 and draft.stop <= bracket.first < bracket.stop]
    for bracket in reversed(outer):
        if "".join(lex.key for lex in draft.lexemes[bracket.first : bracket.stop]) in groups.IN_BRACKETS:
            _take(draft, bracket.first, bracket.stop)
            return
    if draft.release.group:
        return
    for bracket in reversed(outer):
        if _signs(draft, bracket.first, bracket.stop, bracket.sign):
            return


def _signs(draft: Draft, first: int, stop: int, sign: str) -> bool:
    """Take the last words of a bracket of marks, or all of one without any."""
    last = stop - 1
    if draft.at[last] is not None or draft.claimed[last] or draft.lexemes[last].shape in SHAPES_OF_NONE:
        return False
    marks = sum(draft.is_mark(index) for index in range(first, stop))
    if marks == 1 and last > first and draft.gaps[last] == "-" and draft.is_sure(last - 1):  # [x264-GROUP]
        _take(draft, last, stop)
        return True
    if marks >= 2:
        begin = last
        if " ".join(lex.key for lex in draft.lexemes[last - 2 : stop]) in groups.MANY_WORDS:
            begin = last - 2
        while begin - 1 > first and draft.gaps[begin] in JOINERS and draft.at[begin - 1] is None:
            begin -= 1
        _take(draft, begin, stop)
        return True
    if marks or sign not in "[【" or stop - first > LONGEST_NAME or draft.lexemes[first].key in NOT_IN_BRACKETS:
        return False
    spaced = any(" " in gap for gap in draft.gaps[first + 1 : stop])
    dotted = draft.gaps[last] == "." and draft.lexemes[last].key in groups.DOMAINS
    whole = "".join(lex.key for lex in draft.lexemes[first:stop])
    if spaced and " ".join(lex.key for lex in draft.lexemes[first:stop]) not in groups.MANY_WORDS:
        return False
    if (
        (dotted and whole not in groups.IN_BRACKETS)
        or draft.claimed[first]
        or draft.lexemes[first].shape in SHAPES_OF_NONE
    ):
        return False
    _take(draft, first, stop)
    return True


def last_word_group(draft: Draft) -> None:
    """...x264 AC3 GROUP: the last word of a name in the scene's order, with no dash."""
    if draft.count < 4 or (draft.claimed[-1] and draft.release.group):
        return
    last = _without_reposts(draft, draft.count - 1)
    lex = draft.lexemes[last]
    if lex.key in groups.IN_BRACKETS and last > draft.tech:
        _take(draft, last, last + 1)
    if draft.release.group:
        return
    if last <= draft.tech or draft.at[last] is not None or draft.claimed[last] or draft.owners[last] >= 0:
        return
    signed = draft.lexemes[last - 1].key in ("by", "par")
    if not (draft.is_mark(last - 1) or signed) or lex.shape in SHAPES_OF_NONE or draft.gaps[last] not in (" ", "."):
        return
    if lex.key in groups.NOT_GROUPS or not draft.anchors:
        return
    _take(draft, last, last + 1)


def _take(draft: Draft, first: int, stop: int) -> None:
    draft.release.group = draft.written(first, stop)
    draft.spans.pop("group", None)
    draft.claim("group", first, stop)
