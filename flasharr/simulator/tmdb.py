"""https://api.themoviedb.org/3 over the world of titles."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from flasharr.simulator.answers import Answer, json_answer
from flasharr.simulator.journal import Request
from flasharr.simulator.state import State
from flasharr.simulator.titles.catalogue import Catalogue, Film, Series, Titles
from flasharr.simulator.tmdb_answers import paged, refusal
from flasharr.simulator.tmdb_lists import Work, discovered, named_list, searched
from flasharr.simulator.tmdb_shapes import (
    alternative_titles,
    detailed,
    external_ids,
    genres,
    listed,
    season_of,
    translations,
)
from flasharr.simulator.visit import Visit

MOST_APPENDED = 20
APPENDED: dict[str, Callable[[Work], dict[str, Any]]] = {
    "alternative_titles": alternative_titles,
    "translations": translations,
    "external_ids": external_ids,
    "credits": lambda work: {"cast": [], "crew": []},
}


def identify(visit: Visit, state: State) -> None:
    visit.call = "tmdb_" + (visit.path.strip("/").split("/")[0] or "root")


def answer(visit: Visit, state: State, request: Request) -> Answer:
    reply = _answer(visit, state)
    reply.delay += state.world.rules.tmdb_latency
    return reply


def _answer(visit: Visit, state: State) -> Answer:
    titles, query = state.world.titles, visit.query
    if not _may_enter(visit, titles):
        return refusal(7)
    if _is_too_fast(state):
        return refusal(25)
    language = query.get("language", "en-US").partition("-")[0]
    for pattern, act in ROUTES:
        if match := re.fullmatch(pattern, visit.path.rstrip("/")):
            return act(Asked(titles, query, language, _today(state), match.groups()))
    return refusal(34)


class Asked:
    """A request that was understood. `parts` are what its path names."""

    def __init__(
        self, titles: Titles, query: dict[str, str], language: str, today: date, parts: tuple[str | None, ...]
    ) -> None:
        self.titles, self.query, self.language, self.today = titles, query, language, today
        self.parts = [part or "" for part in parts]

    @property
    def catalogue(self) -> Catalogue:
        return self.titles.catalogue

    def works(self, medium: str) -> list[Work]:
        films, series = self.catalogue.films, self.catalogue.series
        return [*(films if medium != "tv" else ()), *(series if medium != "movie" else ())]

    def find(self) -> Work | None:
        medium, number = self.parts[:2]
        return next((work for work in self.works(medium) if work.id == int(number)), None)

    def page(self, works: list[Work], typed: bool = False) -> Answer:
        rows = [listed(work, self.language, typed) for work in works]
        return paged(rows, self.query.get("page", "1"))


def _search(asked: Asked) -> Answer:
    if not asked.query.get("query", "").strip():
        return json_answer(422, {"errors": ["query must be provided"]})
    medium = asked.parts[0]
    year = asked.query.get("primary_release_year") or asked.query.get("first_air_date_year") or asked.query.get("year")
    found = searched(asked.works(medium), asked.query["query"], year or "")
    if medium != "multi":
        return asked.page(found)
    person = {"id": 1, "media_type": "person", "name": asked.query["query"], "profile_path": None, "known_for": []}
    rows = [listed(work, asked.language, True) for work in found]
    return paged([*rows, person], asked.query.get("page", "1"))


def _details(asked: Asked) -> Answer:
    work = asked.find()
    names = [name for name in asked.query.get("append_to_response", "").split(",") if name]
    if work is None:
        return refusal(34)
    if len(names) > MOST_APPENDED:
        return refusal(27)
    value = detailed(work, asked.catalogue, asked.language, asked.titles.shows_runtime)
    return json_answer(200, value | {name: it for name in names if (it := _appended(asked, work, name)) is not None})


def _appended(asked: Asked, work: Work, name: str) -> dict[str, Any] | None:
    if name in APPENDED:
        return APPENDED[name](work)
    season = work.season(int(name[7:])) if isinstance(work, Series) and re.fullmatch(r"season/\d{1,4}", name) else None
    if season is None or not isinstance(work, Series):
        return None
    return season_of(work, season, asked.language, asked.titles.shows_runtime)


def _part(asked: Asked) -> Answer:
    work = asked.find()
    if work is None or asked.parts[2] not in APPENDED:
        return refusal(34)
    return json_answer(200, {"id": work.id, **APPENDED[asked.parts[2]](work)})


def _season(asked: Asked) -> Answer:
    work = next((one for one in asked.catalogue.series if one.id == int(asked.parts[0])), None)
    season = work.season(int(asked.parts[1])) if work else None
    if work is None or season is None:
        return refusal(34)
    return json_answer(200, season_of(work, season, asked.language, asked.titles.shows_runtime))


def _named(asked: Asked) -> Answer:
    found = named_list(asked.catalogue, asked.parts[0], asked.parts[1], asked.today)
    return refusal(34) if found is None else asked.page(found)


def _trending(asked: Asked) -> Answer:
    out = [work for work in asked.works(asked.parts[0]) if work.first <= asked.today]
    return asked.page(sorted(out, key=lambda work: -work.popularity), typed=True)


def _collection(asked: Asked) -> Answer:
    number = int(asked.parts[0])
    name = asked.catalogue.collections.get(number)
    if name is None:
        return refusal(34)
    parts = [listed(film, asked.language, True) for film in asked.catalogue.films if film.collection == name]
    shown = {"id": number, "name": name, "overview": "", "poster_path": None, "backdrop_path": None}
    return json_answer(200, {**shown, "parts": parts})


def _find(asked: Asked) -> Answer:
    key = {"imdb_id": "imdb", "tvdb_id": "tvdb"}.get(asked.query.get("external_source", ""))
    found = [work for work in asked.works("") if key and str(getattr(work, key, "")) == asked.parts[0]]
    films = [listed(work, asked.language, True) for work in found if isinstance(work, Film)]
    series = [listed(work, asked.language, True) for work in found if isinstance(work, Series)]
    empty: dict[str, Any] = {"person_results": [], "tv_episode_results": [], "tv_season_results": []}
    return json_answer(200, {**empty, "movie_results": films, "tv_results": series})


ROUTES: tuple[tuple[str, Callable[[Asked], Answer]], ...] = (
    (r"/authentication", lambda asked: json_answer(200, {"success": True, "status_code": 1})),
    (r"/search/(movie|tv|multi)", _search),
    (r"/discover/(movie|tv)", lambda asked: asked.page(discovered(asked.works(asked.parts[0]), asked.query))),
    (r"/trending/(all|movie|tv)/(day|week)", _trending),
    (r"/genre/(movie|tv)/list", lambda asked: json_answer(200, {"genres": genres(asked.parts[0], asked.language)})),
    (r"/collection/(\d{1,9})", _collection),
    (r"/find/([\w-]+)", _find),
    (r"/tv/(\d{1,9})/season/(\d{1,4})", _season),
    (r"/(movie|tv)/(\d{1,9})", _details),
    (r"/(movie|tv)/(\d{1,9})/(\w+)", _part),
    (r"/(movie|tv)/([a-z_]+)", _named),
)


def _may_enter(visit: Visit, titles: Titles) -> bool:
    bearer = str(visit.headers.get("Authorization", "")).removeprefix("Bearer ")
    key = visit.query.get("api_key", "")
    return hmac.compare_digest(key, titles.key) or hmac.compare_digest(bearer, titles.token)


def _is_too_fast(state: State) -> bool:
    """More requests in the last second than the rules allow; this one is in the journal already."""
    allowed, now = state.world.rules.tmdb_per_second, state.clock.now()
    recent = [request for request in state.journal.requests[-2 * allowed - 2 :] if request.part == "tmdb"]
    return bool(allowed) and sum(now - request.time < 1 for request in recent) > allowed


def _today(state: State) -> date:
    return datetime.fromtimestamp(state.clock.now(), UTC).date()
