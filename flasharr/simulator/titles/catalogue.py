"""Films and series, read from films.toml and series.toml."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Work:
    """What films and series share. `name` is the English one; `vi` is "" where TMDB would have no translation."""

    id: int
    name: str
    original: str = ""
    language: str = "en"
    vi: str = ""
    runtime: int | None = None
    rating: float = 0.0
    genres: tuple[str, ...] = ()
    country: str = ""
    imdb: str = ""
    also: dict[str, str] = field(default_factory=dict)
    about: str = ""
    about_vi: str = ""
    popularity: float = 0.0

    @property
    def original_name(self) -> str:
        return self.original or self.name

    @property
    def names(self) -> list[str]:
        """All that a search finds it by."""
        return [text for text in (self.name, self.original_name, self.vi, *self.also.values()) if text]

    def named(self, language: str) -> str:
        """As TMDB has it: what is not translated falls back to the original name."""
        own = {"en": self.name, "vi": self.vi}.get(language, "")
        return own or self.original_name

    def described(self, language: str) -> str:
        """As TMDB has it: what is not translated is an empty text."""
        return {"en": self.about, "vi": self.about_vi}.get(language, "")


@dataclass(frozen=True, kw_only=True)
class Film(Work):
    first: date
    collection: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Season:
    """Episodes come every `every` days from `first` on. `named` may be shorter than there are episodes."""

    number: int
    first: date
    episodes: int
    every: int = 7
    named: tuple[str, ...] = ()

    def aired(self, episode: int) -> date:
        return self.first + timedelta(days=self.every * (episode - 1))

    def title(self, episode: int) -> str:
        return self.named[episode - 1] if episode <= len(self.named) else ""


@dataclass(frozen=True, kw_only=True)
class Series(Work):
    seasons: tuple[Season, ...]
    tvdb: int | None = None
    ended: bool = False
    files: tuple[dict[str, Any], ...] = ()

    @property
    def first(self) -> date:
        return min(season.first for season in self.seasons if season.number)

    def season(self, number: int) -> Season | None:
        return next((season for season in self.seasons if season.number == number), None)


@dataclass(frozen=True)
class Catalogue:
    """Empty unless a world is given one."""

    films: tuple[Film, ...] = ()
    series: tuple[Series, ...] = ()

    @property
    def collections(self) -> dict[int, str]:
        """Names of the collections by number."""
        names = sorted({film.collection for film in self.films if film.collection})
        return {9200000 + number: name for number, name in enumerate(names, 1)}


@dataclass(frozen=True)
class Offer:
    """A file, or a folder with the codes in it, that a search may find."""

    code: str
    name: str
    size: int
    items: tuple[str, ...] = ()

    @property
    def is_folder(self) -> bool:
        return bool(self.items)


@dataclass
class Titles:
    """What the simulated TMDB and TimFshare know. `shows_runtime` is off where sizes are not as large as real ones.

    TMDB takes the key in the query or the token in a header.
    """

    catalogue: Catalogue = field(default_factory=Catalogue)
    offers: list[Offer] = field(default_factory=list)
    shows_runtime: bool = True
    key: str = "0123456789abcdef0123456789abcdef"
    token: str = "simulated.access.token-0123456789"  # noqa: S105 - opens nothing but the simulator


@cache
def read_catalogue() -> Catalogue:
    """The whole of both files. The more popular a title, the earlier it is written there."""
    films = [_film(entry, rank) for rank, entry in enumerate(_entries("film"))]
    series = [_series(entry, rank) for rank, entry in enumerate(_entries("series"))]
    return Catalogue(tuple(films), tuple(series))


def _entries(kind: str) -> list[dict[str, Any]]:
    path = HERE / ("films.toml" if kind == "film" else "series.toml")
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))[kind]
    return entries


def _film(entry: dict[str, Any], rank: int) -> Film:
    files = tuple(line for line in entry.pop("files", "").split("\n") if line)
    return Film(files=files, popularity=_popularity(rank), **_shared(entry))


def _series(entry: dict[str, Any], rank: int) -> Series:
    seasons = tuple(Season(**{**season, "named": tuple(season.get("named", ()))}) for season in entry.pop("seasons"))
    files = tuple(entry.pop("files", ()))
    return Series(files=files, seasons=seasons, popularity=_popularity(rank), **_shared(entry))


def _shared(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "genres": tuple(entry.get("genres", ()))}


def _popularity(rank: int) -> float:
    return round(900 / (rank + 3), 3)


def fold(text: str) -> str:
    """Lower case without accents, words apart by one space."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())
