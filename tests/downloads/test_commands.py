from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from downloads import following
from downloads.models import Download
from downloads.states import Status
from tests.downloads.conftest import make_download

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_workers")]


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def answer(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def statuses() -> list[str]:
    return list(Download.objects.filter(removed_at=None).order_by("pk").values_list("status", flat=True))


def test_the_queue_is_listed_in_the_order_in_which_it_runs() -> None:
    make_download(name="second.mkv", position=5)
    make_download(Status.DOWNLOADING, name="first.mkv", position=9, downloaded=500_000, speed=1_500_000)
    make_download(Status.COMPLETED, name="done.mkv")
    lines = run("queue").splitlines()
    assert "first.mkv" in lines[0]
    assert "50.0 %" in lines[0]
    assert "1.5 MB/s" in lines[0]
    assert "second.mkv  (Waiting for a free slot.)" in lines[1]
    assert lines[2] == "2 open, 0 failed, 1 complete"


def test_the_queue_in_json_is_what_rest_says() -> None:
    row = make_download(Status.WAITING, reason_code="host_busy", reason_sentence="Busy.", reason_cure="retry")
    queue = answer("queue")
    assert queue["total"] == 1
    assert queue["items"][0]["id"] == row.pk
    assert queue["items"][0]["reason"] == {"code": "host_busy", "message": "Busy.", "until": None, "action": "retry"}


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("pause", Status.DOWNLOADING, "paused"),
        ("resume", Status.PAUSED, "queued"),
        ("retry", Status.FAILED, "queued"),
        ("retry", Status.COMPLETED, "queued"),
    ],
)
def test_a_verb_changes_the_rows_named(verb: str, before: Status, after: str) -> None:
    row, other = make_download(before), make_download(before)
    assert answer(verb, str(row.pk)) == {"changed": 1, "refused": []}
    assert statuses() == [after, other.status]


def test_a_verb_that_does_not_fit_fails_and_does_the_rest() -> None:
    complete, queued = make_download(Status.COMPLETED), make_download()
    with pytest.raises(CommandError, match=f"Download {complete.pk} is completed"):
        run("pause", str(complete.pk), str(queued.pk))
    assert statuses() == ["completed", "paused"]


def test_what_is_so_already_is_no_failure() -> None:
    row = make_download(Status.PAUSED)
    assert answer("pause", str(row.pk)) == {"changed": 0, "refused": []}


@pytest.mark.parametrize("word", ["999", "x", "-1", "1.5", "9" * 30, "²"])
def test_a_wrong_number_changes_nothing(word: str) -> None:
    row = make_download()
    for verb in ("pause", "remove"):
        with pytest.raises(CommandError):
            run(verb, str(row.pk), word)
    assert statuses() == ["queued"]


def test_all_is_every_row_that_the_verb_makes_sense_for() -> None:
    for status in (Status.QUEUED, Status.PAUSED, Status.FAILED, Status.COMPLETED):
        make_download(status)
    assert answer("pause", "all")["changed"] == 1
    assert answer("resume", "all")["changed"] == 2
    assert answer("retry", "all")["changed"] == 1
    assert statuses() == ["queued", "queued", "queued", "completed"]
    assert answer("remove", "all", "--with-file") == {"changed": 4}
    assert statuses() == []
    assert Download.objects.filter(removed_with_file=True).count() == 4


@pytest.mark.parametrize("url", ["", "nothing", "ftp://example.com/x", "http://127.0.0.1/x", "javascript:alert(1)"])
def test_a_bad_address_adds_nothing(url: str) -> None:
    with pytest.raises(CommandError):
        run("add", url)
    with pytest.raises(CommandError):
        run("add", "https://film.invalid/a", url)
    assert not Download.objects.exists()


def test_a_folder_outside_is_refused() -> None:
    with pytest.raises(CommandError, match="outside the download folder"):
        run("add", "https://film.invalid/a", "--dir", "../up")


@pytest.mark.django_db(transaction=True)
def test_an_address_is_added_once() -> None:
    words = ("add", "https://film.invalid/a.mkv", "--directory", "Films", "--priority", "high")
    [first] = answer(*words)["items"]
    assert (first["existing"], first["directory"], first["priority"]) == (False, "Films", "high")
    [again] = answer(*words)["items"]
    assert (again["existing"], again["id"]) == (True, first["id"])
    assert run(*words).startswith("here already:")


@pytest.mark.django_db(transaction=True)
def test_waiting_without_a_worker_ends_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "WORKER_COMES_WITHIN", 0.0)
    with pytest.raises(CommandError, match="No worker is running"):
        run("add", "https://film.invalid/a.mkv", "--wait")
    assert statuses() == ["queued"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("pause", "999"), "not_found", "There is no download 999."),
        (("remove", "x"), "invalid", "'x' is not the number of a download."),
        (("add", "nothing"), "nothing_to_add", "No link was found."),
        (("add", "http://127.0.0.1/x"), "nothing_to_add", "127.0.0.1"),
        (("add", "https://film.invalid/a", "--dir", "../up"), "path_refused", "outside the download folder"),
    ],
)
def test_programs_are_told_why_a_command_fails(words: tuple[str, ...], code: str, message: str) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError, match=re.escape(message)):
        call_command(*words, "--json", stdout=out)
    error = json.loads(out.getvalue())["error"]
    assert error["code"] == code
    assert message in error["message"]
    assert run_quietly(*words) == ""


def run_quietly(*words: str) -> str:
    """What a failing command prints for people on its standard output."""
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command(*words, stdout=out)
    return out.getvalue()


def test_a_command_that_did_a_part_says_both_in_one_document() -> None:
    complete, queued = make_download(Status.COMPLETED), make_download()
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("pause", str(complete.pk), str(queued.pk), "--json", stdout=out)
    message = f"Download {complete.pk} is completed: there is nothing to pause."
    error = {"code": "not_possible", "message": message}
    assert json.loads(out.getvalue()) == {"changed": 1, "refused": [complete.pk], "error": error}


def said(*rows: Download) -> list[str]:
    lines: list[str] = []
    following.follow([row.pk for row in rows], lines.append)
    return lines


def test_following_ends_when_nothing_more_happens_by_itself() -> None:
    complete = make_download(Status.COMPLETED, path="/films/a.mkv")
    failed = make_download(Status.FAILED, reason_code="link_dead", reason_sentence="It is gone.", name="b.mkv")
    stuck = make_download(Status.WAITING, reason_code="password_needed", reason_sentence="Enter it.", name="c.mkv")
    assert said(complete, failed, stuck) == [
        f"{complete.pk}: complete: /films/a.mkv",
        f"{failed.pk}: failed: b.mkv: It is gone.",
        f"{stuck.pk}: waiting: c.mkv: Enter it.",
    ]


def test_following_leaves_out_what_was_removed() -> None:
    row = make_download()
    Download.objects.update(removed_at=row.created_at)
    assert following.follow([row.pk], print) == []
