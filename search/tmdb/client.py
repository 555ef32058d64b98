"""What can be asked of TMDB. PURE. Every call raises SourceProblem when it cannot be answered.

Titles, names and descriptions come in the first of `languages` that has them, field by field; a second request is
made only where a list or a season leaves gaps. What fails then leaves the gaps, and the first answer is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import requests

from search.pace import Pace
from search.problems import SourceProblem, SourceUnreadable, TitleUnknown
from search.shelf import Store
from search.titles import Card, Collection, Genre, Medium, Page, Season, Title, TitleRef
from search.tmdb import reading
from search.tmdb.cards import Cards
from search.tmdb.door import LABEL, PACE, Door
from search.tmdb.filters import Filters
from search.tmdb.texts import is_generic, is_own_name

LANGUAGES = ("vi-VN", "en-US")
APPENDED = "translations,alternative_titles,external_ids,credits"
MOST_SEASONS = 20  # of one request
MOST_QUERY = 256

# Hours for which an answer is kept.
LISTS, SEARCHES, DETAILS, SEASONS, GENRES = 3.0, 12.0, 24.0, 6.0, 7 * 24.0


class Tmdb:
    """Thread-safe. It remembers the cards of its lists, so whoever shows them should keep it."""

    def __init__(
        self,
        http: requests.Session,
        config: Mapping[str, str],
        store: Store,
        languages: Sequence[str] = LANGUAGES,
        pace: Pace = PACE,
    ) -> None:
        self._door = Door(http, config, store, pace)
        self._languages = tuple(languages)
        self._seen = Cards()
        self._short = tuple(language.partition("-")[0] for language in languages)

    @property
    def has_key(self) -> bool:
        return self._door.has_key

    def check(self) -> None:
        """Ask whether the key is good."""
        self._door.check()

    def search(self, text: str, medium: Medium | None = None, year: int | None = None, page: int = 1) -> Page:
        """Titles by name; films and series mixed without a medium, and then without regard to the year."""
        text = " ".join(text.split())[:MOST_QUERY]
        if not text:
            return Page()
        query: dict[str, str | int] = {"query": text, "include_adult": "false"}
        if year and medium:
            query["primary_release_year" if medium is Medium.MOVIE else "first_air_date_year"] = year
        return self._list(f"/search/{medium or 'multi'}", medium, page, SEARCHES, query)

    def title(self, ref: TitleRef) -> Title:
        """Everything about a title, in one request."""
        value = self._door.get(_path(ref), DETAILS, "id", **self._details)
        found = reading.title(value, ref.medium, self._short)
        if found is None:
            raise SourceUnreadable(source=LABEL)
        return self._with_genres(found)

    def card(self, ref: TitleRef) -> Card | None:
        """What a list has shown of a title lately, while `title` would have to ask; None else."""
        return None if self._door.has(_path(ref), **self._details) else self._seen.get(ref)

    def season(self, tmdb_id: int, number: int) -> Season:
        """A season with its episodes."""
        found = self.seasons(tmdb_id, [number])
        if number not in found:
            raise TitleUnknown(source=LABEL)
        return found[number]

    def seasons(self, tmdb_id: int, numbers: Sequence[int]) -> dict[int, Season]:
        """Seasons with their episodes; those that TMDB does not have are left out."""
        wanted = sorted(set(numbers))
        found: dict[int, Season] = {}
        for start in range(0, len(wanted), MOST_SEASONS):
            some = wanted[start : start + MOST_SEASONS]
            seasons = self._seasons(tmdb_id, some, self._languages[0])
            for language in self._languages[1:]:
                if any(_has_gaps(season) for season in seasons.values()):
                    with suppress(SourceProblem):
                        others = self._seasons(tmdb_id, some, language)
                        seasons = {number: _filled(one, others.get(number)) for number, one in seasons.items()}
            found |= seasons
        return found

    def collection(self, number: int) -> Collection:
        value = self._door.get(f"/collection/{number}", DETAILS, "parts", language=self._languages[0])
        found = reading.collection(value)
        if not self._gaps(found.parts):
            return found
        with suppress(SourceProblem):
            other = reading.collection(
                self._door.get(f"/collection/{number}", DETAILS, "parts", language=self._languages[-1])
            )
            found = replace(
                found, overview=found.overview or other.overview, parts=self._fill(found.parts, other.parts)
            )
        return found

    def discover(self, medium: Medium, filters: Filters | None = None, page: int = 1) -> Page:
        return self._list(f"/discover/{medium}", medium, page, LISTS, (filters or Filters()).query(medium))

    def trending(self, medium: Medium | None = None, window: str = "week", page: int = 1) -> Page:
        """`window` is day or week."""
        return self._list(f"/trending/{medium or 'all'}/{window}", medium, page, LISTS, {})

    def popular(self, medium: Medium, page: int = 1) -> Page:
        return self._list(f"/{medium}/popular", medium, page, LISTS, {})

    def upcoming(self, page: int = 1) -> Page:
        """Films that are about to come out."""
        return self._list("/movie/upcoming", Medium.MOVIE, page, LISTS, {})

    def on_the_air(self, page: int = 1) -> Page:
        """Series with an episode in the coming week."""
        return self._list("/tv/on_the_air", Medium.TV, page, LISTS, {})

    def genres(self, medium: Medium) -> tuple[Genre, ...]:
        """By name; where the reader's language has none, in English."""
        path = f"/genre/{medium}/list"
        names = reading.genres(self._door.get(path, GENRES, "genres", language=self._languages[0]))
        if not all(names.values()):
            with suppress(SourceProblem):
                others = reading.genres(self._door.get(path, GENRES, "genres", language=self._languages[-1]))
                names = {number: name or others.get(number, "") for number, name in names.items()}
        return tuple(sorted((Genre(number, name) for number, name in names.items() if name), key=lambda it: it.name))

    def find(self, *, imdb_id: str = "", tvdb_id: int | None = None) -> Card | None:
        """The title of a foreign number, None when TMDB knows none."""
        number, kind = (imdb_id, "imdb_id") if imdb_id else (str(tvdb_id or ""), "tvdb_id")
        if not number.isalnum():
            return None
        value = self._door.get(
            f"/find/{number}", DETAILS, "movie_results", external_source=kind, language=self._languages[0]
        )
        for medium in Medium:
            rows = {"results": value.get(f"{medium}_results")}
            if cards := reading.page(rows, medium).cards:
                return cards[0]
        return None

    def _list(
        self, path: str, medium: Medium | None, number: int, hours: float, query: Mapping[str, str | int]
    ) -> Page:
        if not 1 <= number <= reading.LAST_PAGE:
            return Page(number=number, pages=reading.LAST_PAGE)

        def asked(language: str) -> Page:
            value = self._door.get(path, hours, "results", **query, page=number, language=language)
            return reading.page(value, medium)

        page = asked(self._languages[0])
        for language in self._languages[1:]:
            if self._gaps(page.cards):
                with suppress(SourceProblem):
                    page = replace(page, cards=self._fill(page.cards, asked(language).cards))
        self._seen.put(page.cards)
        return page

    @property
    def _details(self) -> dict[str, str]:
        return {"language": self._languages[0], "append_to_response": APPENDED}

    def _gaps(self, cards: Sequence[Card]) -> bool:
        return len(self._languages) > 1 and any(not card.overview or self._is_untranslated(card) for card in cards)

    def _is_untranslated(self, card: Card) -> bool:
        if card.name != card.original_name or card.original_language in self._short:
            return False
        return not is_own_name(card.name, self._short[0])

    def _fill(self, cards: Sequence[Card], others: Sequence[Card]) -> tuple[Card, ...]:
        by_ref = {card.ref: card for card in others}
        return tuple(
            replace(
                card,
                name=other.name if self._is_untranslated(card) else card.name,
                overview=card.overview or other.overview,
            )
            if (other := by_ref.get(card.ref))
            else card
            for card in cards
        )

    def _seasons(self, tmdb_id: int, numbers: Sequence[int], language: str) -> dict[int, Season]:
        wanted = ",".join(f"season/{number}" for number in numbers)
        value = self._door.get(f"/tv/{tmdb_id}", SEASONS, "id", language=language, append_to_response=wanted)
        rows = {number: value.get(f"season/{number}") for number in numbers}
        return {number: reading.season(row) for number, row in rows.items() if isinstance(row, dict)}

    def _with_genres(self, title: Title) -> Title:
        if all(genre.name for genre in title.genres):
            return title
        names: dict[int, str] = {}
        with suppress(SourceProblem):
            names = {genre.id: genre.name for genre in self.genres(title.ref.medium)}
        named = (replace(genre, name=genre.name or names.get(genre.id, "")) for genre in title.genres)
        return replace(title, genres=tuple(genre for genre in named if genre.name))


def _path(ref: TitleRef) -> str:
    return f"/{ref.medium}/{ref.tmdb_id}"


def _has_gaps(season: Season) -> bool:
    return any(is_generic(episode.name) or not episode.overview for episode in season.episodes)


def _filled(season: Season, other: Season | None) -> Season:
    if other is None:
        return season
    by_number: dict[int, Any] = {episode.number: episode for episode in other.episodes}
    episodes = tuple(
        replace(
            episode,
            name=second.name if is_generic(episode.name) and not is_generic(second.name) else episode.name,
            overview=episode.overview or second.overview,
        )
        if (second := by_number.get(episode.number))
        else episode
        for episode in season.episodes
    )
    return replace(season, overview=season.overview or other.overview, episodes=episodes)
