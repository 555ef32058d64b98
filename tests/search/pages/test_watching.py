from __future__ import annotations

import re

import pytest
from django.test import Client

from flasharr.simulator import Simulator
from search.watchlist import check
from search.watchlist.models import Wish
from tests.search.pages.conftest import text_of

pytestmark = pytest.mark.django_db(transaction=True)

SOLO = "/title/tv/127532/"


def test_wanting_a_title_and_no_longer(htmx: Client, reader: Client, simulator: Simulator) -> None:
    fragment = htmx.post(f"{SOLO}watch/", {"future_only": "1"}, headers={"HX-Target": "watch"}).content.decode()
    assert fragment.strip().startswith('<form id="watch"')
    assert "Solo Leveling (2024)” is on the watchlist now." in text_of(fragment.encode())
    wish = Wish.objects.get()
    assert (wish.future_only, wish.mode) == (True, "grab")
    assert "On the watchlist" in text_of(reader.get(SOLO).content)
    assert "Only new episodes" in text_of(reader.get("/watchlist/").content)
    reader.post(f"/watchlist/{wish.pk}/check/")
    answer = htmx.post(f"/watchlist/{wish.pk}/remove/", headers={"HX-Target": "wishes"})
    assert answer.content.decode().strip().startswith('<section id="wishes"')
    assert not Wish.objects.exists()
    assert "Nothing is wanted yet" in text_of(reader.get("/watchlist/").content)


def test_a_day_is_written_as_the_reader_writes_days(reader: Client, simulator: Simulator) -> None:
    reader.post(f"{SOLO}watch/")
    Wish.objects.update(reason_code="not_out", reason_sentence=check.NOT_OUT, reason_params={"day": "2031-03-07"})
    assert "Its day is March 7, 2031." in text_of(reader.get("/watchlist/").content)
    page = reader.get("/watchlist/", headers={"Accept-Language": "vi"}).content
    assert "07/03/2031" in text_of(page)


def test_what_was_removed_is_told_and_can_be_had_again(reader: Client, htmx: Client, simulator: Simulator) -> None:
    reader.post(f"{SOLO}watch/")
    wish = Wish.objects.get()
    assert "Get it again" not in text_of(reader.get("/watchlist/").content)
    Wish.objects.update(left_out=[[1, 2], [1, 3]], next_check_at=None)
    text = text_of(reader.get("/watchlist/").content)
    assert "You removed these, so they are not fetched again: S01E02 S01E03" in text
    answer = htmx.post(f"/watchlist/{wish.pk}/again/", headers={"HX-Target": "wishes"})
    assert "Get it again" not in text_of(answer.content)
    before = wish.asked_at
    wish.refresh_from_db()
    assert wish.asked_at > before
    assert wish.next_check_at is not None


def test_the_calendar_has_wanted_episodes_on_their_days(reader: Client, simulator: Simulator) -> None:
    assert "Nothing comes out" in text_of(reader.get("/calendar/?from=2024-01-01").content)
    reader.post(f"{SOLO}watch/", {"mode": "notice"})
    page = reader.get("/calendar/?from=2024-01-01").content
    text = text_of(page)
    assert re.search(r"Sunday, 7 January .*?Solo Leveling S01E01 .*?I'm Used to It", text)
    assert "Wanted" in text
    assert "from=2024-01-29" in page.decode()


@pytest.mark.parametrize("day", ["", "x", "9999-99-99", "0001-01-01", "2024-02-30", "'; DROP", "\0"])
def test_a_day_made_up_is_this_week(reader: Client, simulator: Simulator, day: str) -> None:
    assert reader.get("/calendar/", {"from": day}).status_code == 200


def test_a_failing_tmdb_is_told(reader: Client, simulator: Simulator) -> None:
    reader.post(f"{SOLO}watch/")
    simulator.fault("server_error", call="tmdb", count=None)
    assert reader.post("/title/tv/1399/watch/", follow=True).status_code == 200
    assert Wish.objects.count() == 1
    assert reader.post("/watchlist/99999/remove/").status_code == 404
