"""TMDB's lists: search, discover, trending and the rest, each in its order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flasharr.simulator.titles.catalogue import Catalogue, Film, Series, fold
from flasharr.simulator.tmdb_shapes import genre_ids

Work = Film | Series

SORTS: dict[str, Callable[[Work], Any]] = {
    "popularity": lambda work: work.popularity,
    "vote_average": lambda work: work.rating,
    "vote_count": lambda work: work.rating,
    "primary_release_date": lambda work: work.first,
    "release_date": lambda work: work.first,
    "first_air_date": lambda work: work.first,
    "title": lambda work: work.name,
    "name": lambda work: work.name,
    "original_title": lambda work: work.original_name,
}


def searched(works: Sequence[Work], query: str, year: str) -> list[Work]:
    """Those with a name whose words begin with the words asked for; whose name it is, before whose it is not."""
    asked = fold(query)
    found = [
        (rank, work)
        for work in works
        if (rank := _rank(work, asked)) is not None and year in ("", str(work.first.year))
    ]
    return [work for _, work in sorted(found, key=lambda pair: (pair[0], -pair[1].popularity))]


def _rank(work: Work, asked: str) -> int | None:
    names = [fold(name) for name in work.names]
    if asked in names:
        return 0
    if asked and any(all(f" {word}" in f" {name}" for word in asked.split()) for name in names):
        return 1
    return None


def discovered(works: Sequence[Work], query: dict[str, str]) -> list[Work]:
    """Filtered and sorted as the query says; what it does not know it passes over, as TMDB does."""
    found = [work for work in works if all(test(work, query) for test in FILTERS)]
    key, _, direction = query.get("sort_by", "popularity.desc").partition(".")
    return sorted(found, key=SORTS.get(key, SORTS["popularity"]), reverse=direction != "asc")


def _genres(work: Work, query: dict[str, str]) -> bool:
    """A comma is AND, a bar is OR."""
    has = {str(number) for number in genre_ids(work)}
    wanted, unwanted = query.get("with_genres", ""), query.get("without_genres", "")
    if unwanted and has & set(re.split(r"[,|]", unwanted)):
        return False
    if "|" in wanted:
        return bool(has & set(wanted.split("|")))
    return not wanted or set(wanted.split(",")) <= has


def _dates(work: Work, query: dict[str, str]) -> bool:
    name = "primary_release_date" if isinstance(work, Film) else "first_air_date"
    year = "primary_release_year" if isinstance(work, Film) else "first_air_date_year"
    day = work.first.isoformat()
    return query.get(f"{name}.gte", "") <= day <= (query.get(f"{name}.lte") or "9999") and query.get(year, "") in (
        "",
        day[:4],
    )


def _votes(work: Work, query: dict[str, str]) -> bool:
    return (
        float(query.get("vote_average.gte") or 0) <= work.rating <= float(query.get("vote_average.lte") or 10)
        and float(query.get("vote_count.gte") or 0) <= work.rating * 1000
    )


def _language(work: Work, query: dict[str, str]) -> bool:
    return query.get("with_original_language", "") in ("", work.language)


def _runtime(work: Work, query: dict[str, str]) -> bool:
    least, most = query.get("with_runtime.gte"), query.get("with_runtime.lte")
    return float(least or 0) <= (work.runtime or 0) <= float(most or 9999)


FILTERS = (_genres, _dates, _votes, _language, _runtime)


def named_list(catalogue: Catalogue, medium: str, name: str, today: date) -> list[Work] | None:
    """popular, top_rated, upcoming ... ; None for a list that there is not."""
    works: Sequence[Work] = catalogue.films if medium == "movie" else catalogue.series
    out = [work for work in works if work.first <= today]
    if name == "popular":
        return sorted(works, key=SORTS["popularity"], reverse=True)
    if name == "top_rated":
        return sorted(out, key=SORTS["vote_average"], reverse=True)
    if name == "upcoming" and medium == "movie":
        return sorted((work for work in works if work.first > today), key=lambda work: work.first)
    if name == "now_playing" and medium == "movie":
        return sorted(out, key=lambda work: work.first, reverse=True)[:20]
    if name in ("on_the_air", "airing_today") and medium == "tv":
        return [work for work in out if isinstance(work, Series) and not work.ended]
    return None
