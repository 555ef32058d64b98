from __future__ import annotations

from pathlib import Path

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from downloads import actions, reports
from downloads.models import Download
from downloads.reports import Measured
from downloads.states import Status
from tests.downloads.conftest import make_download
from tests.downloads.list_form import all_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_workers")]


def only(row: Download) -> QuerySet[Download]:
    return Download.objects.filter(pk=row.pk)


def status(row: Download) -> str:
    return Download.objects.get(pk=row.pk).status


def test_all_leaves_alone_what_came_after_the_page_was_shown(reader: Client) -> None:
    old = make_download()
    asked = all_of(reader, "/")
    new = make_download()
    reader.post("/downloads/pause/", asked)
    assert (status(old), status(new)) == (Status.PAUSED, Status.QUEUED)
    reader.post("/downloads/remove/", {**asked, "file": "delete"})
    assert list(Download.objects.filter(removed_at=None)) == [new]


def test_all_of_the_finished_leaves_alone_what_finished_after_the_page_was_shown(reader: Client) -> None:
    finished = make_download(Status.COMPLETED, finished_at=timezone.now())
    running = make_download(Status.VERIFYING, engine="me")
    asked = all_of(reader, "/history/")
    assert reports.finish(running.pk, "me", Path("/films/x.mkv"), 1_000_000)
    reader.post("/downloads/remove/", {**asked, "file": "delete"})
    assert list(Download.objects.exclude(removed_at=None)) == [finished]


def test_all_of_the_paused_leaves_alone_what_was_paused_after_the_page_was_shown(reader: Client) -> None:
    paused, queued = make_download(Status.PAUSED), make_download()
    asked = all_of(reader, "/?view=paused")
    actions.pause(only(queued))
    reader.post("/downloads/resume/", asked)
    assert (status(paused), status(queued)) == (Status.QUEUED, Status.PAUSED)


def test_all_means_running_rows_too_whose_progress_moves_on(reader: Client) -> None:
    row = make_download(Status.DOWNLOADING, engine="me")
    asked = all_of(reader, "/")
    reports.measure("me", [Measured(row.pk, 500_000, 1_000)])
    reader.post("/downloads/pause/", asked)
    assert status(row) == Status.PAUSED


@pytest.mark.parametrize(
    "wrong",
    [
        {"list": ""},
        {"list": "nonsense"},
        {"view": ""},
        {"view": "nonsense"},
        {"view": "removed", "list": "history"},
        {"view": "completed"},
        {"upto": ""},
        {"upto": "x"},
        {"upto": "9" * 30 + ".1"},
        {"upto": "-1.1"},
    ],
)
@pytest.mark.parametrize("path", ["/downloads/pause/", "/downloads/priority/low/", "/downloads/remove/"])
def test_all_of_a_list_that_does_not_exist_is_refused(reader: Client, path: str, wrong: dict[str, str]) -> None:
    row = make_download()
    asked = {**all_of(reader, "/"), **wrong, "file": "delete"}
    assert reader.post(path, asked).status_code == 400
    row.refresh_from_db()
    assert (row.status, row.priority, row.removed_at) == (Status.QUEUED, 0, None)


def test_resuming_all_leaves_waiting_rows_to_their_own_time(reader: Client) -> None:
    paused, waiting = make_download(Status.PAUSED), make_download(Status.WAITING, reason_code="host_busy")
    reader.post("/downloads/resume/", {"everything": "1"})
    assert (status(paused), status(waiting)) == (Status.QUEUED, Status.WAITING)
    actions.pause(only(paused))
    reader.post("/downloads/resume/", all_of(reader, "/"))
    assert (status(paused), status(waiting)) == (Status.QUEUED, Status.WAITING)
    reader.post("/downloads/resume/", {"id": waiting.pk})
    assert status(waiting) == Status.QUEUED


def test_everything_is_no_word_for_removing(reader: Client) -> None:
    make_download()
    reader.post("/downloads/remove/", {"everything": "1", "file": "delete"})
    reader.post("/downloads/priority/low/", {"everything": "1"})
    assert Download.objects.filter(removed_at=None, priority=0).count() == 1


def test_downloading_all_again_leaves_the_complete_unless_the_list_holds_no_others(reader: Client) -> None:
    complete = make_download(Status.COMPLETED, finished_at=timezone.now())
    failed = make_download(Status.FAILED, finished_at=timezone.now())
    reader.post("/downloads/retry/", all_of(reader, "/history/"))
    assert (status(complete), status(failed)) == (Status.COMPLETED, Status.QUEUED)
    reader.post("/downloads/retry/", all_of(reader, "/history/?view=completed"))
    assert status(complete) == Status.QUEUED
