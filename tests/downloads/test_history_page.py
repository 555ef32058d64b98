from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from downloads import actions, purging
from downloads.models import Download
from downloads.states import Status
from tests.downloads.conftest import make_download
from tests.downloads.list_form import all_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_workers")]


def finished(name: str, status: Status = Status.COMPLETED, hours: int = 1, **fields: object) -> Download:
    return make_download(status, name=name, finished_at=timezone.now() - timedelta(hours=hours), **fields)


def names(html: str) -> list[str]:
    return re.findall(r'<p class="name" title="([^"]*)"', html)


def test_the_newest_comes_first_with_its_path_or_its_reason(reader: Client) -> None:
    finished("old.mkv", hours=5, path="/films/old.mkv")
    gone = "The file is no longer on the host. Look for another copy."
    finished("gone.mkv", Status.FAILED, reason_code="link_dead", reason_sentence=gone)
    make_download(Status.DOWNLOADING, name="running.mkv")
    page = reader.get("/history/").content.decode()
    assert names(page) == ["gone.mkv", "old.mkv"]
    assert "/films/old.mkv" in page
    assert "The file is no longer on the host." in page
    assert "5 h ago" in page


def test_tabs_and_search_narrow_it(reader: Client) -> None:
    finished("one.mkv")
    finished("two.mkv", Status.FAILED)
    assert names(reader.get("/history/?view=failed").content.decode()) == ["two.mkv"]
    assert names(reader.get("/history/?q=one").content.decode()) == ["one.mkv"]


def test_an_empty_history_says_what_it_is_for(reader: Client) -> None:
    assert "Nothing is finished yet" in reader.get("/history/").content.decode()
    assert "Nothing has failed" in reader.get("/history/?view=failed").content.decode()


def test_htmx_gets_the_list_alone(htmx: Client) -> None:
    finished("one.mkv")
    assert htmx.get("/history/").content.decode().strip().startswith('<section id="history"')


def test_a_failed_one_is_retried_and_the_list_fetches_itself_again(htmx: Client) -> None:
    row = finished("two.mkv", Status.FAILED)
    html = htmx.post(f"/downloads/{row.pk}/retry/", {"list": "history"}).content.decode()
    row.refresh_from_db()
    assert row.status == Status.QUEUED
    assert 'id="stale" hx-swap-oob="true"' in html
    assert f'id="download-{row.pk}"' not in html


def test_a_completed_one_is_downloaded_again(reader: Client) -> None:
    row = finished("one.mkv", downloaded=9, path="/films/one.mkv")
    reader.post(f"/downloads/{row.pk}/retry/")
    row.refresh_from_db()
    assert (row.status, row.downloaded, row.path) == (Status.QUEUED, 0, "")


def test_all_of_the_failed_are_retried_and_the_completed_left(reader: Client) -> None:
    finished("one.mkv")
    for number in range(3):
        finished(f"{number}.mkv", Status.FAILED)
    reader.post("/downloads/retry/", all_of(reader, "/history/?view=failed"))
    assert Download.objects.filter(status=Status.QUEUED).count() == 3
    assert Download.objects.filter(status=Status.COMPLETED).count() == 1


def test_a_long_history_costs_no_more_queries(
    reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(120):
        finished(f"{number}.mkv")
    reader.get("/history/")
    with django_assert_max_num_queries(17):
        assert len(names(reader.get("/history/?page=2").content.decode())) == 50


def test_what_was_removed_is_shown_until_it_is_gone_for_good(reader: Client) -> None:
    finished("one.mkv", path="/films/one.mkv")
    gone = finished("gone.mkv")
    make_download(name="waits.mkv")
    actions.remove(Download.objects.filter(name="one.mkv"), with_file=True)
    actions.remove(Download.objects.filter(pk=gone.pk), at=timezone.now() - purging.UNDO_FOR)
    page = reader.get("/history/?view=removed").content.decode()
    assert names(page) == ["one.mkv"]
    assert "The file is deleted too" in page
    assert 'aria-current="page">Removed <span class="number">1</span>' in page
    assert names(reader.get("/history/?view=removed&q=other").content.decode()) == []


def test_a_removed_row_is_restored_from_its_list(reader: Client, htmx: Client) -> None:
    row = make_download(name="film.mkv")
    actions.remove(Download.objects.all())
    answer = htmx.post(f"/downloads/{row.pk}/restore/").content.decode()
    assert "1 download is back." in answer
    assert 'id="stale" hx-swap-oob="true"' in answer
    assert names(reader.get("/").content.decode()) == ["film.mkv"]
    assert "too late to undo" in htmx.post(f"/downloads/{row.pk}/restore/").content.decode()


def test_chosen_and_all_removed_rows_are_restored(reader: Client) -> None:
    for number in range(60):
        finished(f"{number}.mkv")
    actions.remove(Download.objects.all())
    some = Download.objects.order_by("pk")[:2]
    reader.post("/downloads/restore/", {"id": [row.pk for row in some]})
    assert Download.objects.filter(removed_at=None).count() == 2
    asked = all_of(reader, "/history/?view=removed")
    actions.remove(Download.objects.filter(pk=some[0].pk))
    reader.post("/downloads/restore/", asked)
    assert Download.objects.filter(removed_at=None).count() == 59
    assert "Nothing was changed." in reader.post("/downloads/restore/", {}, follow=True).content.decode()


def test_what_was_added_again_is_not_offered_for_restoring(reader: Client) -> None:
    row = make_download(name="film.mkv")
    actions.remove(Download.objects.all())
    make_download(code=row.code)
    assert names(reader.get("/history/?view=removed").content.decode()) == []


@pytest.mark.parametrize("path", ["/", "/history/", "/history/?view=removed"])
def test_the_enter_key_on_a_tick_sends_nothing(reader: Client, path: str) -> None:
    """A browser answers it with the form's first button: one that would close a dialog, and there is none."""
    make_download()
    finished("one.mkv")
    finished("two.mkv")
    actions.remove(Download.objects.filter(name="two.mkv"))
    form = reader.get(path).content.decode().partition('<form id="rows"')[2]
    first = re.search(r"<button[^>]*>|<input[^>]*(?:submit|image)[^>]*>", form)
    assert first
    assert first[0] == '<button formmethod="dialog" hidden>'
