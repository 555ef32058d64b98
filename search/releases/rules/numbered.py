"""Seasons and episodes written as codes: S01E02, S01E02-E04, S01-S03, 1x05, E07."""

from __future__ import annotations

from search.releases.draft import MANY, Draft, gaps
from search.releases.rules.needs import needs

FAR = 60  # "S01E05-47" is a range; "S01E05-720" is not
BETWEEN = frozenset(("", "_", ".", " ", "._", *gaps("- – ~ + & ,", apart=True), ", "))
THROUGH = frozenset(("-", "–", "~", *gaps("~", apart=True)))
WITH_PLUS = THROUGH | {"+", ","}
WITH_LINE = THROUGH | {"_", "+"}
JOINED_BY = frozenset(("to", "and", "through", "a", "bis", "al", "до", "и"))


@needs("se", "bare")
def season_episode(draft: Draft) -> None:
    """S01E02, S01E02E03, S01E02-E04, S01E02-04, S01E01.S01E02."""
    for index in sorted((*draft.shapes.get("se", ()), *draft.shapes.get("bare", ()))):
        if draft.claimed[index]:
            continue
        season, *episodes = draft.lexemes[index].numbers
        stop = _more(draft, index + 1, season, episodes, WITH_PLUS)
        if not draft.release.episodes:
            draft.release.seasons = (season,)
            draft.release.episodes = spread(episodes)
            draft.note("seasons", index, index + 1)
        draft.anchor("episodes", index, stop)


@needs("nx")
def season_cross_episode(draft: Draft) -> None:
    """1x05, 2x04x05, 2x09-2x10, 8x01_02, Ep 1x05."""
    if draft.release.episodes:
        return
    for index in draft.shapes.get("nx", ()):
        season, *episodes = draft.lexemes[index].numbers
        if _is_sound(draft, index):
            continue
        stop = _more(draft, index + 1, season, episodes, WITH_LINE)
        draft.release.seasons = (season,)
        draft.release.episodes = spread(episodes)
        draft.note("seasons", index, index + 1)
        draft.anchor("episodes", index - 1 if draft.lexemes[index - 1].shape == "episode_word" else index, stop)
        return


def _is_sound(draft: Draft, index: int) -> bool:
    """ "2.0x3": three tracks with two channels."""
    glued = draft.gaps[index] == "." and len(draft.words[index]) == 3 and draft.number(index - 1) is not None
    return glued or (index > 0 and draft.is_sure(index - 1) and draft.inside(index) is not None)


def _more(draft: Draft, index: int, season: int, episodes: list[int], through: frozenset[str]) -> int:
    """Add the episodes that go on from token `index`. Where they stop."""
    while index < draft.count:
        lex = draft.lexemes[index]
        gap = draft.gaps[index]
        if draft.is_sure(index):
            break
        if lex.key in JOINED_BY and _goes_on(draft, index + 1):
            index += 1
            continue
        if lex.shape == "e" and gap in BETWEEN and (not lex.key.startswith("eps") or not episodes):
            episodes += lex.numbers
        elif lex.shape in ("se", "nx") and lex.numbers[0] == season and gap in BETWEEN:
            episodes += lex.numbers[1:]
        elif (
            (lex.shape == "xn" and gap in BETWEEN)
            or (lex.shape in ("number", "lettered") and gap in through and 0 < lex.numbers[0] - episodes[-1] <= FAR)
            or (
                lex.shape == "number"
                and gap == "."
                and episodes
                and lex.numbers[0] == episodes[-1] + 1
                and draft.ends_here(index + 1)
            )
        ):
            episodes += lex.numbers
        else:
            break
        index += 1
    return index


def _goes_on(draft: Draft, index: int) -> bool:
    """ "S01E01 to E10": a code behind the word."""
    return index < draft.count and draft.lexemes[index].shape in ("e", "se")


@needs("s", "sd", "sse")
def season_code(draft: Draft) -> None:
    """S01, S01-S03, S01-05, S01+S02, each perhaps followed by E02 or x02; T3 Cap 7."""
    if draft.release.seasons:
        return
    for index in sorted((*draft.shapes.get("s", ()), *draft.shapes.get("sd", ()), *draft.shapes.get("sse", ()))):
        lex = draft.lexemes[index]
        if draft.claimed[index] or not _says_season(draft, index) or _is_encoder(draft, index):
            continue
        seasons = list(lex.numbers)
        stop = _more_seasons(draft, index + 1, seasons)
        episodes: list[int] = []
        after = _more(draft, stop, seasons[0], episodes, frozenset()) if len(seasons) == 1 else stop
        if (
            len(seasons) == 2
            and seasons[1] - seasons[0] > 15
            and draft.gaps[index + 1] == "-"
            and len(draft.words[index]) == 2
        ):
            episodes.append(seasons.pop())  # S4-24
        draft.release.seasons = spread(seasons)
        word = index and draft.lexemes[index - 1].key in ("season", "seasons")
        draft.anchor("seasons", index - 1 if word else index, stop)
        if not episodes and len(seasons) == 1 and _dotted_episode(draft, stop):
            episodes, after = list(draft.lexemes[stop].numbers), stop + 1
        if episodes:
            after = _more(draft, after, seasons[0], episodes, THROUGH)
            draft.release.episodes = spread(episodes)
            draft.anchor("episodes", stop if after > stop else index, after)
        return


def _says_season(draft: Draft, index: int) -> bool:
    """S, or the T of Temporada where a word or code for its episode follows."""
    return draft.words[index][0] in "sS" or draft.lexemes[index + 1].shape in ("episode_word", "e")


def _is_encoder(draft: Draft, index: int) -> bool:
    """ "x265 10bit S87 Joy": how an encoder names its settings."""
    bracket = draft.inside(index)
    return bracket is not None and any(draft.is_sure(other) for other in range(bracket.first, index))


def _dotted_episode(draft: Draft, index: int) -> bool:
    """S01.07, and "s1.07 Name" where all else has spaces."""
    number = draft.number(index)
    return (
        number is not None
        and draft.gaps[index] == "."
        and len(draft.words[index]) == 2
        and (draft.ends_here(index + 1) or draft.gaps[index - 1] == draft.gaps[index + 1] == " ")
        and not draft.is_mark(index)
    )


def _more_seasons(draft: Draft, index: int, seasons: list[int]) -> int:
    while index < draft.count:
        lex, gap = draft.lexemes[index], draft.gaps[index]
        if (lex.shape == "s" and gap in BETWEEN) or (
            lex.shape == "number" and gap in THROUGH and 0 < lex.numbers[0] - seasons[-1] < FAR
        ):
            seasons += lex.numbers
        elif lex.key in ("to", "a") and index + 1 < draft.count and draft.lexemes[index + 1].shape == "s":
            seasons += draft.lexemes[index + 1].numbers
            index += 1
        else:
            break
        index += 1
    return index


@needs("e", "s")
def episode_code(draft: Draft) -> None:
    """E07, EP07, Ep01-10, E1-200, where no season and episode stand together; T05 as Vietnamese write Tập 5."""
    if draft.release.episodes:
        return
    for index in sorted((*draft.shapes.get("e", ()), *draft.shapes.get("s", ()))):
        if draft.claimed[index] or (draft.lexemes[index].shape == "s" and not _is_short_tap(draft, index)):
            continue
        if draft.number(index + 1) == 5 and draft.gaps[index + 1] == "." and draft.ends_here(index + 2):
            draft.anchor("special", index, index + 2)  # EP07.5: a recap between two episodes
            return
        episodes = list(draft.lexemes[index].numbers)
        stop = _more(draft, index + 1, -1, episodes, THROUGH)
        last = draft.number(stop)
        if last is not None and draft.gaps[stop] == "-" and episodes[-1] < last < MANY and draft.at[stop] is None:
            episodes.append(last)
            stop += 1
        draft.release.episodes = spread(episodes)
        draft.anchor("episodes", index, stop)
        return


def _is_short_tap(draft: Draft, index: int) -> bool:
    """ "Title.T05.Long.Tieng": in another language the T would be a season's."""
    if draft.words[index][0] not in "tT" or not draft.ends_here(index + 1) or not index:
        return False
    return any(("subtitles", "vi") in found.mark.facts or found.mark.role == "voice" for found in draft.founds)


def spread(numbers: list[int]) -> tuple[int, ...]:
    """First to last, as Sonarr reads several episodes in one name; those that run backwards stay as they are."""
    first, last = numbers[0], numbers[-1]
    if last > first and last - first <= MANY:
        return tuple(range(first, last + 1))
    return tuple(dict.fromkeys(numbers))
