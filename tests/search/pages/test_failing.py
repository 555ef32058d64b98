"""Whoever is asked may fail: the pages say what is missing, the rest of them works, and nothing wrong is kept."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from flasharr.simulator import Simulator
from search import searches
from tests.search.catalogue.rows import make_entries, make_subscription
from tests.search.pages.conftest import forget, text_of

pytestmark = pytest.mark.django_db(transaction=True)

DUNE, SOLO = "/title/movie/438631/", "/title/tv/127532/"
OWN = "Dune.2021.720p.BluRay.x264-OWN.mkv"
THEIRS = "Dune.2021.1080p.WEB-DL.DDP5.1.Atmos.H.264-CMRG.mkv"
DOWN, BUSY = "{} does not answer.", "{} asks us to slow down."
REFUSED, UNREADABLE = "{} does not let this program in now.", "{} sent an answer that makes no sense."

SOURCE_FAILS = [
    ("server_error", 502, DOWN),
    ("reset", None, DOWN),
    ("rate_limited", 60, BUSY),
    ("rate_limited", None, BUSY),
    ("cloudflare", 403, REFUSED),
    ("cloudflare", 200, UNREADABLE),
    ("no_data", None, UNREADABLE),
    ("truncated_json", None, UNREADABLE),
    ("huge_body", None, UNREADABLE),
]
WRONG_KEY = "TMDB does not accept the key."
TMDB_FAILS = [
    ("server_error", 502, DOWN),
    ("reset", None, DOWN),
    ("rate_limited", 60, BUSY),
    ("cloudfront", 504, DOWN),
    ("cloudfront", 200, UNREADABLE),
    ("truncated_json", None, UNREADABLE),
    ("tmdb_error", 7, WRONG_KEY),
    ("tmdb_error", 46, DOWN),
]


def named(rows: list[tuple[str, Any, str]]) -> list[str]:
    return [f"{name}-{value}" for name, value, _ in rows]


@pytest.fixture
def own_file(reader: Client) -> None:
    """A file of the film in a followed folder."""
    make_entries(make_subscription(), [OWN])


def names(page: bytes) -> list[str]:
    return re.findall(r'class="name"(?: title="[^"]*")?>([^<]+)', page.decode())


@pytest.mark.parametrize(("fault", "value", "sentence"), SOURCE_FAILS, ids=named(SOURCE_FAILS))
@pytest.mark.usefixtures("own_file")
def test_a_failing_source_is_told_and_the_others_files_are_shown(
    reader: Client, simulator: Simulator, fault: str, value: Any, sentence: str
) -> None:
    simulator.fault(fault, call="timfshare", value=value, count=None)
    addresses = (f"{DUNE}?all=1", f"{DUNE}plan/", "/search/?kind=files&now=1&q=dune+2021")
    for address in addresses:
        page = reader.get(address).content
        assert sentence.format("TimFshare") in text_of(page)
        assert OWN in text_of(page)
        assert THEIRS not in text_of(page)
        assert "Nobody offers" not in text_of(page)
    simulator.clear_faults()
    forget()
    for address in addresses[::2]:
        page = reader.get(address).content
        assert "TimFshare" not in text_of(re.sub(rb'<p class="facts-line">.*?</p>', b"", page)), "it is well again"
        assert {OWN, THEIRS} <= set(names(page))


@pytest.mark.parametrize(("fault", "value", "sentence"), TMDB_FAILS, ids=named(TMDB_FAILS))
@pytest.mark.usefixtures("own_file")
def test_a_failing_tmdb_is_told_and_files_are_searched_by_name(
    reader: Client, simulator: Simulator, fault: str, value: Any, sentence: str
) -> None:
    simulator.fault(fault, call="tmdb", value=value, count=None)
    told = sentence.format("TMDB")
    for address in ("/search/?q=dune", "/discover/", "/discover/?list=films", DUNE, f"{SOLO}plan/"):
        assert told in text_of(reader.get(address).content), address
    assert reader.get(DUNE).status_code == 503
    assert "Search the names of files" in text_of(reader.get(DUNE).content)
    assert OWN in text_of(reader.get("/discover/").content), "new in the followed folders"
    assert {OWN, THEIRS} <= set(names(reader.get("/search/?kind=files&now=1&q=dune+2021").content))
    assert reader.get("/watchlist/").status_code == reader.get("/calendar/").status_code == 200
    simulator.clear_faults()
    forget()
    for address in ("/search/?q=dune", "/discover/", DUNE):
        page = reader.get(address).content
        assert told not in text_of(page)
        assert DUNE in page.decode()


def test_a_title_that_is_known_is_shown_while_tmdb_fails(reader: Client, simulator: Simulator) -> None:
    reader.get(f"{SOLO}?season=1&all=1")
    simulator.fault("server_error", call="tmdb", count=None)
    searches.forget()
    answer: Any = reader.get(f"{SOLO}?season=1&all=1")
    assert answer.status_code == 200
    assert "does not answer" not in text_of(answer.content)
    assert "I'm Used to It" in text_of(answer.content)


def test_both_may_fail(reader: Client, simulator: Simulator) -> None:
    for call in ("tmdb", "timfshare"):
        simulator.fault("server_error", call=call, count=None)
    text = text_of(reader.get("/search/?kind=files&now=1&q=dune").content)
    assert "TimFshare does not answer." in text
    assert "TMDB does not answer." in text_of(reader.get(DUNE).content)


def test_files_that_come_twice_are_shown_once(reader: Client, simulator: Simulator) -> None:
    simulator.fault("twice", call="timfshare", count=None)
    shown = names(reader.get(f"{DUNE}?all=1&open=1080p").content)
    assert THEIRS in shown
    assert len(shown) == len(set(shown))


def test_five_thousand_rows_hide_nothing_and_stay_a_page(reader: Client, simulator: Simulator) -> None:
    simulator.fault("many_rows", call="timfshare", count=None)
    film = reader.get(f"{DUNE}?all=1").content
    assert names(film)[0].endswith("Hành Tinh Cát - Dune 2021 1080p BluRay Thuyết Minh.mkv")
    counts = re.findall(r"([\d,]+) files (?:fit|were refused)", text_of(film))
    assert sum(int(count.replace(",", "")) for count in counts) > 200  # which of them fit depends on who answers first
    season = reader.get(f"{SOLO}?season=1&all=1").content
    assert text_of(season).count("Not found") == 2
    plan = reader.get(f"{SOLO}plan/?season=1").content
    assert "10 of 12 episodes" in text_of(plan)
    by_name = reader.get("/search/?kind=files&now=1&q=dune").content
    assert re.search(r"\d{3} files", text_of(by_name))
    for page in (film, season, plan, by_name):
        assert len(page) < 250_000
        assert "TimFshare does not" not in text_of(page)
