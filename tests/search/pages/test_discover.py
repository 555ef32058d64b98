from __future__ import annotations

import re

import pytest
from django.test import Client

from flasharr.simulator import Simulator
from tests.search.catalogue.rows import make_entries, make_subscription
from tests.search.pages.conftest import text_of
from tests.search.providers import asked

pytestmark = pytest.mark.django_db(transaction=True)


def cards(page: bytes) -> list[str]:
    return re.findall(r'href="(/title/[^"]+)"', page.decode())


def test_every_list_has_its_shelf_and_new_files_are_there(reader: Client, simulator: Simulator) -> None:
    make_entries(make_subscription(), ["Bố Già.2021.1080p.mkv"])
    page = reader.get("/discover/").content
    text = text_of(page)
    for label in ("Trending this week", "Popular films", "Popular series", "New episodes this week"):
        assert label in text
    assert "Bố Già.2021.1080p.mkv" in text
    assert "not endorsed or certified by TMDB" in text


def test_a_second_look_asks_nobody(reader: Client, simulator: Simulator) -> None:
    reader.get("/discover/")
    before = len(asked(simulator))
    reader.get("/discover/")
    assert before
    assert len(asked(simulator)) == before


def test_pictures_come_from_our_own_address_and_keep_their_place(reader: Client, simulator: Simulator) -> None:
    images = re.findall(r"<img [^>]*>", reader.get("/discover/?list=films").content.decode())
    posters = [image for image in images if "/posters/" in image]
    assert len(posters) > 10
    assert all('src="/posters/w342/' in one and 'loading="lazy"' in one and 'width="342"' in one for one in posters)


def test_filters_filter(reader: Client, simulator: Simulator) -> None:
    everything = cards(reader.get("/discover/?list=films").content)
    vietnamese = cards(reader.get("/discover/?list=films&language=vi").content)
    assert vietnamese
    assert set(vietnamese) != set(everything)
    old = text_of(reader.get("/discover/?list=films&to=1990").content)
    assert "Film · 1984" in old
    assert "Film · 2021" not in old


def test_a_filter_that_cannot_be_is_told_and_filters_nothing(reader: Client, simulator: Simulator) -> None:
    page = reader.get("/discover/?list=films&from=2020&to=2010&genre=x'").content
    assert "This is before the first year." in text_of(page)
    assert cards(page)


def test_nothing_fits(reader: Client, simulator: Simulator) -> None:
    text = text_of(reader.get("/discover/?list=series&language=fr&rating=9").content)
    assert "Nothing fits" in text
    assert "Clear the filters" in text


def test_pages_follow_one_another_and_end(reader: Client, htmx: Client, simulator: Simulator) -> None:
    address, seen = "/discover/?list=films", 0
    while address:
        page = reader.get(address).content.decode()
        seen += len(cards(page.encode()))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = "/discover/" + following[1].replace("&amp;", "&") if following else ""
    assert seen > 40
    last = htmx.get("/discover/?list=films&page=400").content
    assert not cards(last)
    assert "That was all." in text_of(last)


@pytest.mark.parametrize("query", ["list=nothing", "list=films&page=0", "list=films&page=99999", "list=films&sort=%00"])
def test_an_address_made_up_is_no_error(reader: Client, simulator: Simulator, query: str) -> None:
    assert reader.get(f"/discover/?{query}").status_code == 200


def test_without_a_key_and_without_tmdb_the_page_says_so(reader: Client, no_key: None, simulator: Simulator) -> None:
    text = text_of(reader.get("/discover/").content)
    assert "No TMDB key is set" in text
    assert "New in your folders" in text


def test_a_failing_tmdb_is_told(reader: Client, simulator: Simulator) -> None:
    simulator.fault("server_error", call="tmdb", count=None)
    for address in ("/discover/", "/discover/?list=films", "/collection/9200001/"):
        assert "TMDB does not answer." in text_of(reader.get(address).content)


def test_a_collection_has_its_films_in_order(reader: Client, simulator: Simulator) -> None:
    page = reader.get("/collection/9200001/").content
    years = [int(year) for year in re.findall(r"Film · (\d{4})", text_of(page))]
    assert len(years) > 1
    assert years == sorted(years)
    assert reader.get("/collection/1/").status_code == 404
