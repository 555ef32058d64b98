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

FIRST_NEWS = 0.9  # seconds until a page shows what there is
ALL_NEWS = 0.8  # seconds between two looks at a search that goes on
LONGEST = 14.0  # seconds that a page waits which cannot look again


@dataclass(frozen=True, slots=True)
class Work:
    """`season` is None for a film, and else the one that the page shows, with its episodes."""

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

    def search(self, profile: Profile, *, fresh: bool = False) -> Search:
        return searches.of(Wanted(self.title, self.number, None, self.aired), profile, fresh=fresh)


def load(ref: TitleRef, number: int | None = None) -> Work:
    """A title with the season of that number, else the one that is most likely wanted. Raises SourceProblem."""
    tmdb = providers.tmdb()
    title = tmdb.title(ref)
    if not title.is_series or not title.seasons:
        return Work(title)
    known = {season.number for season in title.seasons}
    chosen = number if number in known else likely(title).number
    title = airing.with_episodes(title, [chosen], tmdb)
    return Work(title, next(season for season in title.seasons if season.number == chosen))


def likely(title: Title) -> Season:
    """Of a series that goes on the newest season that has begun, of another one the first."""
    regular = [season for season in title.seasons if season.number > 0] or list(title.seasons)
    begun = [season for season in regular if season.aired and season.aired <= today()]
    return begun[-1] if title.in_production and begun else regular[0]


def today() -> date:
    return timezone.localdate()
