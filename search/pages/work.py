"""The title that a page is about, what of it is wanted, and the search for its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from search import airing, providers, searches
from search.finder.places import Place
from search.finder.search import Search, Wanted
from search.releases import Profile
from search.titles import Season, Title, TitleRef
from search.tmdb import Tmdb

SOON = 0.05  # seconds in which a search ends of which all is known; else a page comes without
FIRST_NEWS = 1.5  # seconds for which a page waits for its first file
ALL_NEWS = 0.8  # seconds between two looks at a search that goes on
LONGEST = 14.0  # seconds that a page waits which cannot look again


@dataclass(frozen=True, slots=True)
class Work:
    """`season` is None for a film, and else the one that the page shows, with its episodes once they are known."""

    title: Title
    season: Season | None = None

    @property
    def number(self) -> int | None:
        return self.season.number if self.season else None

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.season.number,) if self.season else ()

    @property
    def aired(self) -> frozenset[Place]:
        return airing.aired(self.title, self.numbers, today())

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.title, self.number, None, self.aired)

    def search(self, profile: Profile, *, fresh: bool = False) -> Search:
        """Begun with what is known by now; the episodes are learned while the sources are asked."""
        tmdb = providers.tmdb()  # in the reader's language, which other threads do not know
        first = Wanted(self.title, self.number)
        return searches.of(first, profile, fresh=fresh, learn=lambda: self.with_episodes(tmdb).wanted)

    def with_episodes(self, tmdb: Tmdb) -> Work:
        """Raises SourceProblem."""
        return self.of(airing.with_episodes(self.title, self.numbers, tmdb))

    def of(self, title: Title) -> Work:
        """The same of a title of which more is known by now."""
        return Work(title) if self.season is None else of_season(title, self.season.number)


def begin(ref: TitleRef, number: int | None = None) -> Work:
    """A title with the season of that number, else the one that is most likely wanted, without its episodes.

    Raises SourceProblem.
    """
    tmdb = providers.tmdb()
    if card := tmdb.card(ref):
        searches.ahead(card, number)
    title = tmdb.title(ref)
    if not title.is_series or not title.seasons:
        return Work(title)
    known = {season.number for season in title.seasons}
    return of_season(title, number if number is not None and number in known else likely(title).number)


def load(ref: TitleRef, number: int | None = None) -> Work:
    """The same with the season's episodes."""
    return begin(ref, number).with_episodes(providers.tmdb())


def of_season(title: Title, number: int) -> Work:
    return Work(title, next(season for season in title.seasons if season.number == number))


def likely(title: Title) -> Season:
    """Of a series that goes on the newest season that has begun, of another one the first."""
    regular = [season for season in title.seasons if season.number > 0] or list(title.seasons)
    begun = [season for season in regular if season.aired and season.aired <= today()]
    return begun[-1] if title.in_production and begun else regular[0]


def today() -> date:
    return timezone.localdate()
