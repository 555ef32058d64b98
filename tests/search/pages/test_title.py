from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flasharr.simulator import Simulator
from search import searches
from search.finder.judging import judge_all
from search.finder.search import Results
from search.library import Library
from search.pages import rows
from search.pages.work import load
from search.releases import VIETNAMESE_FIRST
from search.sources.base import Candidate
from search.titles import Medium, TitleRef, is_latin
from tests.search.pages.conftest import forget, text_of
from tests.search.providers import asked

pytestmark = pytest.mark.django_db(transaction=True)

DUNE = "/title/movie/438631/"
SOLO = "/title/tv/127532/"


def test_a_film_with_its_files_the_best_first(reader: Client, simulator: Simulator) -> None:
    page = reader.get(f"{DUNE}?all=1").content
    text = text_of(page)
    assert "Dune: Hành Tinh Cát" in text
    assert "Dune Collection" in text
    names = re.findall(r'class="name" title="([^"]+)"', page.decode())
    assert names[0] == "Hành Tinh Cát - Dune 2021 1080p BluRay Thuyết Minh.mkv"
    assert len(names) == len(set(names))
    assert "The title is the same" in text
    assert "Get the best" in text


def test_what_is_refused_is_there_with_its_reason(reader: Client, simulator: Simulator) -> None:
    text = text_of(reader.get(f"{DUNE}?all=1").content)
    assert "files were refused" in text
    assert "The year is another one: 1984, not 2021." in text


def test_a_season_has_every_episode_and_says_what_is_missing(reader: Client, simulator: Simulator) -> None:
    page = reader.get(f"{SOLO}?season=1&all=1").content.decode()
    episodes = [text_of(one.encode()) for one in re.split(r'<li class="episode', page)[1:]]
    assert len(episodes) == 12
    missing = [number for number, text in enumerate(episodes, start=1) if "Not found" in text]
    assert missing == [5, 9]


def test_the_page_comes_at_once_and_fetches_its_files_by_itself(
    reader: Client, htmx: Client, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator.state.world.rules, "timfshare_latency", 0.4)
    page = reader.get(DUNE).content.decode()
    address = re.search(r'hx-get="([^"]*files/[^"]*)"', page)
    assert address
    assert 'aria-busy="true"' in page
    assert "again=1" not in address[1], "the first file is shown without waiting for the others"
    for _ in range(20):
        fragment = htmx.get(address[1].replace("&amp;", "&")).content.decode()
        again = re.search(r'id="candidates"[^>]*hx-get="([^"]+)"', fragment)
        if again is None:
            break
        address = again
    assert fragment.strip().startswith('<section id="candidates"')
    assert 'aria-busy="false"' in fragment
    assert "CMRG.mkv" in fragment


@pytest.mark.parametrize(
    ("typed", "page"),
    [("dune", DUNE), ("parasite", "/title/movie/496243/"), ("solo leveling", f"{SOLO}?season=1")],
)
def test_the_sources_are_asked_while_tmdb_is(reader: Client, simulator: Simulator, typed: str, page: str) -> None:
    reader.get("/search/", {"q": typed})
    simulator.fault("server_error", call=f"tmdb_{page.split('/')[2]}", count=None)
    assert reader.get(page).status_code == 503
    searches.executor().shutdown()
    searches.executor.cache_clear()
    ahead = questions(simulator)
    assert len(ahead) == 2
    assert all(map(is_latin, ahead)), "a search may not ask for the others"
    simulator.clear_faults()
    forget()
    assert 'class="name"' in reader.get(f"{page}{'&' if '?' in page else '?'}all=1").content.decode()
    all_of_them = questions(simulator)
    assert len(all_of_them) == len(set(all_of_them)), "what was asked ahead is not asked again"
    assert len(all_of_them) <= 9


def questions(simulator: Simulator) -> list[str]:
    return [unquote_plus(one.path.partition("query=")[2]) for one in asked(simulator, "timfshare")]


def test_a_second_look_asks_nobody(reader: Client, simulator: Simulator) -> None:
    reader.get(f"{DUNE}?all=1")
    before = len(list(simulator.journal))
    page = reader.get(DUNE).content.decode()
    assert "CMRG.mkv" in page
    assert 'aria-busy="false"' in page
    assert len(list(simulator.journal)) == before


def test_the_page_does_not_wait_for_the_episodes(reader: Client, htmx: Client, simulator: Simulator) -> None:
    simulator.fault("late", call="tmdb_tv", value=1, skip=1, count=None)
    page = reader.get(f"{SOLO}?season=1").content.decode()
    assert page.count('<li class="episode') == 12
    assert "I&#x27;m Used to It" not in page
    while 'aria-busy="true"' in page:
        page = htmx.get(f"{SOLO}files/?season=1&again=1").content.decode()
    assert page.count('<li class="episode') == 12
    assert "I&#x27;m Used to It" in page


def test_episodes_that_tmdb_does_not_tell_are_shown_by_number(reader: Client, simulator: Simulator) -> None:
    simulator.fault("server_error", call="tmdb_tv", skip=1, count=None)
    text = text_of(reader.get(f"{SOLO}?season=1&all=1").content)
    assert "TMDB does not answer." in text
    assert "Episodes are shown by their numbers" in text
    assert len(re.findall(r"Episode \d+ Found", text)) == 10
    simulator.clear_faults()
    forget()
    assert "I'm Used to It" in text_of(reader.get(f"{SOLO}?season=1&all=1").content)


def test_a_failing_source_is_no_empty_answer(reader: Client, simulator: Simulator) -> None:
    simulator.fault("server_error", call="timfshare", count=None)
    text = text_of(reader.get(f"{DUNE}?all=1").content)
    assert "TimFshare does not answer." in text
    assert "The sources that answered have no file of it" in text
    assert "Nobody offers" not in text


def test_five_thousand_candidates_cost_as_many_queries_as_a_few(reader: Client, simulator: Simulator) -> None:
    few = queries(reader, f"{SOLO}?season=1&all=1")
    simulator.fault("many_rows", call="timfshare", count=None)
    page = reader.get(f"{DUNE}?all=1").content
    assert len(page) < 400_000
    assert queries(reader, f"{DUNE}?all=1") <= few


def test_a_thousand_files_that_fit_are_a_few_rows_and_more_on_demand(simulator: Simulator) -> None:
    work = load(TitleRef(Medium.MOVIE, 438631))
    names = [f"Dune.2021.1080p.WEB-DL.H.264-G{number}.mkv" for number in range(1_000)]
    offered = [Candidate("fshare", f"F{number}", "https://x", name) for number, name in enumerate(names)]
    found = judge_all(offered, work.title, VIETNAMESE_FIRST)
    results = Results(tuple(found), (), frozenset(), True)
    few = rows.arrange(work, results, Library(), found[0], rows.View())
    assert [(len(group.rows), group.more) for group in few.groups] == [(rows.SHOWN, 999 - rows.SHOWN)]
    whole = rows.arrange(work, results, Library(), found[0], rows.View("1080p"))
    assert len(whole.groups[0].rows) == rows.MOST


def test_episodes_that_tmdb_does_not_know_yet_are_shown_too(simulator: Simulator) -> None:
    work = load(TitleRef(Medium.TV, 127532), 1)
    assert work.season is not None
    work = replace(work, season=replace(work.season, episodes=work.season.episodes[:8]))
    offered = [
        Candidate("fshare", f"F{number}", "https://x", f"Solo.Leveling.S01E{number:02d}.1080p.mkv")
        for number in range(1, 11)
    ]
    results = Results(tuple(judge_all(offered, work.title, VIETNAMESE_FIRST)), (), frozenset(), True)
    files = rows.arrange(work, results, Library(), None, rows.View(upto=4))
    assert (len(files.episodes), files.total) == (4, 10)
    assert [(group.key, [row.key for row in group.rows]) for group in files.groups] == [
        ("beyond", ["fshare:F9", "fshare:F10"])
    ]


def test_what_is_refused_waits_for_the_end(simulator: Simulator) -> None:
    work = load(TitleRef(Medium.MOVIE, 438631))
    offered = [Candidate("fshare", f"F{year}", "https://x", f"Dune.{year}.1080p.mkv") for year in (1984, 2021)]
    found = tuple(judge_all(offered, work.title, VIETNAMESE_FIRST))
    for is_complete in (False, True):
        files = rows.arrange(work, Results(found, (), frozenset(), is_complete), Library(), None, rows.View())
        assert files.total == 1
        assert [row.key for row in files.refused] == (["fshare:F1984"] if is_complete else [])


def queries(reader: Client, address: str) -> int:
    reader.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        reader.get(address)
    return len(captured)


@pytest.mark.parametrize("query", ["season=99", "season=-1", "season='", "profile=99", "open=%00", "upto=0"])
def test_an_address_made_up_is_no_error(reader: Client, simulator: Simulator, query: str) -> None:
    assert reader.get(f"{SOLO}?{query}").status_code == 200


def test_what_is_no_title_is_told(reader: Client, simulator: Simulator) -> None:
    answer: Any = reader.get("/title/movie/999999999/")
    assert answer.status_code == 404
    assert "There is no such title" in text_of(answer.content)
    simulator.fault("server_error", call="tmdb", count=None)
    answer = reader.get(SOLO)
    assert answer.status_code == 503
    assert "TMDB does not answer." in text_of(answer.content)
    assert not [one for one in asked(simulator, "timfshare") if "999999999" in str(one)]
