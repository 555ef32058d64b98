from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flasharr.simulator import Simulator
from search.pace import Pace
from search.problems import (
    SourceBusy,
    SourceDown,
    SourceProblem,
    SourceUnreadable,
    TitleUnknown,
    TmdbKeyMissing,
    TmdbKeyRefused,
)
from search.titles import Card, Medium, TitleRef
from search.tmdb import Filters, Sort, Tmdb, reading
from tests.search.providers import asked, titles, tmdb

DUNE = TitleRef(Medium.MOVIE, 438631)
SOLO = TitleRef(Medium.TV, 127532)


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with titles() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    running.clear_faults()
    running.journal.wait_idle()  # whoever hung up a moment ago
    running.journal.clear()
    running.world.rules.tmdb_per_second = 0
    return running


@pytest.fixture
def client(simulator: Simulator, tmp_path: Path) -> Tmdb:
    return tmdb(simulator, tmp_path)


@pytest.fixture
def english(simulator: Simulator, tmp_path: Path) -> Tmdb:
    return tmdb(simulator, tmp_path, languages=("en-US", "vi-VN"))


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between tries."""
    monkeypatch.setattr("search.wire.LEAST_PAUSE", 0.001)


def test_a_title_with_everything_takes_one_request(client: Tmdb, simulator: Simulator) -> None:
    title = client.title(DUNE)
    assert (title.card.name, title.card.original_name, title.card.year) == ("Dune: Hành Tinh Cát", "Dune", 2021)
    assert [name.text for name in title.names] == ["Dune: Hành Tinh Cát", "Dune", "Dune: Part One"]
    assert title.named_in("vi") == "Dune: Hành Tinh Cát"
    assert title.card.overview.startswith("Gia tộc")
    assert (title.runtime, title.imdb_id, title.card.rating) == (155, "tt1160419", 7.8)
    assert title.collection is not None
    assert "Phim Phiêu Lưu" in [genre.name for genre in title.genres]
    assert len(asked(simulator)) == 1


def test_each_field_falls_back_by_itself(client: Tmdb) -> None:
    her = client.title(TitleRef(Medium.MOVIE, 152601)).card
    assert (her.name, her.overview[:8]) == ("Hạnh Phúc Ảo", "A lonely")
    assert client.title(TitleRef(Medium.MOVIE, 372058)).card.name == "Your Name."
    assert client.title(TitleRef(Medium.MOVIE, 9000002)).card.name == "Bố Già"


def test_a_list_is_completed_in_english_only_where_it_has_gaps(client: Tmdb, simulator: Simulator) -> None:
    (card,) = client.search("your name", Medium.MOVIE).cards
    assert (card.name, card.original_name, card.overview[:5]) == ("Your Name.", "君の名は。", "A boy")
    assert len(asked(simulator)) == 2
    simulator.journal.clear()
    client.search("mắt biếc", Medium.MOVIE)
    assert len(asked(simulator)) == 1


@pytest.mark.parametrize("results", [None, "none", {}])
def test_a_list_that_is_none_is_not_kept_as_nothing_found(
    client: Tmdb, simulator: Simulator, tmp_path: Path, results: Any
) -> None:
    simulator.fault("empty_object", call="tmdb", value={"results": results, "page": 1}, count=None)
    with pytest.raises(SourceUnreadable):
        client.search("dune", Medium.MOVIE)
    simulator.clear_faults()
    assert tmdb(simulator, tmp_path).search("dune", Medium.MOVIE).cards


def test_what_only_fills_gaps_may_fail(client: Tmdb, simulator: Simulator, no_pause: None) -> None:
    toys = client.title(TitleRef(Medium.MOVIE, 862)).collection
    assert toys is not None
    asks: list[Callable[[], Any]] = [
        lambda: client.search("your name", Medium.MOVIE).cards,
        lambda: client.season(SOLO.tmdb_id, 1).episodes,
        lambda: client.collection(toys.id).parts,
        lambda: client.genres(Medium.TV),
    ]
    for ask in asks:
        simulator.fault("server_error", call="tmdb", skip=1, count=None)
        assert ask()
        simulator.clear_faults()


def test_a_title_is_shown_without_the_genres_that_nobody_names(client: Tmdb, simulator: Simulator) -> None:
    simulator.fault("tmdb_error", value=34, skip=1, count=None)
    assert client.title(TitleRef(Medium.TV, 93405)).genres


def test_in_english_a_name_in_latin_letters_stays_as_it_is(english: Tmdb, simulator: Simulator) -> None:
    (card,) = english.search("dark", Medium.TV).cards
    assert (card.name, card.original_language) == ("Dark", "de")
    assert english.title(card.ref).card.name == "Dark"
    assert english.search("parasite", Medium.MOVIE).cards[0].name == "Parasite"
    assert len(asked(simulator)) == 3


@pytest.mark.parametrize(
    ("original", "language", "shown"), [("Das Boot", "de", "Das Boot"), ("기생충", "ko", "Ký Sinh Trùng")]
)
def test_in_english_another_script_gives_way_to_vietnamese(original: str, language: str, shown: str) -> None:
    vietnamese = {"iso_639_1": "vi", "iso_3166_1": "VN", "data": {"title": "Ký Sinh Trùng"}}
    english = {"iso_639_1": "en", "iso_3166_1": "US", "data": {"title": ""}}
    row = {
        "id": 5,
        "title": original,
        "original_title": original,
        "original_language": language,
        "translations": {"translations": [vietnamese, english]},
    }
    title = reading.title(row, Medium.MOVIE, ("en", "vi"))
    assert title is not None
    assert title.card.name == shown


def test_a_mixed_search_leaves_people_out(client: Tmdb) -> None:
    assert {card.ref.medium for card in client.search("one piece").cards} == {Medium.TV}
    mixed = {card.ref.medium for card in client.search("house").cards}
    assert mixed == {Medium.MOVIE, Medium.TV}
    assert client.search("  ").cards == ()


def test_a_year_tells_remakes_apart(client: Tmdb) -> None:
    assert [card.ref.tmdb_id for card in client.search("dune", Medium.MOVIE, 1984).cards] == [841]
    assert [card.ref.tmdb_id for card in client.search("shogun", Medium.TV, 1980).cards] == [3529]


def test_a_season_takes_names_from_where_there_are_some(client: Tmdb, simulator: Simulator) -> None:
    season = client.season(SOLO.tmdb_id, 1)
    assert [episode.name for episode in season.episodes[:2]] == ["I'm Used to It", "If I Had One More Chance"]
    assert (len(season.episodes), season.episodes[1].aired) == (12, date(2024, 1, 14))
    assert len(asked(simulator)) == 2
    assert client.season(SOLO.tmdb_id, 2).episodes[2].name == "Tập 3"
    with pytest.raises(TitleUnknown):
        client.season(SOLO.tmdb_id, 9)


def test_a_series_knows_its_seasons_and_numbers(client: Tmdb) -> None:
    title = client.title(TitleRef(Medium.TV, 1399))
    assert [(season.number, season.episode_count) for season in title.seasons] == [(0, 3), (1, 10), (2, 10)]
    assert (title.tvdb_id, title.in_production, title.ended) == (121361, False, date(2012, 6, 3))
    assert title.wanted(1).seasons[1].name == ""  # "Season 1" is no name


def test_genres_without_a_name_come_in_english(client: Tmdb) -> None:
    names = [genre.name for genre in client.genres(Medium.TV)]
    assert {"Action & Adventure", "Phim Hình Sự"} <= set(names)
    title = client.title(TitleRef(Medium.TV, 93405))
    assert "Action & Adventure" in [genre.name for genre in title.genres]


def test_discover_filters_sorts_and_ends(client: Tmdb) -> None:
    filters = Filters(genres=(27,), year_from=2015, year_to=2020, rating_from=6.9, sort=Sort.NEWEST)
    found = client.discover(Medium.MOVIE, filters).cards
    assert [card.ref.tmdb_id for card in found] == [458723, 346364, 396535][: len(found)]
    assert all(card.year and 2015 <= card.year <= 2020 and (card.rating or 0) >= 6.9 for card in found)
    seen: list[Card] = []
    page = client.discover(Medium.MOVIE)
    while page.next:
        seen += page.cards
        page = client.discover(Medium.MOVIE, page=page.next)
    seen += page.cards
    assert len(seen) == len({card.ref for card in seen}) == page.total == 66
    assert client.discover(Medium.MOVIE, page=501).cards == ()
    vietnamese = client.discover(Medium.TV, Filters(language="vi")).cards
    assert {card.original_language for card in vietnamese} == {"vi"}


def test_the_other_lists(client: Tmdb) -> None:
    assert {card.ref.medium for card in client.trending().cards} == {Medium.MOVIE, Medium.TV}
    assert client.popular(Medium.MOVIE).cards[0].ref.tmdb_id == 841
    assert [card.ref.tmdb_id for card in client.upcoming().cards] == [9000011]
    assert client.on_the_air().cards
    number = client.title(TitleRef(Medium.MOVIE, 862)).collection
    assert number is not None
    toys = client.collection(number.id)
    assert [part.year for part in toys.parts] == [1995, 1999, 2010, 2019]
    assert all(part.overview for part in toys.parts)


def test_find_by_foreign_numbers(client: Tmdb) -> None:
    assert (found := client.find(imdb_id="tt0068646")) is not None
    assert found.ref == TitleRef(Medium.MOVIE, 238)
    assert (series := client.find(tvdb_id=81189)) is not None
    assert series.ref == TitleRef(Medium.TV, 1396)
    assert client.find(imdb_id="tt0000000") is None
    assert client.find(imdb_id="../movie/1") is None


@pytest.mark.parametrize("config", [{}, {"TMDB_API_KEY": "", "TMDB_ACCESS_TOKEN": "token"}, {"TMDB_API_KEY": "token"}])
def test_key_or_token_wherever_it_was_put(simulator: Simulator, tmp_path: Path, config: dict[str, str]) -> None:
    given = {name: simulator.world.titles.token if it == "token" else it for name, it in config.items()}
    client = tmdb(simulator, tmp_path, None, **given)
    client.check()
    (request,) = asked(simulator)
    assert ("api_key" in request.path) == (not config)


def test_without_a_key_nobody_is_asked(simulator: Simulator, tmp_path: Path) -> None:
    with pytest.raises(TmdbKeyMissing, match=r"themoviedb\.org/settings/api"):
        tmdb(simulator, tmp_path, TMDB_API_KEY="").title(DUNE)
    assert asked(simulator) == []


def test_a_wrong_key_shows_nowhere(
    simulator: Simulator, tmp_path: Path, caplog: pytest.LogCaptureFixture, no_pause: None
) -> None:
    client = tmdb(simulator, tmp_path, TMDB_API_KEY="wrong-key-0123456789")
    with pytest.raises(TmdbKeyRefused) as refused:
        client.title(DUNE)
    nobody = tmdb(simulator, tmp_path, TMDB_API_KEY="wrong-key-0123456789", TMDB_API_URL="http://127.0.0.1:9")
    with pytest.raises(SourceDown) as unreachable:
        nobody.title(DUNE)
    shown = "".join(
        ["".join(traceback.format_exception(it.value)) for it in (refused, unreachable)]
        + [repr(vars(client)), repr(client), caplog.text]
        + [file.read_text(errors="replace") for file in tmp_path.iterdir()]
    )
    assert "wrong-key" not in shown


FAILURES: list[tuple[str, Any, type[SourceProblem]]] = [
    ("tmdb_error", 46, SourceDown),
    ("tmdb_error", 24, SourceDown),
    ("tmdb_error", 10, TmdbKeyRefused),
    ("tmdb_error", 34, TitleUnknown),
    ("tmdb_error", 27, SourceUnreadable),
    ("cloudfront", 504, SourceDown),
    ("cloudfront", 403, SourceUnreadable),
    ("cloudfront", 200, SourceUnreadable),
    ("rate_limited", 120, SourceBusy),
    ("rate_limited", None, SourceBusy),
    ("empty_body", None, SourceUnreadable),
    ("truncated_json", None, SourceUnreadable),
    ("empty_object", None, SourceUnreadable),
    ("empty_object", {"id": None}, SourceUnreadable),
    ("empty_object", {"id": "438631"}, SourceUnreadable),
    ("huge_body", None, SourceUnreadable),
    ("redirect", {"status": 302, "to": "http://127.0.0.1:9/"}, SourceUnreadable),
]


@pytest.mark.parametrize(("name", "value", "kind"), FAILURES, ids=[f"{name}-{value}" for name, value, _ in FAILURES])
def test_a_failure_is_told_and_not_kept(
    simulator: Simulator, tmp_path: Path, name: str, value: Any, kind: type[SourceProblem], no_pause: None
) -> None:
    simulator.fault(name, call="tmdb", value=value, count=None)
    with pytest.raises(SourceProblem) as raised:
        tmdb(simulator, tmp_path).title(DUNE)
    assert type(raised.value) is kind
    assert raised.value.message
    simulator.clear_faults()
    assert tmdb(simulator, tmp_path).title(DUNE).card.year == 2021


@pytest.mark.parametrize(("fault", "value"), [("silence", None), ("stall", None)])
def test_who_says_nothing_is_not_asked_again_while_somebody_waits(
    client: Tmdb, simulator: Simulator, no_pause: None, fault: str, value: Any
) -> None:
    client._door._wire = replace(client._door._wire, timeout=(4.0, 0.1))
    simulator.fault(fault, call="tmdb", value=value, count=None)
    with pytest.raises(SourceDown):
        client.title(DUNE)
    assert len(asked(simulator)) == 1


def test_one_bad_moment_is_tried_again(client: Tmdb, simulator: Simulator, no_pause: None) -> None:
    simulator.fault("tmdb_error", value=25)
    simulator.fault("server_error", call="tmdb", skip=1)
    assert client.title(DUNE).card.year == 2021
    assert [request.status for request in asked(simulator)] == [429, 502, 200]


def test_many_want_the_same_and_one_asks(simulator: Simulator, tmp_path: Path) -> None:
    simulator.world.rules.tmdb_latency = 0.1
    clients = [tmdb(simulator, tmp_path) for _ in range(8)]
    try:
        with ThreadPoolExecutor(8) as pool:
            names = set(pool.map(lambda client: client.title(DUNE).card.name, clients))
    finally:
        simulator.world.rules.tmdb_latency = 0.0
    assert len(names) == 1
    assert len(asked(simulator)) == 1


def test_a_failure_is_shared_for_seconds_by_those_who_wait(client: Tmdb, simulator: Simulator) -> None:
    simulator.fault("tmdb_error", value=34, count=None)
    for _ in range(3):
        with pytest.raises(TitleUnknown):
            client.title(DUNE)
    assert len(asked(simulator)) == 1


def test_the_pace_keeps_below_the_limit(simulator: Simulator, tmp_path: Path) -> None:
    simulator.world.rules.tmdb_per_second = 12
    client = tmdb(simulator, tmp_path, Pace(10))
    for year in range(1990, 2004):
        client.search("dune", Medium.MOVIE, year)
    assert {request.status for request in asked(simulator)} == {200}


FIELDS = (
    "adult", "backdrop_path", "belongs_to_collection", "cast", "credits", "episode_run_time", "episodes",
    "external_ids", "first_air_date", "genre_ids", "genres", "imdb_id", "in_production", "last_air_date",
    "media_type", "name", "next_episode_to_air", "origin_country", "original_language", "original_title",
    "overview", "popularity", "poster_path", "release_date", "results", "runtime", "seasons", "status", "tagline",
    "title", "total_pages", "translations", "alternative_titles", "vote_average", "vote_count", "parts", "page",
)  # fmt: skip


@pytest.mark.parametrize(
    "value", [None, 7, -1, True, 1e400, "\ud800x", "", [], [None, 7, "x", [], {}], {"id": {}}, {"x": 1}]
)
def test_no_field_of_any_kind_upsets_the_reader(value: Any) -> None:
    for field in FIELDS:
        row = {"id": 5, "title": "T", field: value}
        for medium in Medium:
            reading.title(row, medium, ("vi", "en"))
            reading.page({"results": [row], field: value}, medium)
        reading.season({**row, "episodes": [row]})
        reading.collection({**row, "parts": [row]})


@pytest.mark.parametrize("value", [[], {"id": "x"}, {"id": 5, "title": 7, "genres": [None, {"id": []}], "seasons": 3}])
def test_any_shape_is_read_without_falling(value: Any, client: Tmdb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client._door, "get", lambda *_, **__: value if isinstance(value, dict) else {})
    with contextlib.suppress(SourceProblem):
        client.title(DUNE)
        client.season(1, 1)
    assert client.search("x").cards == ()
