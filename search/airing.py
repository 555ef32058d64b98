"""Which episodes of a series there are by now, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from search.finder.places import Place
from search.titles import Episode, Season, Title, is_only_a_number
from search.tmdb import Tmdb


def with_episodes(title: Title, numbers: Iterable[int], tmdb: Tmdb) -> Title:
    """The title with the episodes of these seasons. Raises SourceProblem."""
    wanted = [season.number for season in title.seasons if season.number in set(numbers) and not season.episodes]
    if not title.is_series or not wanted:
        return title
    known = tmdb.seasons(title.ref.tmdb_id, wanted)
    seasons = (
        replace(season, episodes=known[season.number].episodes) if season.number in known else season
        for season in title.seasons
    )
    return replace(title, seasons=tuple(seasons))


def numbered(season: Season) -> tuple[Episode, ...]:
    """Its episodes, by their number alone where no more is known of them."""
    return season.episodes or tuple(Episode(season.number, number) for number in range(1, season.episode_count + 1))


def regular(title: Title) -> tuple[int, ...]:
    """The numbers of its seasons, without the specials."""
    return tuple(season.number for season in title.seasons if season.number > 0)


def episodes(title: Title) -> dict[Place, Episode]:
    """Those that are known, by their place."""
    return {(one.season, one.number): one for season in title.seasons for one in season.episodes}


def aired(title: Title, seasons: Iterable[int], today: date) -> frozenset[Place]:
    """What exists by now of the seasons. A season without known days is counted whole, unless it is still to come.

    An episode without a day is as old as those behind it; of specials, which come in any order, nothing is known.
    """
    found: set[Place] = set()
    for season in title.seasons:
        if season.number not in set(seasons):
            continue
        if any(one.aired for one in season.episodes):
            out = {one.number for one in season.episodes if one.has_aired(today)}
            last = max(out, default=0) if season.number else 0
            undated = {one.number for one in season.episodes if one.aired is None and one.number < last}
            found |= {(season.number, number) for number in out | undated}
        elif season.aired is None or season.aired <= today:
            found |= {(season.number, number) for number in range(1, season.episode_count + 1)}
    return frozenset(found)


def name_of(title: Title, place: Place) -> str:
    """The name of an episode, "" where it has none but its number."""
    known = episodes(title).get(place)
    return known.name if known and not is_only_a_number(known.name) else ""
