"""Checksums and what a finished file is warned about: every door, and what comes of it."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from downloads import actions, cautions, intake, labels, late_checksums, tasks
from downloads.engine.errors import ChecksumMismatch, RemoteChanged
from downloads.engine.limits import Limits
from downloads.engine.throttle import Throttle
from downloads.models import Download, Preferences
from downloads.orchestrator import Orchestrator
from downloads.preview import IntakeRefused
from downloads.running import Outcome, Running
from downloads.states import Reason, Status
from tests.downloads.conftest import make_download
from tests.flasharr.conftest import Program
from tests.hosts.pages import Pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_workers")]

FILM = b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 1000
GOOD = "sha256:" + hashlib.sha256(FILM).hexdigest()
WRONG = "sha256:" + "0" * 64
DISGUISED = "The name says .mkv, but the content is ZIP. It was kept as it came."


@pytest.fixture
def reader(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Pages]:
    monkeypatch.setattr(settings, "FLASHARR", {**settings.FLASHARR, "ALLOW_PRIVATE_HOSTS": True})
    monkeypatch.setattr("downloads.running.LIMITS", Limits(quick_retries=1, retry_base=0.01, retry_cap=0.01))
    monkeypatch.setattr("downloads.orchestrator.TICK", 0.02)
    Preferences.objects.create(pk=1, download_dir=str(tmp_path))
    with Pages() as running:
        running.answer("/film.mkv", body=FILM)
        running.answer("/odd.mkv", body=b"PK\x03\x04" + FILM)
        yield running


def posted(program: Program, body: Mapping[str, object], expected: int) -> Any:
    answer = program("POST", "downloads", body)
    assert program.status == expected, answer
    return answer


def drain() -> Download:
    Orchestrator().run()
    return Download.objects.get()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_a_file_with_the_right_checksum_is_completed(pages: Pages, tmp_path: Path) -> None:
    intake.add(f"{pages.url}/film.mkv {GOOD}")
    row = drain()
    assert (row.status, row.checksum, row.warning) == ("completed", GOOD, None)
    assert names(tmp_path) == ["film.mkv"]


@pytest.mark.parametrize("checksum", [WRONG, "md5:" + "0" * 32, "sha1:" + "0" * 40])
def test_a_file_with_a_wrong_checksum_gets_no_name_and_says_why(pages: Pages, tmp_path: Path, checksum: str) -> None:
    intake.add(f"{pages.url}/film.mkv {checksum}")
    row = drain()
    assert (row.status, row.reason_code) == ("failed", "checksum_mismatch")
    assert "The checksum does not match" in labels.sentence(row.reason)
    assert names(tmp_path) == []


def test_a_film_that_is_an_archive_is_completed_with_a_warning_on_every_door(
    pages: Pages, reader: Client, program: Program
) -> None:
    intake.add(f"{pages.url}/odd.mkv")
    row = drain()
    assert (row.status, row.warning_code) == ("completed", "disguised")
    assert program("GET", f"downloads/{row.pk}")["warning"] == {"code": "disguised", "message": DISGUISED}
    for page in ("/", "/history/", f"/admin/downloads/download/{row.pk}/change/"):
        assert DISGUISED in html.unescape(reader.get(page).content.decode()) or page == "/"
    actions.retry(Download.objects.all())
    assert Download.objects.get().warning is None


BAD = [WRONG[:-1], WRONG + "0", "crc32:01234567", "sha256:" + "x" * 64, "nonsense", "\0", "<b>", "'; DROP TABLE"]


@pytest.mark.parametrize("checksum", BAD)
def test_rest_refuses_an_odd_checksum_and_adds_nothing(pages: Pages, program: Program, checksum: str) -> None:
    answer = posted(program, {"url": f"{pages.url}/film.mkv", "checksum": checksum}, 400)
    assert "error" in answer
    assert not Download.objects.exists()


@pytest.mark.parametrize("checksum", BAD[:4])
def test_an_odd_checksum_behind_an_address_is_refused(pages: Pages, program: Program, checksum: str) -> None:
    url = f"{pages.url}/film.mkv"
    posted(program, {"url": f"{url} {checksum}"}, 400)
    posted(program, {"urls": [url, checksum]}, 400)
    with pytest.raises(CommandError, match="no checksum that can be checked"):
        call_command("add", url, checksum)
    with pytest.raises(CommandError, match="no checksum that can be checked"):
        call_command("add", url, "--checksum", checksum)
    assert not Download.objects.exists()


def test_programs_give_a_checksum_in_its_field_or_behind_the_address(pages: Pages, program: Program) -> None:
    url = f"{pages.url}/film.mkv"
    for body in ({"url": url, "checksum": GOOD.upper()}, {"url": f"{url} {GOOD}"}, {"urls": [url, GOOD]}):
        [item] = posted(program, body, 201)["items"]
        assert item["checksum"] == GOOD
        Download.objects.all().delete()
    for words in ([url, GOOD], [f"{url} {GOOD}"], [url, "--checksum", GOOD]):
        call_command("add", *words)
        assert Download.objects.get().checksum == GOOD
        Download.objects.all().delete()


def test_one_checksum_is_not_taken_for_several_files(pages: Pages) -> None:
    with pytest.raises(IntakeRefused, match="single file"):
        intake.add(f"{pages.url}/film.mkv {pages.url}/odd.mkv", checksum=GOOD)
    with pytest.raises(IntakeRefused, match="is not the checksum given"):
        intake.add(f"{pages.url}/film.mkv {GOOD}", checksum=WRONG)
    assert not Download.objects.exists()


def test_the_page_adds_with_the_checksum_and_tells_an_odd_one(pages: Pages, reader: Client) -> None:
    reader.post("/add/", {"text": f"{pages.url}/film.mkv {GOOD}\n", "priority": "0"})
    assert Download.objects.get().checksum == GOOD
    page = reader.post("/add/preview/", {"text": f"{pages.url}/odd.mkv crc32:1234\n{pages.url}/film.mkv"}).content
    assert "crc32:1234 is no checksum that can be checked." in html.unescape(page.decode())


def test_a_checksum_given_later_is_kept_for_a_file_that_has_none(pages: Pages) -> None:
    intake.add(f"{pages.url}/film.mkv")
    intake.add(f"{pages.url}/film.mkv {WRONG}")
    assert drain().reason_code == "checksum_mismatch"


def test_a_checksum_given_while_the_file_comes_is_checked_at_its_end(pages: Pages, tmp_path: Path) -> None:
    intake.add(f"{pages.url}/film.mkv")
    running = make_running(Download.objects.get(), lambda: intake.add(f"{pages.url}/film.mkv {WRONG}"))
    assert isinstance(running, ChecksumMismatch)
    assert names(tmp_path) == []


@pytest.mark.parametrize("status", [Status.QUEUED, Status.DOWNLOADING, Status.COMPLETED])
def test_a_checksum_that_contradicts_an_earlier_one_is_refused(pages: Pages, program: Program, status: Status) -> None:
    intake.add(f"{pages.url}/film.mkv {GOOD}")
    Download.objects.update(status=status)
    before = Download.objects.values().get()
    with pytest.raises(IntakeRefused, match="is not the checksum given for the same file before"):
        intake.add(f"{pages.url}/film.mkv {WRONG}")
    posted(program, {"url": f"{pages.url}/film.mkv", "checksum": WRONG}, 400)
    assert Download.objects.values().get() == before


def test_a_checksum_that_did_not_match_may_be_corrected(pages: Pages) -> None:
    intake.add(f"{pages.url}/film.mkv {WRONG}")
    assert drain().reason_code == "checksum_mismatch"
    intake.add(f"{pages.url}/film.mkv {GOOD}")
    actions.retry(Download.objects.all())
    assert drain().status == "completed"


def test_a_finished_file_is_compared_with_a_checksum_that_comes_later(
    pages: Pages, program: Program, tmp_path: Path, no_workers: list[str]
) -> None:
    intake.add(f"{pages.url}/film.mkv")
    row = drain()
    for content, code in ((FILM, None), (FILM + b"more", "checksum_mismatch")):
        (tmp_path / "film.mkv").write_bytes(content)
        Download.objects.update(checksum="")
        [item] = posted(program, {"url": f"{pages.url}/film.mkv", "checksum": GOOD}, 201)["items"]
        assert (item["existing"], item["checksum"]) == (True, GOOD)
        assert program("GET", f"downloads/{row.pk}")["warning"]["code"] == "unchecked"
        assert "downloads.tasks.check_files" in no_workers
        tasks.check_files()
        warning = program("GET", f"downloads/{row.pk}")["warning"]
        assert (warning and warning["code"]) == code
        assert Download.objects.get().status == "completed"


def test_a_finished_file_that_cannot_be_read_is_told(pages: Pages, tmp_path: Path) -> None:
    intake.add(f"{pages.url}/film.mkv")
    drain()
    assert late_checksums.caution_of(tmp_path / "gone.mkv", GOOD) == cautions.UNREADABLE


def make_running(row: Download, meanwhile: Callable[[], object]) -> Outcome | None:
    """The outcome of a transfer of the row, with something happening before its bytes come."""
    Download.objects.update(status=Status.DOWNLOADING)
    meanwhile()
    running = Running(row, Throttle(0))
    running.allow(1)
    running.turn.set()
    running.thread.join(60)
    return running.outcome


def test_a_file_that_keeps_changing_offers_a_choice(reader: Client) -> None:
    reason = Reason.of(RemoteChanged())
    row = make_download(
        Status.WAITING, reason_code=reason.code, reason_sentence=reason.sentence, reason_cure=reason.cure.value
    )
    page = reader.get("/").content.decode()
    assert "Begin anew with the file that is there now, leave it waiting, or remove it." in page
    assert "Begin anew</button>" in page
    reader.post(f"/downloads/{row.pk}/retry/")
    row.refresh_from_db()
    assert row.status == Status.QUEUED
