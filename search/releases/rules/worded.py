"""Seasons and episodes written with words: Season 2, Phần 2, Tập 5, Episode 7, 3rd season, 第01集, 5 of 9."""

from __future__ import annotations

from search.releases.draft import MANY, Draft, gaps
from search.releases.rules.needs import needs
from search.releases.rules.numbered import FAR, THROUGH, spread
from search.releases.tables import numbers

LOOSE = frozenset(" ._:-#([+№°")
APART = frozenset((" - ", "._-_.", "_-_"))
BEHIND_ONLY = frozenset(("bolum", "resz"))
ENDINGS = frozenset(("го", "и", "я", "a", "ª", "º", "ая"))
JOINED = frozenset((" ", ".", "_", ". ", ""))
RANGE = THROUGH | {" -", "/", ", ", "..", "._-_.", *gaps("- & + ~", apart=True)}
UNTIL = frozenset(("to", "a", "bis", "до", "den", "through"))


def _touches(gap: str) -> bool:
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
    """Season 2, Seasons 1 & 2, Saison 3, Phần 2, Mùa 2, Сезон 1-3, Season2."""
    if draft.release.seasons:
        return
    for index in draft.shapes.get("season_word", ()):
        if draft.claimed[index] or not _touches(draft.gaps[index + 1]) or not _is_season(draft, index):
            continue
        value = _value(draft, index + 1) or _roman(draft, index + 1)
        if value is None:
            continue
        stop, seasons = _seasons(draft, index + 2, [value])
        draft.release.seasons = tuple(seasons)
        draft.anchor("seasons", index, stop)
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


def _is_season(draft: Draft, index: int) -> bool:
    key = draft.lexemes[index].key
    number = draft.number(index + 1)
    if key == "se":
        return draft.gaps[index + 1] == "."
    if key in ("series", "mua"):
        return (
            index > 0
            and number is not None
            and number < 40
            and (draft.words[index][0].isupper() or _is_code(draft, index + 2) or "-" in draft.gaps[index])
            and (key == "mua" or "-" in draft.gaps[index] or _is_code(draft, index + 2))
        )
    return number is None or number < 100


def _is_code(draft: Draft, index: int) -> bool:
    return index < draft.count and draft.lexemes[index].shape in ("of", "e", "episode_word")


def _seasons(draft: Draft, index: int, values: list[int]) -> tuple[int, list[int]]:
    """1-3, 1 & 2, 1,2,3, 1 2 3, 1 to 6, 1.3&5: where the list stops, and all that is in it."""
    while index < draft.count:
        word = draft.lexemes[index].key
        joined = word in ("to", "a", "and", "al")
        number = draft.number(index + 1 if joined else index)
        if number is None or not 0 < number - values[-1] < FAR:
            break
        gap = draft.gaps[index]
        if word in ("to", "a", "al") or gap in THROUGH or gap in (" -", "_-", ".-", ": "):
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


def _value(draft: Draft, index: int) -> int | None:
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


def _range(draft: Draft, index: int, values: list[int]) -> tuple[int, list[int]]:
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
    """2nd Season, Second Season, 2 сезон, 3.sezon, 第2期, 第二季."""
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
        if value is not None and value < 100 and _touches(draft.gaps[index]):
            draft.release.seasons = (value,)
            draft.anchor("seasons", index - (2 if before.key in ENDINGS else 1), index + 1)
            _bare_episode(draft, index + 1)
            return


def _bare_episode(draft: Draft, index: int) -> None:
    """2nd Season 24 [1080p]"""
    number = draft.number(index)
    if (
        number is not None
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
    behind = draft.number(index + 1) if draft.gaps[index + 1] in JOINED else None
    after = [lex.key for lex in draft.lexemes[index + 2 : index + 4]]
    if after and after[0] in ENDINGS:
        after = after[1:]
    if behind is not None and not (after and after[0] in numbers.EPISODE_AFTER):
        return None
    return number


@needs("episode_word")
def episode_word(draft: Draft) -> None:
    """Episode 4, Ep 4, Tập 5, Tập 13-22, Tập 25/27, Серии: 1-5 (12), Cap.201."""
    if draft.release.episodes:
        return
    for index in draft.shapes.get("episode_word", ()):
        if draft.claimed[index] or not _touches(draft.gaps[index + 1]) or draft.gaps[index + 1] == "":
            continue
        value = _value(draft, index + 1)
        if draft.lexemes[index].key in BEHIND_ONLY:
            continue
        if value is None or (draft.at[index + 1] is not None and draft.is_sure(index + 1)):
            continue
        stop, values = _range_or_count(draft, index + 2, [value])
        if draft.lexemes[index].key in ("cap", "capitulo") and value >= 100:
            stop, values = _captioned(draft, index + 2, [value])
        elif draft.gaps[index + 2] == "." and stop == index + 2:
            stop, values = _decimal(draft, index + 2, values)
        draft.release.episodes = spread(values)
        draft.anchor("episodes", index, stop)
        return


def _captioned(draft: Draft, index: int, values: list[int]) -> tuple[int, list[int]]:
    """Cap.201 is season 2, episode 1; Cap.102_104 the second to the fourth."""
    number = draft.number(index)
    if number is not None and draft.gaps[index] in ("_", "-") and number > values[0]:
        values.append(number)
        index += 1
    draft.release.seasons = (values[0] // 100,)
    return index, [value % 100 for value in values]


def _decimal(draft: Draft, index: int, values: list[int]) -> tuple[int, list[int]]:
    """Episode 1.22 is season 1, episode 22."""
    number = draft.number(index)
    season = draft.release.seasons
    if (
        number is None
        or number > 99
        or (season and season != (values[0],))
        or (not season and len(draft.words[index]) != 2)
    ):
        return index, values
    draft.release.seasons = (values[0],)
    return index + 1, [number]


def _range_or_count(draft: Draft, index: int, values: list[int]) -> tuple[int, list[int]]:
    """25/27 is one of 27; 13-22 are ten; "5 из 20" is up to 5 of 20."""
    number = draft.number(index)
    if number is not None and draft.gaps[index] == "/" and number >= values[0]:
        draft.release.episode_count = number
        draft.note("episode_count", index, index + 1)
        return index + 1, values
    if index + 1 < draft.count and draft.lexemes[index].key in numbers.OF:
        count = draft.number(index + 1)
        if count is not None and count >= values[0]:
            draft.release.episode_count = count
            draft.note("episode_count", index + 1, index + 2)
            return index + 2, values
    return _range(draft, index, values)


@needs("episode_word")
def episode_before_word(draft: Draft) -> None:
    """08.seriya, 12.serija.iz.12, 22 серия."""
    if draft.release.episodes:
        return
    for index in draft.shapes.get("episode_word", ()):
        first = index - 2 if draft.lexemes[index - 1].key in ENDINGS else index - 1
        number = draft.number(first)
        if number is None or draft.lexemes[index].key not in numbers.EPISODE_AFTER or draft.gaps[index] not in JOINED:
            continue
        draft.release.episodes = (number,)
        draft.anchor("episodes", first, index + 1)
        return


@needs("episode_word")
def episode_count(draft: Draft) -> None:
    """27 tập, trọn bộ 56 tập: how many there are, not which one it is."""
    for index in draft.shapes.get("episode_word", ()):
        number = draft.number(index - 1)
        if (
            draft.claimed[index]
            or number is None
            or draft.claimed[index - 1]
            or draft.gaps[index] not in (" ", ".", "_", "-")
        ):
            continue
        if draft.lexemes[index].key in ("tap", "episodes", "eps", "folgen", "ep"):
            draft.release.episode_count = number
            draft.anchor("episode_count", index - 1, index + 1)


@needs("of", "of_word")
def counted_of(draft: Draft) -> None:
    """5of9, 14 of 21: an episode and how many there are."""
    for index in draft.shapes.get("of", ()):
        if draft.claimed[index]:
            continue
        value, count = draft.lexemes[index].numbers
        if draft.lexemes[index].key.startswith(("cd", "part")):
            draft.release.part = value
            draft.anchor("part", index, index + 1)
            continue
        if not draft.release.episodes and value <= count:
            draft.release.episodes = (value,)
            draft.anchor("episodes", index, index + 1)
        draft.release.episode_count = count
        draft.note("episode_count", index, index + 1)
    if draft.release.episodes:
        return
    for index in draft.shapes.get("of_word", ()):
        if 0 < index < draft.count - 1:
            one, all_of = draft.number(index - 1), draft.number(index + 1)
            if one is not None and all_of is not None and 0 < one <= all_of < 1000 and not draft.claimed[index - 1]:
                draft.release.episodes, draft.release.episode_count = (one,), all_of
                draft.note("episode_count", index + 1, index + 2)
                first = index - 2 if index > 1 and draft.lexemes[index - 2].shape == "part_word" else index - 1
                draft.anchor("episodes", first, index + 2)
                return


@needs("cjk", "whole")
def cjk_number(draft: Draft) -> None:
    """第2期, 第二季, 第01集, 01話, 全12集."""
    for index in draft.shapes.get("cjk", ()):
        lex = draft.lexemes[index]
        values = list(lex.numbers) or [_chinese(draft.words[index])]
        if draft.words[index][-1] in "季期部":
            draft.release.seasons = spread(values)
            draft.anchor("seasons", index, index + 1)
        elif not draft.release.episodes:
            draft.release.episodes = spread(values)
            draft.anchor("episodes", index, index + 1)
    for index in draft.shapes.get("whole", ()):
        draft.release.episode_count = draft.lexemes[index].numbers[0]
        draft.anchor("episode_count", index, index + 1)


def _chinese(text: str) -> int:
    """Up to 99: 二 is 2, 十二 is 12, 二十 is 20."""
    digits = [numbers.CHINESE[character] for character in text if character in numbers.CHINESE]
    if not digits:
        return 0
    if len(digits) == 1:
        return digits[0]
    if digits[0] == 10:
        return 10 + digits[1]
    return digits[0] * 10 + (digits[-1] if digits[-1] != 10 else 0)
