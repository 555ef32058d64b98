"""Films and series as a catalogue of titles (TMDB) knows them. PURE: plain values.

Text is in the reader's language where there is some, else in English, else in the title's own. `poster_path` and the
other image paths begin with a slash and are "" when there is no image: see search/posters for an address to show.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from search import releases

JUST_A_NUMBER = re.compile(
    r"(?:(?:episode|tập|season|phần|mùa|series|part)\s*\d+|specials|tập đặc biệt|)", re.IGNORECASE
)


def is_only_a_number(name: str) -> bool:
    """As a catalogue fills in what nobody named: Episode 3, Tập 3."""
    return JUST_A_NUMBER.fullmatch(name) is not None


def is_latin(name: str) -> bool:
    return all("LATIN" in unicodedata.name(letter, "") for letter in name if letter.isalpha())


class Medium(StrEnum):
    """Also the word in the address of a title's page."""

    MOVIE = "movie"
    TV = "tv"


@dataclass(frozen=True, slots=True, order=True)
class TitleRef:
    """Which title: a film and a series may have the same number."""

    medium: Medium
    tmdb_id: int


class NameKind(StrEnum):
    """Where a name comes from, the surest first."""

    SHOWN = "shown"
    ORIGINAL = "original"
    TRANSLATION = "translation"
    ALTERNATIVE = "alternative"


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a title. `language` ("vi") and `country` ("VN") are "" when they are not told."""

    text: str
    kind: NameKind
    language: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Genre:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """A title as a list shows it. `rating` is 0 to 10, None when nobody voted; `released` is its first day."""

    ref: TitleRef
    name: str
    original_name: str = ""
    original_language: str = ""
    released: date | None = None
    overview: str = ""
    poster_path: str = ""
    backdrop_path: str = ""
    genre_ids: tuple[int, ...] = ()
    rating: float | None = None
    votes: int = 0
    popularity: float = 0.0

    @property
    def year(self) -> int | None:
        return self.released.year if self.released else None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `pages` is how many can be asked for; `total` may count more than they hold."""

    cards: tuple[Card, ...] = ()
    number: int = 1
    pages: int = 1
    total: int = 0

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.cards and self.number < self.pages else None


@dataclass(frozen=True, slots=True)
class Episode:
    """`aired` is None when no day is known; `runtime` is in minutes."""

    season: int
    number: int
    name: str = ""
    overview: str = ""
    aired: date | None = None
    runtime: int | None = None
    still_path: str = ""
    rating: float | None = None

    def has_aired(self, today: date) -> bool:
        return self.aired is not None and self.aired <= today


@dataclass(frozen=True, slots=True)
class Season:
    """Season 0 are the specials. `episodes` are there only when the season itself was asked for."""

    number: int
    name: str = ""
    overview: str = ""
    poster_path: str = ""
    aired: date | None = None
    episode_count: int = 0
    episodes: tuple[Episode, ...] = ()

    @property
    def own_name(self) -> str:
        """Its name where that says more than its number, else ""."""
        return "" if is_only_a_number(self.name) else self.name


@dataclass(frozen=True, slots=True)
class CollectionRef:
    id: int
    name: str
    poster_path: str = ""
    backdrop_path: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """Films that belong together, in the order in which they came out; those without a day come last."""

    id: int
    name: str
    overview: str = ""
    poster_path: str = ""
    backdrop_path: str = ""
    parts: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str = ""
    profile_path: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """Everything about one title. `names` has every name once (without regard to case), the shown one first.

    `runtime` is in minutes, of one episode for a series. `seasons`, `in_production`, `next_episode` and
    `last_episode` are for series; `collection` is for films. `status` is TMDB's own English word.
    """

    card: Card
    names: tuple[Name, ...] = ()
    tagline: str = ""
    genres: tuple[Genre, ...] = ()
    runtime: int | None = None
    status: str = ""
    countries: tuple[str, ...] = ()
    imdb_id: str = ""
    tvdb_id: int | None = None
    collection: CollectionRef | None = None
    seasons: tuple[Season, ...] = ()
    ended: date | None = None
    in_production: bool = False
    next_episode: Episode | None = None
    last_episode: Episode | None = None
    cast: tuple[Person, ...] = ()

    @property
    def ref(self) -> TitleRef:
        return self.card.ref

    @property
    def is_series(self) -> bool:
        return self.card.ref.medium is Medium.TV

    def named_in(self, language: str) -> str:
        """Its name in a language ("vi"), "" when it has none there."""
        return next((name.text for name in self.names if name.language == language), "")

    def wanted(self, season: int | None = None, episode: int | None = None) -> releases.Title:
        """What the judge of release names compares with."""
        return releases.Title(
            names=tuple(name.text for name in self.names) or (self.card.name,),
            year=self.card.year,
            is_series=self.is_series,
            seasons=tuple(
                releases.Season(one.number, one.aired.year if one.aired else None, one.own_name) for one in self.seasons
            ),
            season=season,
            episode=episode,
            countries=self.countries,
        )


def of_card(card: Card) -> Title:
    """A title of which no more is known than its card."""
    names = [Name(card.name, NameKind.SHOWN)]
    if card.original_name and card.original_name.casefold() != card.name.casefold():
        names.append(Name(card.original_name, NameKind.ORIGINAL, card.original_language))
    return Title(card, tuple(names))
