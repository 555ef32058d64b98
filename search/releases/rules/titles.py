"""Where the title ends, and which titles are in it."""

from __future__ import annotations

import re

from search.releases.draft import Draft, Found
from search.releases.fold import FOREIGN
from search.releases.tables.row import LIKELY, words

ARTICLES = words("the a an of in and my la le les der die das el un une no vs is for to")
LONG_TITLE = 3  # words before a language that is more likely the file's than the title's
SLASHED = re.compile(r"\s+[/|_]\s+|(?<=[^\x00-\x7f])[/_·]\s*|\s*[/_](?=[^\x00-\x7f])|\s*/\s*")
ALSO_KNOWN = re.compile(r"\s*\(aka\s+|\s+(?:aka|a\.\s?k\.\s?a\.?)\s+", re.IGNORECASE)
GLUED = re.compile(r"(?<=\w\w)\s*-\s*(?=\w\w)")
ALSO_KNOWN_AS = re.compile(r"^(?:aka|a\.k\.a\.?)\s+", re.IGNORECASE)
DASHED = re.compile(r"\s+-\s+|\s+-(?=\w)|(?<=[^\x00-\x7f])-(?=\w)")
LATIN = re.compile(
    r"[A-Za-z\u00c0-\u024f][\x20-\x7e\u00a0-\u024f\u2018-\u201d\u2160-\u2188]*[A-Za-z0-9!?.)\u00c0-\u024f\u2160-\u2188]"
)
VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9àáãèéìíòóõùúýÀÁÃÈÉÌÍÒÓÕÙÚÝĩũĨŨ]")
ACRONYM = re.compile(r"(?:\b[^\W\d_]\.){2,}(?:[^\W\d_]\b(?!\w))?|\b[A-Z]\.[A-Z]$")
LOOSE_DOT = re.compile(r"(?<!\b\w)\.(?=\w)")
TRIM = " -–_.,:;/|~+=&*#·\u200e★"


def title_end(draft: Draft) -> None:
    """The first thing behind the first word that cannot be a title."""
    if _starts_with_number(draft):
        return
    start, count = draft.start, draft.count
    if all(draft.at[start:]):
        draft.stop = start
        return
    stop = count
    for first, _ in draft.anchors:
        if start <= first < stop:
            stop = first
    for found in draft.founds:
        if found.first >= stop:
            break
        if draft.claimed[found.first] or found.first <= start:
            continue
        if found.mark.sure or (found.mark.role == "extra" and _is_extra(draft, found)):
            stop = found.first
            break
    stop = _first_bracket(draft, start, stop)
    draft.stop = _pulled(draft, start, stop)


def _is_extra(draft: Draft, found: Found) -> bool:
    """ "- PV 2", "- Ending": behind a dash, and nothing but a number behind it."""
    stop = found.stop + (draft.number(found.stop) is not None)
    return draft.gaps[found.first].strip(" _.") == "-" and len(draft.gaps[found.first]) > 2 and draft.ends_here(stop)


def _starts_with_number(draft: Draft) -> bool:
    """Tập 54 - Title, [Ep 54] Title: the title stands behind the number."""
    for first, stop in draft.anchors:
        if first != draft.start or not first < stop < draft.count:
            continue
        word = draft.lexemes[first]
        spaced = draft.gaps[stop] == " " and not draft.release.seasons
        if word.key == "tap" or (word.shape == "episode_word" and (spaced or draft.inside(first) is not None)):
            draft.start = stop
            draft.anchors.remove((first, stop))
            title_end(draft)
            return True
    return False


def _first_bracket(draft: Draft, start: int, stop: int) -> int:
    """A bracket of nothing but marks ends the title; a square one ends it whatever is inside."""
    for bracket in draft.brackets:
        if not start < bracket.first < stop or bracket.stop <= bracket.first:
            continue
        if (
            bracket.sign in "[{［【"
            or draft.is_sure(bracket.first)
            or all(draft.is_mark(i) for i in range(bracket.first, bracket.stop))
        ):
            return bracket.first
        if bracket.stop >= stop and not _is_glued(draft, bracket.first):
            return bracket.first
    return stop


def _is_glued(draft: Draft, index: int) -> bool:
    """ "Mezzo(DSA)": no room before the bracket, so it is part of the word."""
    return draft.gaps[index] == "(" and draft.lexemes[index].shape != "year"


def _pulled(draft: Draft, start: int, stop: int) -> int:
    """Marks that touch the end from the left leave the title too: Title.FRENCH.1080p, Title.EXTENDED.CUT.2013."""
    open_end = (draft.years and stop == draft.years[0]) or stop == draft.count
    while stop > start + 1:
        found = draft.at[stop - 1]
        if found is None and _joins_editions(draft, stop - 1):
            stop -= 1
            continue
        if found is None or found.first <= start:
            break
        weak = found.mark.strength < LIKELY and not (found.mark.role == "complete" and _is_pack(draft, stop))
        if weak or draft.claimed[found.first]:
            break
        if found.mark.role == "languages" and draft.words[found.first].istitle() and _is_coded(draft, stop):
            break
        joined = draft.lexemes[found.first - 1].key in ARTICLES and not _joins_editions(draft, found.first - 1)
        if joined or (open_end and not _is_shouted(draft, found.first)):
            break
        stop = found.first
        open_end = open_end and found.mark.role != "edition"
    return stop


def _is_coded(draft: Draft, index: int) -> bool:
    """ "Un Village Français S07E12": what stands before a code, and is not shouted, is the title's."""
    return index < draft.count and draft.lexemes[index].shape == "se"


def _is_pack(draft: Draft, index: int) -> bool:
    """ "Full 20 tập", "Full 1-291" """
    several = len(draft.release.episodes) > 1 or draft.release.episode_count is not None
    return several and any(first == index for first, _ in draft.anchors)


def _joins_editions(draft: Draft, index: int) -> bool:
    """ "Uncut and Unrated" """
    around = (draft.at[index - 1], draft.at[index + 1] if index + 1 < draft.count else None)
    return draft.lexemes[index].key == "and" and all(
        found is not None and found.mark.role == "edition" for found in around
    )


def _is_shouted(draft: Draft, index: int) -> bool:
    """Written as marks are: an edition, or in capitals unlike the title."""
    found = draft.at[index]
    role = found.mark.role if found is not None else ""
    if role in ("edition", "proper", "repack", "complete", "extra", "disc", "definition", "wide"):
        return True
    text, first = draft.words[index], draft.words[draft.start]
    if text.upper() == text and first.upper() != first and len(text) > 2:
        return True
    if len(text) > 3 and not text.istitle() and text.replace("i", "I").isupper() and first.upper() != first:
        return True  # iTALiAN, MULTi
    return role == "languages" and index - draft.start >= LONG_TITLE


def titles(draft: Draft) -> None:
    """The text of the title, and the others that stand beside it."""
    if draft.start >= draft.stop:
        return
    begin, end = draft.starts[draft.start], draft.ends[draft.stop - 1]
    end += _signs_behind(draft.gaps[draft.stop])
    if draft.gaps[draft.start][-1:] == "(" and ")" in draft.text[begin:end]:
        begin -= 1  # (500) Days of Summer
    text = draft.text[begin:end]
    found = _second_title(draft)
    others: tuple[str, ...] = ()
    if found is not None:
        others = (clean(text),)
        text, begin, end = found
    draft.spans["title"] = (begin, end)
    whole = clean(text)
    if draft.gaps[draft.stop] == "-" and " " not in whole:
        whole = whole.replace("-", " ")
    draft.release.title, draft.release.alternative_titles = _split(text, whole)
    if others or draft.brackets:
        draft.release.alternative_titles += others + _alias(draft)
    if draft.release.alternative_titles:
        draft.spans["alternative_titles"] = (begin, max(end, draft.spans.get("alternative_titles", (0, 0))[1]))


def _alias(draft: Draft) -> tuple[str, ...]:
    """Title (aka Another Title) S01E02: what stands in round brackets behind the title."""
    for bracket in draft.brackets:
        if bracket.first == draft.stop < bracket.stop and bracket.sign == "(":
            inner = range(bracket.first, bracket.stop)
            if any(draft.claimed[index] or draft.is_sure(index) for index in inner):
                return ()
            text = draft.written(inner[0], inner[-1] + 1)
            draft.spans["alternative_titles"] = (draft.starts[inner[0]], draft.ends[inner[-1]])
            alias = ALSO_KNOWN_AS.sub("", clean(text))
            return (alias,) if alias else ()
    return ()


def _signs_behind(gap: str) -> int:
    """How many signs belong to the last word: "Yes!", "You Can (Not)"."""
    if not gap or gap[0] in " ._-([":
        return 0
    return next((count for count, sign in enumerate(gap) if sign not in "!?)'\"…"), len(gap))


def _second_title(draft: Draft) -> tuple[str, int, int] | None:
    """The Latin one of two titles: Босх (S2E1-4) / Series: Legacy (S2E1-4), 当我飞奔[第01-15集].Series.Title.S01."""
    if draft.text.isascii() or not FOREIGN.search(draft.text, draft.starts[draft.start], draft.ends[draft.stop - 1]):
        return None
    for first in _behind_first(draft):
        after = min((begin for begin, _ in draft.anchors if begin > first), default=first)
        if after == first or draft.claimed[first] or draft.opens(first):
            continue
        begin, end = draft.starts[first], draft.ends[after - 1]
        if LATIN.fullmatch(clean(draft.text[begin:end])):
            return draft.text[begin:end], begin, end
    return None


def _behind_first(draft: Draft) -> list[int]:
    """Where a second title may begin: behind the first one's number and a slash, or behind a bracket."""
    stops = [stop for first, stop in draft.anchors if first == draft.stop and draft.gaps[stop].strip(" )]") == "/"]
    stops += [bracket.stop for bracket in draft.brackets if bracket.outer < 0 and bracket.first >= draft.stop]
    return [stop for stop in stops if draft.stop < stop < draft.count]


def _split(text: str, whole: str) -> tuple[str, tuple[str, ...]]:
    """The title among several, and the others with the whole of them."""
    plain = text.isascii()
    lower = text.lower()
    if "aka" in lower or "k.a" in lower:
        known = _parts(ALSO_KNOWN, text.replace(".", " ") if " " not in text.strip() and "k.a" not in lower else text)
        if len(known) > 1:
            return whole, tuple(part.rstrip(")") for part in known)
    foreign = not plain and FOREIGN.search(text) is not None
    if foreign or " / " in text or " | " in text:
        parts = _parts(SLASHED, text)
        if len(parts) > 1:
            return next((part for part in parts if LATIN.fullmatch(part)), whole), (*parts, whole)
    if not plain and "-" in text:
        parts = _parts(GLUED if text.count("-") == 1 else DASHED, text.replace(".", " "))
        if len(parts) == 2 and len({bool(VIETNAMESE.search(part)) for part in parts}) == 2:
            return whole, tuple(parts)
    return _latin(whole) if foreign else (whole, ())


def _parts(separator: re.Pattern[str], text: str) -> list[str]:
    return [part for part in map(clean, separator.split(text)) if part]


def _latin(whole: str) -> tuple[str, tuple[str, ...]]:
    """劇場版 Penguin Highway The Movie: the Latin title, when the other letters stand only before or only behind it."""
    if whole.isascii() or not FOREIGN.search(whole):
        return whole, ()
    found = LATIN.search(whole)
    if (
        found is None
        or len(found[0]) < 4
        or (FOREIGN.search(whole, 0, found.start()) and FOREIGN.search(whole, found.end()))
    ):
        return whole, ()
    if whole[found.start() - 1 : found.start()].strip() or "가" <= whole[0] <= "힣":
        return whole, ()
    other = clean(whole[: found.start()] + whole[found.end() :])
    return clean(found[0]), tuple(part for part in (other, whole) if part)


def clean(text: str) -> str:
    """Separators as spaces; dots stay in acronyms, and where the name has spaces of its own."""
    text = text.replace("_", " ")
    if "." in text:
        if text.count(" ") > text.count("."):
            text = LOOSE_DOT.sub(" ", text)
        else:
            words = text.split(".")
            text = _with_acronyms(text) if 1 in map(len, words) else " ".join(words)
    if " " not in text.strip():
        text = text.replace("+", " ")
        if text.count("-") > 1:
            text = text.replace("-", " ")
    text = " ".join(text.split()).strip(TRIM)
    return text.rstrip(")") if text.endswith(")") and "(" not in text else text


def _with_acronyms(text: str) -> str:
    kept = ACRONYM.findall(text)
    plain = ACRONYM.sub("\0", text).replace(".", " ")
    for acronym in kept:
        plain = plain.replace("\0", acronym + " ", 1)
    return plain
