from __future__ import annotations

from datetime import UTC, datetime

import pytest

from downloads.models import Batch, Download
from downloads.states import Status
from flasharr.simulator.simulator import Simulator
from tests.downloads.conftest import make_download
from tests.flasharr.conftest import Program

FIELDS = {
    *("id", "url", "host", "name", "directory", "path", "status", "reason", "progress", "size", "downloaded"),
    *("speed", "eta", "priority", "batch", "created_at", "started_at", "finished_at", "error"),
}


def names(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [item["name"] for item in answer["items"]]


def test_a_download_has_every_promised_field(program: Program) -> None:
    row = make_download(Status.DOWNLOADING, downloaded=250_000, speed=50_000, priority=1)
    answer = program("GET", f"downloads/{row.pk}")
    assert set(answer) >= FIELDS
    assert answer["status"] == "downloading"
    assert (answer["progress"], answer["eta"], answer["priority"]) == (25.0, 15, "high")
    assert answer["reason"] is answer["error"] is answer["path"] is answer["batch"] is None


def test_a_row_that_does_not_run_says_why(program: Program) -> None:
    until = datetime(2030, 1, 1, tzinfo=UTC)
    row = make_download(
        Status.WAITING,
        reason_code="host_busy",
        reason_sentence="{host} asks us to slow down.",
        reason_params={"host": "Fshare"},
        reason_until=until,
        reason_cure="retry",
    )
    reason = program("GET", f"downloads/{row.pk}")["reason"]
    assert reason == {
        "code": "host_busy",
        "message": "Fshare asks us to slow down.",
        "until": "2030-01-01T00:00:00Z",
        "action": "retry",
    }


def test_only_a_failed_one_has_an_error(program: Program) -> None:
    row = make_download(Status.FAILED, reason_code="link_dead", reason_sentence="It is gone.")
    assert program("GET", f"downloads/{row.pk}")["error"] == "It is gone."


def test_the_list_filters_sorts_and_pages(program: Program) -> None:
    batch = Batch.objects.create(name="Season 1")
    make_download(Status.PAUSED, name="b", size=3, batch=batch)
    make_download(Status.QUEUED, name="a", size=None)
    make_download(Status.COMPLETED, name="c", size=2, position=0)
    make_download(Status.DOWNLOADING, name="d", size=1)
    assert names(program("GET", "downloads")) == ["d", "b", "a", "c"]
    assert names(program("GET", "downloads?status=paused,queued")) == ["b", "a"]
    assert names(program("GET", "downloads?status=paused&status=completed&sort=name")) == ["b", "c"]
    assert names(program("GET", f"downloads?batch={batch.pk}")) == ["b"]
    assert names(program("GET", "downloads?search=C&status=completed")) == ["c"]
    assert names(program("GET", "downloads?sort=-size")) == ["b", "c", "d", "a"]
    second = program("GET", "downloads?sort=name&page=2&page_size=3")
    assert (names(second), second["total"]) == (["d"], 4)
    assert program("GET", "downloads?page=99") == {"items": [], "total": 4}


@pytest.mark.parametrize(
    "query",
    [
        "status=running",
        "sort=password",
        "sort=--name",
        "page=0",
        "page_size=501",
        "page=x",
        "batch=0",
        "search=%00",
        "search=" + "a" * 201,
    ],
)
def test_a_wrong_query_is_refused_by_name(program: Program, query: str) -> None:
    error = program("GET", f"downloads?{query}")["error"]
    assert (program.status, error["code"]) == (400, "invalid")
    assert list(error["fields"]) == [query.partition("=")[0]]


def test_the_list_asks_the_database_the_same_few_times_for_any_number(
    program: Program, django_assert_max_num_queries: object
) -> None:
    for _ in range(60):
        make_download()
    program("GET", "downloads")  # the first one finds no settings and notes the use of the key
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        assert len(program("GET", "downloads?page_size=60")["items"]) == 60


def test_adding_a_folder_adds_its_files_as_a_batch(fshare: Simulator, program: Program) -> None:
    body = {"url": "https://www.fshare.vn/folder/DEMOSERIES01", "directory": "Series", "priority": "high"}
    first = program("POST", "downloads", body)
    assert program.status == 201
    assert len(first["items"]) == 12
    assert {item["existing"] for item in first["items"]} == {False}
    assert {item["priority"] for item in first["items"]} == {"high"}
    assert first["items"][0]["directory"] == "Series/Sóng Ngầm - Undercurrent (2024)/Season 1"
    again = program("POST", "downloads", body)
    assert (program.status, {item["existing"] for item in again["items"]}) == (201, {True})
    assert [item["id"] for item in again["items"]] == [item["id"] for item in first["items"]]
    assert Download.objects.count() == 12


def test_adding_several_says_what_was_left_out(fshare: Simulator, program: Program) -> None:
    codes = ("DEMOFILM0004", "DEMOGONE0001")
    urls = [f"https://www.fshare.vn/file/{code}" for code in codes]
    answer = program("POST", "downloads", {"urls": urls, "priority": 0})
    assert program.status == 201
    assert names(answer) == ["Phố Cũ.2018.Thuyết Minh.1080p.mp4"]
    assert [item["url"] for item in answer["left_out"]] == [urls[1]]
    assert "no longer on the host" in answer["left_out"][0]["message"]


def test_a_share_password_is_taken_and_never_told(fshare: Simulator, program: Program) -> None:
    body = {"url": "https://www.fshare.vn/file/DEMOSECRET01", "password": "canary-secret", "filename": "private.mkv"}
    answer = program("POST", "downloads", body)
    assert (program.status, names(answer)) == (201, ["private.mkv"])
    assert "canary-secret" not in str(answer) + str(program("GET", "downloads"))
    assert "canary-secret" not in Download.objects.get().sealed_password


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("pause", Status.DOWNLOADING, "paused"),
        ("pause", Status.PAUSED, "paused"),
        ("resume", Status.PAUSED, "queued"),
        ("resume", Status.DOWNLOADING, "downloading"),
        ("retry", Status.FAILED, "queued"),
        ("retry", Status.COMPLETED, "queued"),
    ],
)
def test_verbs_change_the_row(program: Program, verb: str, before: Status, after: str) -> None:
    row = make_download(before)
    assert program("POST", f"downloads/{row.pk}/{verb}")["status"] == after
    assert program.status == 200


@pytest.mark.parametrize(
    ("verb", "status"), [("pause", Status.COMPLETED), ("resume", Status.FAILED), ("retry", Status.PAUSED)]
)
def test_a_verb_that_does_not_fit_is_a_conflict(program: Program, verb: str, status: Status) -> None:
    row = make_download(status)
    error = program("POST", f"downloads/{row.pk}/{verb}")["error"]
    assert (program.status, error["code"]) == (409, "not_possible")
    assert f"is {status}" in error["message"]
    row.refresh_from_db()
    assert row.status == status


def test_priority_place_and_password_can_be_changed(program: Program) -> None:
    first, second = make_download(name="first"), make_download(name="second")
    program("PATCH", f"downloads/{second.pk}", {"position": "top"})
    assert names(program("GET", "downloads")) == ["second", "first"]
    assert program("PATCH", f"downloads/{first.pk}", {"priority": "high"})["priority"] == "high"
    assert names(program("GET", "downloads")) == ["first", "second"]
    locked = make_download(Status.WAITING, reason_code="password_needed")
    assert program("PATCH", f"downloads/{locked.pk}", {"password": "x"})["status"] == "queued"


def test_removing_can_be_undone(program: Program) -> None:
    row = make_download()
    assert program("DELETE", f"downloads/{row.pk}?with_file=true") is None
    assert program.status == 204
    assert Download.objects.get().removed_with_file
    program("GET", f"downloads/{row.pk}")
    assert program.status == 404
    program("DELETE", f"downloads/{row.pk}")
    assert program.status == 404
    assert program("POST", f"downloads/{row.pk}/restore")["id"] == row.pk
    assert program("POST", f"downloads/{row.pk}/restore")["id"] == row.pk


def test_undoing_gives_way_to_a_file_that_was_added_again(program: Program) -> None:
    row = make_download()
    program("DELETE", f"downloads/{row.pk}")
    make_download(code=row.code)
    assert program("POST", f"downloads/{row.pk}/restore")["error"]["code"] == "not_possible"
    assert program.status == 409


def test_a_speed_limit_is_set_and_shown(program: Program) -> None:
    row = make_download()
    assert program("PATCH", f"downloads/{row.pk}", {"speed_limit": 2_500_000})["speed_limit"] == 2_500_000
    for wrong in (-1, 10**13, 1.5, "1", None, True):
        program("PATCH", f"downloads/{row.pk}", {"speed_limit": wrong})
        assert program.status == 400, wrong
    assert program("GET", f"downloads/{row.pk}")["speed_limit"] == 2_500_000


def test_a_folder_is_looked_into_again(program: Program, fshare: Simulator) -> None:
    fshare.add_folder("SEASON", "Season", ["DEMOFILM0001"])
    program("POST", "downloads", {"url": "https://www.fshare.vn/folder/SEASON"})
    address = f"batches/{Batch.objects.get().pk}/revisit"
    assert program("POST", address) == {"items": []}
    fshare.add_folder("SEASON", "Season", ["DEMOFILM0001", "DEMOFILM0002"])
    assert len(program("POST", address)["items"]) == 1
    assert Download.objects.filter(code="DEMOFILM0002", batch=Batch.objects.get()).exists()
