"""What the doors for programs ask: titles by name, a title, its files. The pages ask the same things bit by bit."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone

from search import airing, providers, searches
from search.finder.search import Results, Wanted
from search.problems import SourceProblem
from search.quality import queries as quality
from search.quality.models import QualityProfile
from search.titles import Medium, Page, Title, TitleRef

LONGEST_WAIT = 20.0  # seconds


def titles(text: str, medium: Medium | None = None, year: int | None = None, page: int = 1) -> Page:
    """Titles by name. Raises SourceProblem."""
    return providers.tmdb().search(text, medium, year, page)


def title(ref: TitleRef) -> Title:
    """Raises SourceProblem."""
    return providers.tmdb().title(ref)


def files(
    one: Title,
    season: int | None = None,
    episode: int | None = None,
    profile: QualityProfile | None = None,
    wait: float = LONGEST_WAIT,
) -> Results:
    """The files of a title, ranked, with what is refused. Aired episodes that nobody offers are named."""
    aired: frozenset[tuple[int, int]] = frozenset()
    if one.is_series and season is not None:
        with suppress(SourceProblem):  # then nobody knows what is missing
            one = airing.with_episodes(one, [season], providers.tmdb())
        aired = airing.aired(one, [season], timezone.localdate())
        if episode is not None:
            aired &= {(season, episode)}
    return searches.of(Wanted(one, season, episode, aired), quality.pure(profile)).wait(wait, for_all=True)
