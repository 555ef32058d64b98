"""What comes out when, of the titles that are wanted or of which something is in the library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from search import airing, library, providers
from search.finder.places import Place
from search.grab.models import Chosen
from search.library import State
from search.problems import SourceProblem
from search.titles import Medium, Title, TitleRef
from search.tmdb import Tmdb
from search.watchlist.models import Wish

MOST_TITLES = 100
AT_ONCE = 4  # questions to TMDB
MOST_FAILURES = 3  # of TMDB in one calendar, each of which may take long; those under way come on top
MOST_SEASONS = 2  # of one series: the newest that have begun by the last day


@dataclass(frozen=True, slots=True)
class Event:
    """A film's first day, or an episode's. `place` and `episode` (its name) are for series."""

    day: date
    title: Title
    state: State
    is_wanted: bool
    place: Place | None = None
    episode: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """In the order of their days. `unknown` are titles that TMDB did not tell of, with the problem."""

    events: tuple[Event, ...]
    unknown: dict[TitleRef, SourceProblem] = field(default_factory=dict)


def calendar(first: date, last: date) -> Calendar:
    """What comes out from the first day to the last, both included."""
    wanted = {row.ref for row in Wish.objects.order_by("-created_at")[:MOST_TITLES]}
    refs = [*sorted(wanted), *sorted(_followed() - wanted)][:MOST_TITLES]
    events, unknown = list[Event](), dict[TitleRef, SourceProblem]()
    for ref, told in zip(refs, _told(refs, last), strict=True):
        if isinstance(told, SourceProblem):
            unknown[ref] = told
        else:
            events += _events(told, first, last, ref in wanted)
    return Calendar(tuple(sorted(events, key=lambda one: (one.day, one.title.card.name, one.place or (0, 0)))), unknown)


def _followed() -> set[TitleRef]:
    """Series of which something was fetched."""
    rows = Chosen.objects.filter(medium=Medium.TV, download__removed_at=None)
    return {TitleRef(Medium.TV, number) for number in rows.values_list("tmdb_id", flat=True).distinct()}


def _told(refs: Sequence[TitleRef], last: date) -> list[Title | SourceProblem]:
    """Of each title what TMDB says, asked side by side; after some failures nobody is asked any more."""
    tmdb, down = providers.tmdb(), list[SourceProblem]()

    def ask(ref: TitleRef) -> Title | SourceProblem:
        if len(down) >= MOST_FAILURES:
            return down[-1]
        try:
            return _known(ref, last, tmdb)
        except SourceProblem as problem:
            if problem.blames_host:
                down.append(problem)
            return problem

    with ThreadPoolExecutor(AT_ONCE) as side_by_side:
        return list(side_by_side.map(ask, refs))


def _known(ref: TitleRef, last: date, tmdb: Tmdb) -> Title:
    title = tmdb.title(ref)
    begun = [season.number for season in title.seasons if season.number and season.aired and season.aired <= last]
    return airing.with_episodes(title, sorted(begun)[-MOST_SEASONS:], tmdb)


def _events(title: Title, first: date, last: date, is_wanted: bool) -> Iterator[Event]:
    today = timezone.localdate()
    if not title.is_series:
        day = title.card.released
        if day and first <= day <= last:
            state = library.of(title).film or (State.MISSING if day <= today else State.COMING)
            yield Event(day, title, state, is_wanted)
        return
    coming = {place: one for place, one in airing.episodes(title).items() if one.aired and first <= one.aired <= last}
    if not coming:
        return
    here = library.of(title)
    out = [place for place, one in coming.items() if one.has_aired(today)]
    for place, one in coming.items():
        assert one.aired is not None
        yield Event(one.aired, title, here.state(place, out), is_wanted, place, airing.name_of(title, place))
