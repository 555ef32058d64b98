"""Numbers without a mark that are episodes all the same: "- 05 [1080p]", "[07]", "Title 103 HDTV", "01_Title"."""

from __future__ import annotations

from search.releases.draft import LOOSE, Draft, gaps
from search.releases.rules.needs import needs
from search.releases.rules.numbered import spread
from search.releases.tables.numbers import TITLE_NUMBERED
from search.releases.tables.row import words

DASHES = ("-", "–", "~", "·", "—")
ENDS = words("end final fin v2 v3 完")
AFTER_PADDED = ("_", " ", ". ", ".", "-")
APART = frozenset((" - ", "_-_", ".-."))
THROUGH = frozenset((*gaps("- ~ – + &", apart=True), ", "))
SPECIALS = words("ova oad ona")
ADDED = SPECIALS | words("ovas sp sps special specials movie movies")
UNTIL = words("ao al bis до to")


def is_open(draft: Draft) -> bool:
    release = draft.release
    return not release.episodes and release.air_date is None and release.episode_count is None


def set_episodes(draft: Draft, first: int, stop: int, values: list[int]) -> None:
    draft.release.episodes = draft.release.absolute = spread(values)
    draft.anchor("episodes", first, stop)


def spaced_dash(gap: str) -> bool:
    """A dash with room behind it and something else before it: it parts title and number."""
    if len(gap) < 3:
        return False
    dash = gap.rstrip(" ._")
    return dash[-1:] in DASHES and len(dash) < len(gap)


def over(draft: Draft, index: int) -> bool:
    """Whether the title is over before token `index`, so that the number before it may be an episode."""
    if draft.ends_here(index) or spaced_dash(draft.gaps[index]) or draft.lexemes[index].key in ENDS:
        return True
    return draft.gaps[index].strip(" ._") == "+" and draft.lexemes[index].key in ADDED


def stretch(draft: Draft, index: int) -> tuple[int, list[int]]:
    """The number at `index`, and the end of a range that begins with it."""
    values = list(draft.lexemes[index].numbers[:2])
    stop = index + 1
    last = draft.number(stop + 1)
    if (
        last is not None
        and last > values[-1]
        and draft.lexemes[stop].key in UNTIL
        and draft.gaps[stop] in (" ", ".", "_")
    ):
        return stop + 2, [values[0], last]
    while stop < draft.count and draft.lexemes[stop].shape in ("number", "ended", "year"):
        number, gap = draft.lexemes[stop].numbers[0], draft.gaps[stop]
        apart = gap in APART and (not _is_padded(draft, index) or not draft.ends_here(stop + 1))
        if "&" in gap and number != values[-1] + 1:
            break
        if gap not in THROUGH or apart or not 0 < number - values[-1] < 2000 or draft.is_sure(stop):
            break
        if draft.lexemes[stop].shape == "year" and values[-1] < 1500:
            break
        values.append(number)
        stop += 1
    return stop, values


def _is_padded(draft: Draft, index: int) -> bool:
    """ "05", not "0"."""
    text = draft.words[index]
    return text[0] == "0" and len(text) > 1


def loose_numbers(draft: Draft) -> list[int]:
    return [index for index in draft.loose if _is_loose(draft, index)]


def _is_loose(draft: Draft, index: int) -> bool:
    return not draft.claimed[index] and not draft.is_sure(index) and not _is_size(draft, index + 1)


def _is_size(draft: Draft, index: int) -> bool:
    """The GB of "2.4GB"."""
    return index < draft.count and draft.lexemes[index].shape == "weight" and draft.gaps[index] in (".", ",")


def belongs_to_title(draft: Draft, index: int) -> bool:
    """ "Part 2", "3.33": the number says which film, not which episode."""
    if index == 0:
        return False
    found = draft.at[index - 1]
    if found is not None and found.mark.role == "extra":
        return True
    before = draft.lexemes[index - 1]
    return before.key in TITLE_NUMBERED or (draft.gaps[index] == "." and before.shape == "number")


@needs("number", counts=True)
def leading_number(draft: Draft) -> None:
    """01 - Title, 05_Title, 03-Title, 4-13 Title: a number before the title."""
    if not is_open(draft) or draft.count <= draft.start:
        return
    index = draft.start
    lex = draft.lexemes[index]
    if lex.shape != "number" or draft.claimed[index] or draft.inside(index) is not None:
        return
    stop, values = stretch(draft, index)
    if _is_dashed_pair(draft, index):
        stop, values = index + 2, [*values[:1], *draft.lexemes[index + 1].numbers]
    gap = draft.gaps[stop]
    if draft.shapes.get("year") and stop == index + 1 < draft.count and _is_listed(draft, index):
        draft.start = stop
        return
    if stop >= draft.count:
        if draft.words[index][0] == "0":
            set_episodes(draft, index, stop, values)
            draft.start = stop
        return
    if len(values) == 2 and len(draft.words[index]) == 1 and gap in (" ", "_", ".") and len(draft.words[stop - 1]) == 2:
        draft.release.seasons, values = (values[0],), [values[1]]
    elif (
        draft.shapes.get("year")
        or _is_episode(draft, stop)
        or _is_counted_later(draft, stop)
        or _is_of_title(draft, stop)
        or not (spaced_dash(gap) or (draft.words[index][0] == "0" and values != [0] and gap in AFTER_PADDED))
    ):
        return
    set_episodes(draft, index, stop, values)
    draft.start = stop


def _is_dashed_pair(draft: Draft, index: int) -> bool:
    """ "9-04 Title": the episode need not be the greater number."""
    text = draft.words[index + 1] if index + 1 < draft.count else ""
    return (
        len(draft.words[index]) == 1
        and draft.gaps[index + 1] == "-"
        and len(text) == 2
        and text[0] == "0"
        and text.isdecimal()
    )


def _is_of_title(draft: Draft, index: int) -> bool:
    """ "09 Movie - Title", "07 - Part 3": not "02 - Day of Days"."""
    numbered = draft.number(index + 1) is not None or not spaced_dash(draft.gaps[index])
    return numbered and draft.lexemes[index].key in TITLE_NUMBERED


def _is_listed(draft: Draft, index: int) -> bool:
    """ "01. Title (2019)": a film's place in a collection."""
    text = draft.words[index]
    alone = draft.number(index + 1) is None and not draft.ends_here(index + 1)
    return alone and len(text) == 2 and text[0] == "0"


def _is_episode(draft: Draft, index: int) -> bool:
    """ "86 - 01 [1080p]": the number behind the dash is the episode, so this one is the title."""
    return draft.number(index) is not None and draft.ends_here(index + 1)


def _is_counted_later(draft: Draft, after: int) -> bool:
    """ "[Group] 86 - Eighty Six - 12 [1080p]": a number behind another dash is the episode."""
    return draft.start > 0 and any(
        index > after and spaced_dash(draft.gaps[index]) and draft.ends_here(index + 1) for index in draft.loose
    )


@needs(*LOOSE, counts=True)
def dashed_number(draft: Draft) -> None:
    """Title - 05 [1080p], Title - 031 - Episode, Title_-_12_(720p), Title - 01 ~ 10."""
    if not is_open(draft):
        return
    for index in draft.loose:
        lex = draft.lexemes[index]
        if (
            not spaced_dash(draft.gaps[index])
            or index == 0
            or not _is_loose(draft, index)
            or draft.inside(index) is not None
            or draft.lexemes[index - 1].key in ("movie", "film", "part")
            or _goes_back(draft, index - 1)
        ):
            continue
        if lex.shape == "year" and draft.release.year in (None, lex.numbers[0]) and not draft.start:
            continue
        stop, values = stretch(draft, index)
        half = draft.lexemes[stop].key.partition("v")[0]
        if draft.number(stop) is not None and draft.gaps[stop] == "." and len(half) <= 2:
            draft.anchor("special", index, stop + 1)  # 10.5: a recap between two episodes, which has no number
            return
        if over(draft, stop) or draft.words[index][0] == "0" or draft.start:
            set_episodes(draft, index, stop, values)
            return


def _goes_back(draft: Draft, index: int) -> bool:
    """ "01 - 119": the number before the dash begins the range."""
    return draft.number(index) is not None and draft.words[index][0] == "0" and draft.gaps[index] in (" ", "_", ".")


@needs(*LOOSE, counts=True)
def hash_number(draft: Draft) -> None:
    """Tiger & Bunny #01."""
    if not is_open(draft):
        return
    for index in draft.loose:
        if index and draft.gaps[index].endswith("#") and draft.inside(index) is None and _is_loose(draft, index):
            stop, values = stretch(draft, index)
            set_episodes(draft, index, stop, values)
            return


@needs("number", "ended", "numbered", counts=True)
def padded_number(draft: Draft) -> None:
    """Title 01.mkv, Title_33_720P, Title 40End, Title-04_05: at the title's end, and written as episodes are."""
    if not is_open(draft):
        return
    for index in loose_numbers(draft):
        lex = draft.lexemes[index]
        if lex.shape not in ("number", "ended", "numbered"):
            continue
        if (
            index <= draft.start
            or draft.inside(index) is not None
            or draft.is_mark(index)
            or belongs_to_title(draft, index)
        ):
            continue
        if _is_pair(draft, index):
            draft.release.seasons = lex.numbers[:1]
            draft.release.episodes = draft.lexemes[index + 1].numbers[:1]
            draft.anchor("episodes", index, index + 2)
            return
        stop, values = stretch(draft, index)
        middle = (
            draft.words[index][0] == "0"
            and len(draft.words[index]) == 2
            and draft.gaps[index] == "."
            and not draft.years
        )
        if not (over(draft, stop) or middle) or (draft.years and index != draft.years[0] + 1):
            continue
        if stop < draft.count and draft.claimed[stop] and draft.release.seasons:
            continue
        padded = draft.words[index][0] == "0" or lex.shape in ("ended", "numbered") or len(values) > 1
        padded = padded or draft.lexemes[index - 1].key in SPECIALS
        if padded or (draft.gaps[index] == "_" and 9 < values[0] < 1000):
            set_episodes(draft, index, stop, values)
            return


def _is_pair(draft: Draft, index: int) -> bool:
    """04_05 at the end of the name: season and episode."""
    after = draft.number(index + 1)
    if after is None or draft.gaps[index + 1] != "_" or draft.count - index > 3 or draft.gaps[index] not in ("-", "_"):
        return False
    return len(draft.words[index]) == len(draft.words[index + 1]) == 2 and draft.number(index + 2) is None
