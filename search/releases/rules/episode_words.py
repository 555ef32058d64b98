"""Episodes written with words: Tập 5, Episode 7, 22 серия, 27 tập, 5 of 9, 第01集."""

from __future__ import annotations

from search.releases.draft import Draft
from search.releases.rules.needs import needs
from search.releases.rules.numbered import THROUGH, spread
from search.releases.rules.season_words import ENDINGS, JOINED, reach, touches, value_at
from search.releases.tables import numbers

BEHIND_ONLY = frozenset(("bolum", "resz"))


@needs("episode_word")
def episode_word(draft: Draft) -> None:
    """Episode 4, Ep 4, Tập 5, Tập 13-22, Tập 25/27, Серии: 1-5 (12), Cap.201."""
    if draft.release.episodes:
        return
    for index in draft.shapes.get("episode_word", ()):
        if draft.claimed[index] or not touches(draft.gaps[index + 1]) or draft.gaps[index + 1] == "":
            continue
        value = value_at(draft, index + 1)
        if draft.lexemes[index].key in BEHIND_ONLY:
            continue
        if value is None or (draft.at[index + 1] is not None and draft.is_sure(index + 1)):
            continue
        stop, values = _range_or_count(draft, index + 2, [value])
        if _is_captioned(draft, index, value):
            stop, values = _captioned(draft, index + 2, [value])
        elif draft.gaps[index + 2] == "." and stop == index + 2:
            stop, values = _decimal(draft, index + 2, values)
        draft.release.episodes = spread(values)
        draft.anchor("episodes", index, stop)
        return


def _is_captioned(draft: Draft, index: int, value: int) -> bool:
    """Whether the number has a season in it, as that of "Cap.201" has, but not that of "Temporada 7 Capitulo 145"."""
    key, seasons = draft.lexemes[index].key, draft.release.seasons
    return value >= 100 and (key == "cap" or (key == "capitulo" and seasons in ((), (value // 100,))))


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
    return reach(draft, index, values)


@needs("episode_word")
def episode_before_word(draft: Draft) -> None:
    """08.seriya, 12.serija.iz.12, 22 серия, 1-10 серии."""
    if draft.release.episodes:
        return
    for index in draft.shapes.get("episode_word", ()):
        first = index - 2 if draft.lexemes[index - 1].key in ENDINGS else index - 1
        number = draft.number(first)
        if number is None or draft.lexemes[index].key not in numbers.EPISODE_AFTER or draft.gaps[index] not in JOINED:
            continue
        before = draft.number(first - 1)
        if before is not None and before < number and draft.gaps[first] in THROUGH:
            first -= 1
        draft.release.episodes = spread([draft.lexemes[first].numbers[0], number])
        draft.anchor("episodes", first, index + 1)
        return


@needs("episode_word")
def episode_count(draft: Draft) -> None:
    """27 tập, trọn bộ 56 tập, 20/56 tập: how many there are, not which one it is."""
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
            partly = draft.gaps[index - 1] == "/" and draft.number(index - 2) is not None
            draft.anchor("episode_count", index - 2 if partly else index - 1, index + 1)


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
