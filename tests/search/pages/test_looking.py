from __future__ import annotations

import re

import pytest
from django.test import Client

from flasharr.simulator import Simulator
from tests.search.pages.conftest import text_of
from tests.search.providers import asked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("mai", "/title/movie/9000001/"),
        ("bo gia", "Bố Già"),
        ("hanh tinh cat", "Dune"),
        ("solo leveling", "/title/tv/127532/"),
    ],
)
def test_a_title_is_found_however_it_is_typed(reader: Client, simulator: Simulator, typed: str, title: str) -> None:
    assert title in reader.get("/search/", {"q": typed}).content.decode()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dune 1984", "/title/movie/841/"),
        ("dune (2021)", "/title/movie/438631/"),
        ("Dune.2021.1080p.WEB-DL", "/title/movie/438631/"),
        ("solo leveling season 1", "/title/tv/127532/"),
        ("blade runner 2049", "/title/movie/335984/"),
    ],
)
def test_a_year_or_a_season_may_be_typed_behind_the_name(
    reader: Client, simulator: Simulator, typed: str, first: str
) -> None:
    page = reader.get("/search/", {"q": typed}).content.decode()
    assert re.findall(r'href="(/title/[^"]+)"', page)[0] == first


def test_films_and_series_can_be_told_apart(reader: Client, simulator: Simulator) -> None:
    films = reader.get("/search/", {"q": "the last of us", "kind": "movie"}).content.decode()
    series = reader.get("/search/", {"q": "the last of us", "kind": "tv"}).content.decode()
    assert "/title/tv/" not in films
    assert "/title/tv/" in series


def test_typing_fetches_the_results_alone(htmx: Client, simulator: Simulator) -> None:
    page = htmx.get("/search/", {"q": "dune"}).content.decode()
    assert page.strip().startswith('<section id="results"')
    assert "/title/movie/438631/" in page


def test_pasted_links_become_the_box_that_adds_them(htmx: Client, simulator: Simulator) -> None:
    answer = htmx.get("/search/", {"q": "xem https://www.fshare.vn/file/FILM01?token=1 nhe"})
    assert 'hx-post="/add/preview/"' in answer.content.decode()
    assert answer["HX-Replace-Url"] == "/search/", "a link may hold a secret"
    assert not asked(simulator)


def test_nothing_found_offers_the_names_of_files(reader: Client, simulator: Simulator) -> None:
    page = reader.get("/search/", {"q": "zzzz qqqq"}).content.decode()
    assert "No title has that name" in text_of(page.encode())
    assert "?kind=files&amp;q=zzzz%20qqqq" in page


def test_files_by_name_in_groups_of_their_title(htmx: Client, simulator: Simulator) -> None:
    page = htmx.get("/search/", {"q": "dune", "kind": "files"}).content
    assert re.findall(r"<h2>(\w[^<]*)", page.decode())[0].startswith("Dune")
    assert "Dune.2021.1080p.WEB-DL.DDP5.1.Atmos.H.264-CMRG.mkv" in text_of(page)


def test_without_javascript_the_files_are_a_link_away(reader: Client, simulator: Simulator) -> None:
    page = reader.get("/search/", {"q": "dune", "kind": "files"}).content.decode()
    assert "now=1" in page
    assert "CMRG.mkv" in reader.get("/search/", {"q": "dune", "kind": "files", "now": "1"}).content.decode()


def test_without_a_key_the_page_says_where_to_get_one_and_searches_names(
    reader: Client, htmx: Client, no_key: None
) -> None:
    page = reader.get("/search/").content.decode()
    assert "No TMDB key is set" in page
    assert "https://www.themoviedb.org/settings/api" in page
    assert "CMRG.mkv" in htmx.get("/search/", {"q": "dune"}).content.decode()


def test_a_failing_tmdb_is_told_and_files_can_still_be_searched(reader: Client, simulator: Simulator) -> None:
    simulator.fault("server_error", call="tmdb", count=None)
    text = text_of(reader.get("/search/", {"q": "dune"}).content)
    assert "TMDB does not answer." in text
    assert "Search the names of files" in text
    assert "No title has that name" not in text
    assert "CMRG.mkv" in reader.get("/search/", {"q": "dune", "kind": "files", "now": "1"}).content.decode()


@pytest.mark.parametrize(
    "typed", ["", " ", "\0", "<script>alert(1)</script>", "'; DROP TABLE x;--", "../../etc", "x" * 9_000]
)
def test_whatever_is_typed_is_shown_as_text(reader: Client, simulator: Simulator, typed: str) -> None:
    answer = reader.get("/search/", {"q": typed, "page": "-1", "kind": "'"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
