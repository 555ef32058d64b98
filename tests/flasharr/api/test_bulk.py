from __future__ import annotations

import pytest

from downloads.models import Batch, Download
from downloads.states import Status
from tests.downloads.conftest import make_download
from tests.flasharr.conftest import Program


def statuses() -> list[str]:
    return list(Download.objects.filter(removed_at=None).order_by("pk").values_list("status", flat=True))


def test_the_named_rows_change_and_the_others_are_reported(program: Program) -> None:
    queued, complete, other = make_download(), make_download(Status.COMPLETED), make_download()
    answer = program("POST", "downloads/pause", {"ids": [queued.pk, complete.pk]})
    assert answer == {"changed": 1, "refused": [complete.pk]}
    assert statuses() == ["paused", "completed", "queued"]
    assert other.status == "queued"


def test_a_number_that_is_not_there_changes_nothing(program: Program) -> None:
    row = make_download()
    program("POST", "downloads/pause", {"ids": [row.pk, 9_999]})
    assert program.status == 404
    assert statuses() == ["queued"]


def test_all_means_what_makes_sense_for_the_verb(program: Program) -> None:
    for status in Status:
        make_download(status)
    assert program("POST", "downloads/pause", {"all": True})["changed"] == 5
    assert program("POST", "downloads/resume", {"all": True})["changed"] == 6
    assert program("POST", "downloads/retry", {"all": True})["changed"] == 1
    assert statuses().count("completed") == 1
    assert program("POST", "downloads/remove", {"all": True, "with_file": True})["changed"] == 8
    assert statuses() == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"all": False},
        {"ids": []},
        {"ids": ["1"]},
        {"ids": [0]},
        {"ids": [2**63]},
        {"ids": [1], "all": True},
        {"id": 1},
        [],
    ],
)
def test_an_unclear_choice_is_refused(program: Program, body: object) -> None:
    make_download()
    error = program("POST", "downloads/remove", body)["error"]
    assert (program.status, error["code"]) == (400, "invalid")
    assert statuses() == ["queued"]


def test_a_batch_shows_its_progress_and_takes_verbs(program: Program) -> None:
    batch = Batch.objects.create(name="Season 1", url="https://www.fshare.vn/folder/X")
    Batch.objects.create(name="empty")
    make_download(Status.COMPLETED, batch=batch, size=100, downloaded=100)
    make_download(Status.DOWNLOADING, batch=batch, size=300, downloaded=100, speed=7)
    make_download(Status.FAILED, batch=batch, size=None)
    outside = make_download()
    listed = program("GET", "batches")
    assert listed["total"] == 1
    one = program("GET", f"batches/{batch.pk}")
    assert one == listed["items"][0]
    assert (one["name"], one["total"], one["completed"], one["failed"]) == ("Season 1", 3, 1, 1)
    assert (one["size"], one["downloaded"], one["speed"], one["progress"]) == (400, 200, 7, 50.0)
    assert program("POST", f"batches/{batch.pk}/pause") == {"changed": 1, "refused": []}
    assert program("POST", f"batches/{batch.pk}/resume")["changed"] == 1
    assert program("POST", f"batches/{batch.pk}/retry")["changed"] == 1
    assert statuses() == ["completed", "queued", "queued", "queued"]
    program("DELETE", f"batches/{batch.pk}")
    assert program.status == 204
    assert list(Download.objects.filter(removed_at=None)) == [outside]
    program("GET", f"batches/{batch.pk}")
    assert program.status == 404
