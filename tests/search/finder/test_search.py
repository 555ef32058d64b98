"""Whole searches: TMDB and TimFshare on loopback, asked through our own clients."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from flasharr.simulator import Simulator
from hosts.guard import guarded_session, origin_of
from search.finder import siblings
from search.finder.places import Place
from search.finder.queries import MOST_FOR_SERIES, MOST_NARROWER
from search.finder.search import Results, Search, Wanted
from search.problems import SourceDown
from search.releases import VIETNAMESE_FIRST
from search.shelf import Shelf
from search.sources.timfshare import TimFshare
from search.titles import Medium, Title, TitleRef
from tests.search.providers import MOST, asked, titles, tmdb

TODAY = date(2026, 1, 1)


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with titles() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    running.clear_faults()
    running.journal.clear()
    return running


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor


class Finder:
    def __init__(self, simulator: Simulator, folder: Path, executor: ThreadPoolExecutor) -> None:
        self.simulator, self.executor = simulator, executor
        self.tmdb = tmdb(simulator, folder)
        http = guarded_session(False, frozenset([origin_of(simulator.url)]))
        self.source = TimFshare(http, simulator.environment(), Shelf(folder, MOST))

    def title(self, text: str, medium: Medium) -> Title:
        return self.tmdb.title(self.tmdb.search(text, medium).cards[0].ref)

    def find(self, title: Title, season: int | None = None, episode: int | None = None) -> Results:
        wanted = Wanted(title, season, episode, self.aired(title, season))
        done = Event()
        search = Search(wanted, VIETNAMESE_FIRST, [self.source], self.executor, done.set).start()
        results = search.wait(60, for_all=True)
        assert results.is_complete
        assert done.wait(60)
        return results

    def aired(self, title: Title, season: int | None) -> frozenset[Place]:
        if season is None:
            return frozenset()
        episodes = self.tmdb.season(title.ref.tmdb_id, season).episodes
        return frozenset((one.season, one.number) for one in episodes if one.has_aired(TODAY))


@pytest.fixture
def finder(simulator: Simulator, tmp_path: Path, executor: ThreadPoolExecutor) -> Finder:
    return Finder(simulator, tmp_path, executor)


def names(results: Results) -> list[str]:
    return [one.candidate.name for one in results.accepted]


def test_the_best_file_of_a_film_comes_first_and_no_remake_with_it(finder: Finder) -> None:
    found = names(finder.find(finder.tmdb.title(TitleRef(Medium.MOVIE, 438631))))
    assert found[0] == "Hành Tinh Cát - Dune 2021 1080p BluRay Thuyết Minh.mkv"
    assert "Dune.2021.2160p.WEB-DL.DDP5.1.Atmos.DV.HDR.HEVC-EVO.mkv" in found
    assert found[-1] == "Dune.2021.1080p.HDCAM.x264-C1NEM4.mkv"
    assert not [name for name in found if "1984" in name or "Part Two" in name]


def test_what_is_refused_is_there_with_its_reason(finder: Finder) -> None:
    results = finder.find(finder.tmdb.title(TitleRef(Medium.MOVIE, 438631)))
    reasons = {one.candidate.name: str(one.verdict.reasons[0]) for one in results.refused}
    assert reasons["Dune.1984.1080p.BluRay.x264.DTS-FGT.mkv"] == "The year is another one: 1984, not 2021."
    assert "trailer" in reasons["Dune.2021.Official.Trailer.1080p.mp4"]


def test_an_episode_brings_its_file_and_the_packs_that_hold_it(finder: Finder) -> None:
    title = finder.title("Game of Thrones", Medium.TV)
    found = names(finder.find(title, 2, 3))
    assert set(found) == {
        "Game.of.Thrones.S02E03.1080p.BluRay.x264-ROVERS.mkv",
        "Game.of.Thrones.S02.2160p.UHD.BluRay.HDR.x265-SIM.rar",
    }


def test_a_season_is_whole(finder: Finder) -> None:
    results = finder.find(finder.title("Game of Thrones", Medium.TV), 1)
    assert results.missing == frozenset()
    assert len(names(results)) > 10


def test_episodes_that_nobody_offers_are_named(
    finder: Finder, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = [one for one in simulator.world.titles.offers if "S02E07" not in one.name and ".rar" not in one.name]
    monkeypatch.setattr(simulator.world.titles, "offers", offers)
    results = finder.find(finder.title("Game of Thrones", Medium.TV), 2)
    assert results.missing == {(2, 7)}
    assert "Game.of.Thrones.S02E07" in [part.query for part in results.parts]


def test_a_second_identical_search_asks_nobody(finder: Finder, simulator: Simulator) -> None:
    title = finder.title("Mai", Medium.MOVIE)
    first = finder.find(title)
    before = len(simulator.journal)
    assert names(finder.find(title)) == names(first)
    assert len(simulator.journal) == before


def test_a_failing_source_is_told_and_is_not_no_results(finder: Finder, simulator: Simulator) -> None:
    title = finder.title("Mai", Medium.MOVIE)
    simulator.fault("server_error", call="search", count=None)
    results = finder.find(title)
    assert results.found == ()
    assert results.failing["timfshare"].problem is not None


def test_a_search_that_breaks_does_not_say_that_nobody_offers_it(
    finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = finder.title("Mai", Medium.MOVIE)
    monkeypatch.setattr("search.finder.search.judge", lambda *_: 1 / 0)
    results = finder.find(title)
    assert results.is_complete
    assert results.failing["timfshare"].problem is not None


def test_the_requests_of_one_search_are_bounded(finder: Finder, simulator: Simulator) -> None:
    finder.find(finder.title("Breaking Bad", Medium.TV), 1)
    assert 0 < len(asked(simulator, "timfshare")) <= MOST_FOR_SERIES + siblings.MOST_QUERIES
    simulator.fault("many_rows", call="search", count=None)
    before = len(asked(simulator, "timfshare"))
    finder.find(finder.title("Game of Thrones", Medium.TV), 2)
    assert len(asked(simulator, "timfshare")) - before <= MOST_FOR_SERIES + MOST_NARROWER + siblings.MOST_QUERIES


def test_a_name_with_too_many_files_is_asked_for_again_with_the_season(finder: Finder, simulator: Simulator) -> None:
    few = {part.query for part in finder.find(finder.title("Breaking Bad", Medium.TV), 1).parts}
    assert not [query for query in few if "Phần" in query]
    simulator.fault("many_rows", call="search", count=None)
    many = {part.query for part in finder.find(finder.title("Game of Thrones", Medium.TV), 1).parts}
    assert "Trò Chơi Vương Quyền Phần 1" in many


def test_the_sources_are_asked_before_the_episodes_are_known(finder: Finder, executor: ThreadPoolExecutor) -> None:
    title, found = finder.title("Game of Thrones", Medium.TV), Event()
    whole = replace(title, seasons=tuple(finder.tmdb.season(title.ref.tmdb_id, one.number) for one in title.seasons))

    def learn() -> Wanted:
        assert found.wait(60)
        return Wanted(whole, 2, None, frozenset({(2, 3), (2, 99)}))

    search = Search(Wanted(title, 2), VIETNAMESE_FIRST, [finder.source], executor, learn=learn).start()
    first = search.wait(60)
    assert first.parts
    assert not first.is_complete
    found.set()
    last = search.wait(60, for_all=True)
    assert last.missing == {(2, 99)}
    assert search.wanted.title is whole


def test_episodes_that_cannot_be_learned_cost_nothing_but_what_is_missing(
    finder: Finder, executor: ThreadPoolExecutor
) -> None:
    def learn() -> Wanted:
        raise SourceDown(source="TMDB")

    title = finder.title("Game of Thrones", Medium.TV)
    search = Search(Wanted(title, 2), VIETNAMESE_FIRST, [finder.source], executor, learn=learn).start()
    results = search.wait(60, for_all=True)
    assert results.is_complete
    assert results.accepted
    assert results.missing == frozenset()
    assert isinstance(results.unlearned, SourceDown)
    assert search.has_failed
