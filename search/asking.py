"""What the doors for programs ask: titles by name, a title, its files. The pages ask the same things bit by bit."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from search import airing, providers, searches
from search.finder.search import Results, Wanted
from search.problems import SourceProblem, TmdbKeyMissing
from search.quality import queries as quality
from search.quality.models import QualityProfile
from search.releases import fold, parse
from search.titles import Card, Medium, Page, Title, TitleRef, of_card
from search.tmdb import Tmdb

LONGEST_WAIT = 20.0  # seconds


def titles(text: str, medium: Medium | None = None, year: int | None = None, page: int = 1) -> Page:
    """Titles by name. What is none is read as the name of a file: "dune 2021" is Dune, that of 2021 first.

    Raises SourceProblem.
    """
    tmdb = providers.tmdb()
    found, said = tmdb.search(text, medium, year, page), parse(text)
    if found.cards or not said.title or fold(said.title) == fold(text):
        return found
    found, wanted = tmdb.search(said.title, medium, year, page), year or said.year
    return replace(found, cards=tuple(sorted(found.cards, key=lambda card: bool(wanted) and card.year != wanted)))


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
    tmdb = providers.tmdb()
    wanted = Wanted(one, season, episode)
    search = searches.of(wanted, quality.pure(profile), learn=lambda: with_aired(wanted, tmdb))
    return search.wait(wait, for_all=True)


def with_aired(wanted: Wanted, tmdb: Tmdb) -> Wanted:
    """With the episodes of its season, and which of those that are wanted exist by now."""
    title, season, episode = wanted.title, wanted.season, wanted.episode
    if not title.is_series or season is None:
        return wanted
    with suppress(SourceProblem):  # then a season is as long as TMDB said it is
        title = airing.with_episodes(title, [season], tmdb)
    aired = airing.aired(title, [season], timezone.localdate())
    return Wanted(title, season, episode, aired if episode is None else aired & {(season, episode)})


@dataclass(frozen=True, slots=True)
class Guess:
    """The title that a name most likely means, and others that it may mean, the likeliest first."""

    title: Title
    others: tuple[Card, ...] = ()


def likeliest(text: str, medium: Medium | None = None, year: int | None = None) -> Guess | None:
    """Who is called exactly so comes first, then who has the most votes; a title that is not out yet waits behind.

    Without a TMDB key it is one that has nothing but this name. Raises SourceProblem.
    """
    try:
        cards = providers.tmdb().search(text, medium, year).cards
    except TmdbKeyMissing:
        unknown = by_name(text, medium or Medium.MOVIE, year)
        return Guess(unknown) if unknown else None
    today, name = timezone.localdate(), fold(text)

    def order(card: Card) -> tuple[bool, bool, int, float]:
        is_exact = name in (fold(card.name), fold(card.original_name))
        is_out = card.released is not None and card.released <= today
        return not is_exact, not is_out, -card.votes, -card.popularity

    fitting = sorted((card for card in cards if year is None or card.year == year), key=order)
    return Guess(title(fitting[0].ref), tuple(fitting[1:])) if fitting else None


def by_name(text: str, medium: Medium, year: int | None = None) -> Title | None:
    """A title of which nothing is known but its name; its number is 0."""
    name = " ".join(text.split())
    if not fold(name):
        return None
    card = Card(TitleRef(medium, 0), name, released=date(year, 1, 1) if year and 1 <= year <= 9999 else None)
    return of_card(card)
