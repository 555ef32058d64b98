"""What a title is to the matcher, and what the matcher says about a release."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from hosts.sentences import gettext_noop


@dataclass(frozen=True, slots=True)
class Season:
    """A season as the catalogue of titles knows it; `name` only where it has one of its own ("Blood and Sand")."""

    number: int
    year: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """A film or series that somebody wants.

    `names` are its title in every language and every other one it is known by, the main one first. `season` and
    `episode` narrow a series to what is wanted of it; season 0 are the specials. `countries` are ISO 3166 codes of
    where it was made, empty when unknown.
    """

    names: tuple[str, ...]
    year: int | None = None
    is_series: bool = False
    seasons: tuple[Season, ...] = ()
    season: int | None = None
    episode: int | None = None
    countries: tuple[str, ...] = ()


class Code(StrEnum):
    SAME_TITLE = "same_title"
    OTHER_NAME = "other_name"
    NEAR_TITLE = "near_title"
    SUBTITLE = "subtitle"
    SAME_YEAR = "same_year"
    NEAR_YEAR = "near_year"
    SEASON_YEAR = "season_year"
    CONTAINS = "contains"
    OTHER_TITLE = "other_title"
    MORE_WORDS = "more_words"
    FEWER_WORDS = "fewer_words"
    OTHER_NUMBER = "other_number"
    OTHER_YEAR = "other_year"
    NOT_A_SERIES = "not_a_series"
    NOT_A_FILM = "not_a_film"
    OTHER_SEASON = "other_season"
    OTHER_EPISODE = "other_episode"
    EXTRA = "extra"
    NOT_VIDEO = "not_video"
    TOO_MANY_EPISODES = "too_many_episodes"
    BANNED_WORD = "banned_word"
    NO_REQUIRED_WORD = "no_required_word"
    OTHER_RESOLUTION = "other_resolution"
    OTHER_SOURCE = "other_source"
    NO_HDR = "no_hdr"
    IS_HDR = "is_hdr"
    NOT_VIETNAMESE = "not_vietnamese"
    TOO_SMALL = "too_small"
    TOO_BIG = "too_big"


OF_QUALITY = frozenset(
    (
        Code.BANNED_WORD, Code.NO_REQUIRED_WORD, Code.OTHER_RESOLUTION, Code.OTHER_SOURCE, Code.NO_HDR, Code.IS_HDR,
        Code.NOT_VIETNAMESE, Code.TOO_SMALL, Code.TOO_BIG,
    )
)  # fmt: skip
"""It is the title, but not as the quality profile wants it."""


SENTENCES = {
    Code.SAME_TITLE: gettext_noop("The title is the same: {found}."),
    Code.OTHER_NAME: gettext_noop("It is known by the name {found}."),
    Code.NEAR_TITLE: gettext_noop("{found} is another spelling of {wanted}."),
    Code.SUBTITLE: gettext_noop("{found} is {wanted}, with or without a subtitle, a country or the name of a season."),
    Code.SAME_YEAR: gettext_noop("The year is the same: {found}."),
    Code.NEAR_YEAR: gettext_noop("The year is one off: {found}, not {wanted}. The title is the same."),
    Code.SEASON_YEAR: gettext_noop("{found} is the year of the season; the series began in {wanted}."),
    Code.CONTAINS: gettext_noop("It contains {wanted}."),
    Code.OTHER_TITLE: gettext_noop("The title is another one: {found}, not {wanted}."),
    Code.MORE_WORDS: gettext_noop("The title goes on: {found}, not {wanted}."),
    Code.FEWER_WORDS: gettext_noop("Words of the title are missing: {found}, not {wanted}."),
    Code.OTHER_NUMBER: gettext_noop("The number is another one: {found}, not {wanted}."),
    Code.OTHER_YEAR: gettext_noop("The year is another one: {found}, not {wanted}."),
    Code.NOT_A_SERIES: gettext_noop("It has no season and no episode, and {wanted} is a series."),
    Code.NOT_A_FILM: gettext_noop("It is part of a series ({found}), and {wanted} is a film."),
    Code.OTHER_SEASON: gettext_noop("It is season {found}, not {wanted}."),
    Code.OTHER_EPISODE: gettext_noop("It is episode {found}, not {wanted}."),
    Code.EXTRA: gettext_noop("It is a trailer, a sample or another extra."),
    Code.NOT_VIDEO: gettext_noop("It is neither a film nor a subtitle or archive, but a .{found} file."),
    Code.TOO_MANY_EPISODES: gettext_noop("Files of its name go on to episode {found}, and this series has {wanted}."),
    Code.BANNED_WORD: gettext_noop("The quality profile bans the word {found}."),
    Code.NO_REQUIRED_WORD: gettext_noop("The quality profile asks for one of these words: {wanted}."),
    Code.OTHER_RESOLUTION: gettext_noop("The resolution is {found}; the quality profile wants {wanted}."),
    Code.OTHER_SOURCE: gettext_noop("The source is {found}; the quality profile wants {wanted}."),
    Code.NO_HDR: gettext_noop("It is not in HDR, as the quality profile wants it."),
    Code.IS_HDR: gettext_noop("It is in HDR ({found}), which the quality profile does not want."),
    Code.NOT_VIETNAMESE: gettext_noop("Nothing in its name speaks of Vietnamese, as the quality profile wants it."),
    Code.TOO_SMALL: gettext_noop("It has {found} GB an hour; the quality profile wants at least {wanted}."),
    Code.TOO_BIG: gettext_noop("It has {found} GB an hour; the quality profile wants at most {wanted}."),
}


class Reason(NamedTuple):
    code: Code
    wanted: str
    found: str

    def __str__(self) -> str:
        return SENTENCES[self.code].format(wanted=self.wanted, found=self.found)


class Verdict(NamedTuple):
    """`reasons` are all that speak for it when it is accepted, and else what speaks against it."""

    accepted: bool
    reasons: tuple[Reason, ...]
