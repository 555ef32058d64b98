"""Seasons written with words: Season 2, Phần 2, 3rd season, S 01 E 02; and what words and numbers have between them."""

from __future__ import annotations

from search.releases.draft import MANY, Draft, gaps
from search.releases.rules.needs import needs
from search.releases.rules.numbered import FAR, THROUGH, spread
from search.releases.tables import numbers

LOOSE = frozenset(" ._:-#([+№°")
ARTICLES = frozenset(("the", "a", "an"))
APART = frozenset((" - ", "._-_.", "_-_"))
ENDINGS = frozenset(("го", "и", "я", "a", "ª", "º", "ая"))
JOINED = frozenset((" ", ".", "_", ". ", ""))
RANGE = THROUGH | {" -", "/", ",", ", ", "..", "._-_.", *gaps("- & + ~", apart=True)}
UNTIL = frozenset(("to", "a", "bis", "до", "den", "through", "thru"))


def touches(gap: str) -> bool:
    return len(gap) <= 3 and all(character in LOOSE for character in gap)


@needs("season_letter")
def spaced_code(draft: Draft) -> None:
    """S 01 E 02, S 1 Ep 2."""
    if draft.release.episodes:
        return
    for index in draft.shapes.get("season_letter", ()):
        words = [lex.key for lex in draft.lexemes[index + 2 : index + 3]]
        season, episode = draft.number(index + 1), draft.number(index + 3)
        if season is not None and episode is not None and words[0] in ("e", "ep", "episode"):
            draft.release.seasons, draft.release.episodes = (season,), (episode,)
            draft.anchor("episodes", index, index + 4)
            return


@needs("season_word", "pnumber", "season")
def season_word(draft: Draft) -> None:
    """Season 2, Seasons 1 & 2, Saison 3, Phần 2, Mùa 2, Сезон 1-3, Season2, and the Season 3 of Season 3 S03."""
    if draft.release.seasons:
        _said_twice(draft)
        return
    for index in draft.shapes.get("season_word", ()):
        if draft.claimed[index] or not touches(draft.gaps[index + 1]) or not _is_season(draft, index):
            continue
        value = value_at(draft, index + 1) or _roman(draft, index + 1)
        if value is None:
            continue
        stop, seasons = _seasons(draft, index + 2, [value])
        draft.release.seasons = tuple(seasons)
        all_of = index > draft.start + 1 and draft.lexemes[index - 1].key == "all"
        draft.anchor("seasons", index - 1 if all_of else index, stop)
        return
    for index in draft.shapes.get("pnumber", ()):
        if index + 1 < draft.count and draft.lexemes[index + 1].key == "tap":
            draft.release.seasons = draft.lexemes[index].numbers
            draft.anchor("seasons", index, index + 1)
            return
    for index in draft.shapes.get("season", ()):
        draft.release.seasons = draft.lexemes[index].numbers
        draft.anchor("seasons", index, index + 1)
        return


def _said_twice(draft: Draft) -> None:
    """ "SEASON.03.S03", "S01-S09 Season 1-9": the words beside the code are no title and no episodes."""
    for index in draft.shapes.get("season_word", ()):
        value = value_at(draft, index + 1)
        if value is None:
            continue
        stop, seasons = _seasons(draft, index + 2, [value])
        beside = any(stop == first or last == index for first, last in draft.anchors)
        if beside and tuple(seasons) == draft.release.seasons:
            draft.anchor("seasons", index, stop)
            return


def _is_season(draft: Draft, index: int) -> bool:
    key = draft.lexemes[index].key
    number = draft.number(index + 1)
    if draft.release.group and len(draft.gaps[index + 1]) > 2 and "-" in draft.gaps[index + 1]:
        return False  # [Group] The Final Season - 05
    if key == "se":
        return draft.gaps[index + 1] == "."
    if key in ("series", "mua"):
        if draft.count == 2:
            return number is not None  # the folder "Mùa 2" or "Series 2"
        return (
            index > 0
            and number is not None
            and number < 40
            and (draft.words[index][0].isupper() or _is_code(draft, index + 2) or "-" in draft.gaps[index])
            and (
                key == "mua"
                or "-" in draft.gaps[index]
                or _is_code(draft, index + 2)
                or _is_range(draft, index + 2)
                or _is_british(draft, index)
            )
        )
    return number is None or number < 100


def _is_range(draft: Draft, index: int) -> bool:
    """ "Series 1-3" """
    return draft.gaps[index] in THROUGH and draft.number(index) is not None


def _is_british(draft: Draft, index: int) -> bool:
    """ "Title.Series.3.720p.HDTV": nothing but marks behind it, and no episode."""
    named = not draft.start and draft.lexemes[index - 1].key not in ARTICLES
    return (
        named
        and draft.words[index + 1][0] != "0"
        and index + 2 < draft.count
        and draft.is_sure(index + 2)
        and not draft.opens(index + 2)
    )


def _is_code(draft: Draft, index: int) -> bool:
    return index < draft.count and draft.lexemes[index].shape in ("of", "e", "episode_word")


def _seasons(draft: Draft, index: int, values: list[int]) -> tuple[int, list[int]]:
    """1-3, 1 & 2, 1,2,3, 1 2 3, 1 to 6, 1.3&5: where the list stops, and all that is in it."""
    several = draft.lexemes[index - 2].key in numbers.SEASONS
    while index < draft.count:
        word = draft.lexemes[index].key
        joined = word in UNTIL or word in ("and", "al")
        number = draft.number(index + 1 if joined else index)
        if number is None or not 0 < number - values[-1] < FAR:
            break
        gap = draft.gaps[index]
        if (
            word in UNTIL
            or word == "al"
            or gap in THROUGH
            or gap in (" -", "_-", ".-", ": ")
            or (several and gap in APART)
        ):
            values += range(values[-1] + 1, number + 1)
        elif (
            joined
            or gap.strip(" ._") in ("&", "+", ",", "/")
            or (gap in (" ", ".", "_") and _lists_on(draft, index, values))
        ):
            values.append(number)
        else:
            break
        index += 2 if joined else 1
    if index < draft.count and draft.lexemes[index].key in UNTIL and draft.lexemes[index + 1].shape == "season_word":
        index += 1  # Season 1 to Season 7
    after = draft.number(index + 1)
    if after is not None and draft.lexemes[index].shape == "season_word" and values[-1] < after < FAR:
        return index + 2, [*values, *range(values[-1] + 1, after + 1)]  # Season 1 - Season 7
    return index, values


def _lists_on(draft: Draft, index: int, values: list[int]) -> bool:
    """Whether a number behind a space or dot goes on with the list: "1 2 3", "1.3&5"."""
    if len(values) > 1:
        return True
    number, after, gap = draft.number(index), draft.number(index + 1), draft.gaps[index + 1]
    if number is None or after is None or not number < after < 30:
        return draft.gaps[index] == "." and index + 1 < draft.count and draft.lexemes[index + 1].key == "and"
    return gap == draft.gaps[index] or gap in ("&", "-", "~")


def value_at(draft: Draft, index: int) -> int | None:
    if index >= draft.count:
        return None
    lex = draft.lexemes[index]
    if lex.shape == "number" or (lex.shape == "year" and draft.lexemes[index - 1].key == "cap"):
        return lex.numbers[0]
    if lex.shape in ("of", "lettered", "ended", "to"):
        return lex.numbers[0]
    return numbers.WORDS.get(lex.key)


def _roman(draft: Draft, index: int) -> int | None:
    return numbers.ROMAN.get(draft.lexemes[index].key) if index < draft.count else None


def reach(draft: Draft, index: int, values: list[int]) -> tuple[int, list[int]]:
    if index < draft.count and draft.lexemes[index].key in UNTIL:
        last = draft.number(index + 1)
        if last is not None and 0 < last - values[-1] < MANY:
            return index + 2, [*values, last]
    while (number := draft.number(index)) is not None and draft.gaps[index] in RANGE:
        if draft.gaps[index] in APART and not draft.ends_here(index + 1):
            break  # Tập 12 - 30 Ngày: the number behind the dash begins a title
        if not 0 < number - values[-1] < (MANY if draft.at[index] is None and "-" in draft.gaps[index] else FAR):
            break
        values.append(number)
        index += 1
    return index, values


@needs("season_word")
def season_ordinal(draft: Draft) -> None:
    """2nd Season, Second Season, 2 сезон, 3.sezon, 1-4 Seasons, 第2期, 第二季."""
    if draft.release.seasons:
        return
    for index in draft.shapes.get("season_word", ()):
        if index == 0 or draft.claimed[index]:
            continue
        before = draft.lexemes[index - 1]
        value = numbers.ORDINALS.get(before.key)
        if value is None and draft.number(index + 1) is None and index > 1:
            value = _roman(draft, index - 1)
        if value is None and draft.lexemes[index].key in numbers.SEASON_AFTER:
            value = _before(draft, index)
        if value is not None and value < 100 and touches(draft.gaps[index]):
            first = index - (2 if before.key in ENDINGS else 1)
            begin = _range_start(draft, first, value)
            draft.release.seasons = spread([draft.lexemes[begin].numbers[0] if begin < first else value, value])
            first = begin
            draft.anchor("seasons", first, index + 1)
            _bare_episode(draft, index + 1)
            return


def _range_start(draft: Draft, last: int, value: int) -> int:
    """Where the range begins that ends with `value`: "1-4 Seasons", "1ª a 7ª Temporada"."""
    first = last - 1
    if draft.gaps[last] not in THROUGH:
        if draft.lexemes[first].key not in UNTIL:
            return last
        first -= 2 if draft.lexemes[first - 1].key in ENDINGS else 1
    if first < 0 or draft.lexemes[first].shape not in ("number", "lettered"):
        return last
    return first if draft.lexemes[first].numbers[0] < value else last


def _bare_episode(draft: Draft, index: int) -> None:
    """2nd Season 24 [1080p]"""
    number = draft.number(index)
    if (
        number is not None
        and draft.lexemes[index].shape == "number"
        and draft.gaps[index] in (" ", ".", "_")
        and draft.ends_here(index + 1)
        and not draft.is_mark(index)
    ):
        draft.release.episodes = (number,)
        draft.anchor("episodes", index, index + 1)


def _before(draft: Draft, index: int) -> int | None:
    """The number in front of a season word, unless the one behind it is meant: "Show 5 Season 2"."""
    before = draft.lexemes[index - 1]
    number = before.numbers[0] if before.shape == "lettered" else draft.number(index - 1)
    if before.key in ENDINGS:
        number = draft.number(index - 2)
    joined = draft.gaps[index + 1] in JOINED and draft.lexemes[index + 1].shape != "year"
    behind = draft.number(index + 1) if joined else None
    after = [lex.key for lex in draft.lexemes[index + 2 : index + 4]]
    if after and after[0] in ENDINGS:
        after = after[1:]
    if behind is not None and not (after and after[0] in numbers.EPISODE_AFTER):
        return None
    return number
