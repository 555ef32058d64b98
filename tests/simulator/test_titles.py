from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from flasharr.simulator import Simulator, demo_world
from flasharr.simulator.registry import KINDS, TIMFSHARE, TMDB
from flasharr.simulator.titles.catalogue import read_catalogue
from flasharr.simulator.titles.offers import offers_of
from flasharr.simulator.titles.world import title_world
from tests.simulator.watching import Seen, fetch


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(title_world()) as simulator:
        simulator.world.rules.tmdb_per_second = 0
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    running.clear_faults()
    running.journal.clear()
    return running


def tmdb(simulator: Simulator, path: str, **query: Any) -> Seen:
    given = urlencode({"api_key": simulator.world.titles.key, **query})
    return fetch(f"{simulator.url}/tmdb{path}?{given}")


def timfshare(simulator: Simulator, query: str) -> Seen:
    headers = {
        "Origin": "https://timfshare.com",
        "Referer": "https://timfshare.com/search?key=x",
        "Content-Length": "0",
    }
    target = f"{simulator.url}/timfshare/api/v1/string-query-search?{urlencode({'query': query})}"
    return fetch(target, headers, "POST")


def test_the_world_is_large_enough_to_be_wrong_in() -> None:
    catalogue = read_catalogue()
    offers = offers_of(catalogue)
    assert (len(catalogue.films), len(catalogue.series)) >= (60, 20)
    assert len({film.name for film in catalogue.films}) < len(catalogue.films)  # remakes
    assert len({offer.code for offer in offers}) == len(offers) > 800
    videos = [offer for offer in offers if not (offer.is_folder or offer.name.endswith(".srt"))]
    assert all(offer.size > 10_000_000 for offer in videos)
    solo = [offer.name for offer in offers if offer.name.startswith("Solo.Leveling.S01")]
    assert len(solo) == 10
    assert not any("S01E05" in name or "S01E09" in name for name in solo)


def test_what_is_offered_can_be_fetched_and_is_as_large_as_it_says(simulator: Simulator) -> None:
    for world in (simulator.world, demo_world()):
        for offer in world.titles.offers:
            if offer.is_folder:
                assert set(world.folders[offer.code].items) <= set(world.files)
            else:
                assert (world.files[offer.code].name, world.files[offer.code].size) == (offer.name, offer.size)
    with Simulator(demo_world(speed=0)) as demo:
        least = min((one for one in demo.world.titles.offers if not one.is_folder), key=lambda one: one.size)
        assert len(fetch(demo.direct_url(least.code)).body) == least.size
    assert max(offer.size for offer in demo_world().titles.offers) < 600_000_000


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ({"query": "dune", "primary_release_year": 1984}, 841),
        ({"query": "dune"}, 841),
        ({"query": "hanh tinh cat"}, 438631),
        ({"query": "bố già"}, 9000002),
    ],
)
def test_search_finds_by_every_name(simulator: Simulator, query: dict[str, Any], first: int) -> None:
    assert tmdb(simulator, "/search/movie", **query).json()["results"][0]["id"] == first


def test_text_falls_back_as_at_tmdb(simulator: Simulator) -> None:
    row = tmdb(simulator, "/search/movie", query="your name", language="vi-VN").json()["results"][0]
    assert (row["title"], row["overview"]) == ("君の名は。", "")
    assert tmdb(simulator, "/genre/tv/list", language="vi-VN").json()["genres"][0] == {"id": 10759, "name": None}


def test_details_bring_what_is_appended(simulator: Simulator) -> None:
    wanted = "translations,alternative_titles,external_ids,season/1,season/9"
    seen = tmdb(simulator, "/tv/1399", append_to_response=wanted, language="vi-VN").json()
    assert seen["name"] == "Trò Chơi Vương Quyền"
    assert [episode["name"] for episode in seen["season/1"]["episodes"]][:2] == ["Tập 1", "Tập 2"]
    assert "season/9" not in seen
    assert seen["external_ids"]["tvdb_id"] == 121361


def test_discover_filters_and_ends(simulator: Simulator) -> None:
    filters = {"with_genres": "27|53", "primary_release_date.gte": "2015-01-01", "with_original_language": "en"}
    found = tmdb(simulator, "/discover/movie", **filters, sort_by="primary_release_date.desc").json()
    dates = [row["release_date"] for row in found["results"]]
    assert dates == sorted(dates, reverse=True)
    assert {"2017-09-06", "2019-03-20"} <= set(dates)
    pages = tmdb(simulator, "/discover/movie").json()["total_pages"]
    assert tmdb(simulator, "/discover/movie", page=pages + 1).json()["results"] == []


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("/movie/999", {}, 404, 34),
        ("/movie/841", {"api_key": "wrong"}, 401, 7),
        ("/tv/1399/season/9", {}, 404, 34),
        ("/discover/movie", {"page": 501}, 400, 22),
        ("/movie/841", {"append_to_response": ",".join(map(str, range(21)))}, 400, 27),
    ],
)
def test_refusals(simulator: Simulator, path: str, query: dict[str, Any], status: int, code: int) -> None:
    seen = tmdb(simulator, path, **query)
    assert (seen.status, seen.json()["status_code"]) == (status, code)


def test_a_token_opens_it_too(simulator: Simulator) -> None:
    headers = {"Authorization": f"Bearer {simulator.world.titles.token}"}
    assert fetch(f"{simulator.url}/tmdb/movie/841", headers).status == 200


def test_who_asks_too_fast_is_told(simulator: Simulator) -> None:
    simulator.world.rules.tmdb_per_second = 3
    try:
        statuses = [tmdb(simulator, "/movie/841").status for _ in range(4)]
    finally:
        simulator.world.rules.tmdb_per_second = 0
    assert statuses == [200, 200, 200, 429]


def test_pictures_are_pictures(simulator: Simulator) -> None:
    seen = fetch(f"{simulator.url}/images/w342/movie-841.png")
    assert (seen.headers["content-type"], seen.body[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert fetch(f"{simulator.url}/images/w342/movie-842.png").status == 404


def test_timfshare_finds_names_without_marks(simulator: Simulator) -> None:
    names = [row["name"] for row in timfshare(simulator, "mat.biec").json()["data"]]
    assert len(names) == 3
    assert any("Mắt Biếc" in name for name in names)
    folders = [row for row in timfshare(simulator, "người phán xử vtv3").json()["data"] if row["file_type"] == "0"]
    assert folders[0]["url"].startswith("https://www.fshare.vn/folder/")


FAULTS: list[tuple[str, Any, Any]] = [
    ("cloudflare", None, lambda seen: seen.status == 403 and b"<html" in seen.body),
    ("no_data", None, lambda seen: seen.json()["data"] is None),
    ("many_rows", None, lambda seen: len(seen.json()["data"]) == 5000),
    ("twice", None, lambda seen: len(seen.json()["data"]) == 6 and "?token=" in seen.json()["data"][5]["url"]),
    ("odd_rows", None, lambda seen: isinstance(seen.json()["data"][-1]["size"], str)),
    ("late", 0.05, lambda seen: len(seen.json()["data"]) == 3),
    ("rate_limited", 7, lambda seen: (seen.status, seen.headers["retry-after"]) == (429, "7")),
]


@pytest.mark.parametrize(("name", "value", "shows"), FAULTS, ids=[name for name, _, _ in FAULTS])
def test_faults_of_timfshare(simulator: Simulator, name: str, value: Any, shows: Any) -> None:
    simulator.fault(name, call="timfshare", value=value)
    assert shows(timfshare(simulator, "mat biec"))
    assert len(timfshare(simulator, "mat biec").json()["data"]) == 3


@pytest.mark.parametrize(
    ("name", "value", "status"), [("tmdb_error", 46, 503), ("tmdb_error", 25, 429), ("cloudfront", None, 504)]
)
def test_faults_of_tmdb(simulator: Simulator, name: str, value: Any, status: int) -> None:
    simulator.fault(name, value=value)
    assert tmdb(simulator, "/movie/841").status == status
    assert tmdb(simulator, "/movie/841").status == 200


def test_every_fault_of_a_search_is_in_the_tables() -> None:
    shown = {name for name, _, _ in FAULTS} | {"tmdb_error", "cloudfront"}
    assert {name for name, kind in KINDS.items() if kind.calls in (TMDB, TIMFSHARE)} <= shown
