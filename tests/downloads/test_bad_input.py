"""What a hostile or broken world hands to the queue: the row says what is wrong, and nothing else is touched."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from downloads import actions, intake, lease
from downloads.models import Download, EngineLease, Preferences
from downloads.orchestrator import Orchestrator
from flasharr.simulator import Simulator
from hosts import accounts
from hosts.base import Problem
from tests.downloads.engine.conftest import tmpfs

pytestmark = pytest.mark.django_db(transaction=True)

SIZE = 300_000
CODE = "BADINPUT0001"
LONG = "Người Giữ Hải Đăng Ở Cuối Con Sông " * 12


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_workers: list[str]) -> Iterator[Simulator]:
    with Simulator() as running:
        monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, **running.environment()})
        monkeypatch.setattr("downloads.orchestrator.TICK", 0.02)
        monkeypatch.setattr("downloads.orchestrator.WRITE_EVERY", 0.02)
        monkeypatch.setattr("downloads.room.RESERVE", 0)
        accounts.from_environment()
        (tmp_path / "downloads").mkdir()
        Preferences.objects.create(pk=1, download_dir=str(tmp_path / "downloads"))
        yield running


def add(simulator: Simulator, name: str = "phim.mkv", size: int = SIZE) -> None:
    simulator.add_file(CODE, name, size)
    intake.add(f"https://www.fshare.vn/file/{CODE}")


def work(later: timedelta = timedelta(0)) -> Download:
    Orchestrator(now=lambda: timezone.now() + later).run()
    return Download.objects.get()


def sha256(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.mkv",
        "/etc/cron.d/x.mkv",
        "a\0b.mkv",
        LONG + ".mkv",
        "CON.mkv",
        "..mkv",
        "<img src=x>.mkv",
        "x. . ",
    ],
)
def test_a_hostile_name_becomes_a_harmless_one_inside_the_folder(
    simulator: Simulator, tmp_path: Path, name: str
) -> None:
    add(simulator, name)
    row = work()
    assert row.status == "completed", row.reason
    path = Path(row.path)
    assert path.parent == tmp_path / "downloads"
    assert len(path.name.encode()) <= 255
    assert sha256(row.path) == simulator.sha256(CODE)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["downloads"]


@pytest.mark.parametrize("directory", ["../../outside", "/outside", "a/../../..", "..\\..\\outside", "a\0b"])
def test_a_hostile_folder_is_refused_or_stays_inside(simulator: Simulator, tmp_path: Path, directory: str) -> None:
    simulator.add_file(CODE, "phim.mkv", SIZE)
    try:
        intake.add(f"https://www.fshare.vn/file/{CODE}", directory=directory)
    except Problem:
        assert not Download.objects.exists()
        return
    row = work()
    assert (tmp_path / "downloads") in Path(row.path).parents
    assert not (tmp_path / "outside").exists()


def test_a_symbolic_link_that_leads_outside_is_not_followed(simulator: Simulator, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "downloads" / "films").symlink_to(tmp_path / "outside")
    simulator.add_file(CODE, "phim.mkv", SIZE)
    intake.add(f"https://www.fshare.vn/file/{CODE}", directory="films")
    row = work()
    assert (row.status, row.reason_code) == ("failed", "path_refused")
    assert list((tmp_path / "outside").iterdir()) == []


def test_what_exists_is_never_overwritten(simulator: Simulator, tmp_path: Path) -> None:
    mine = tmp_path / "downloads" / "phim.mkv"
    mine.write_text("mine")
    add(simulator)
    row = work()
    assert Path(row.path).name == "phim (2).mkv"
    assert mine.read_text() == "mine"


def test_a_full_disk_waits_with_the_numbers_and_goes_on_when_there_is_room(
    simulator: Simulator, tmp_path: Path
) -> None:
    with tmpfs(tmp_path / "downloads", "size=4m"):
        ballast = tmp_path / "downloads" / "ballast"
        ballast.write_bytes(b"x" * 3_500_000)
        add(simulator, size=2_000_000)
        row = work()
        assert (row.status, row.reason_code, row.reason_cure) == ("waiting", "disk_full", "space")
        assert "2.0 MB needed" in str(row.reason and row.reason.message)
        ballast.unlink()
        row = work()
        assert row.status == "completed"
        assert sha256(row.path) == simulator.sha256(CODE)


def test_a_read_only_folder_waits_for_the_user_and_names_the_folder(simulator: Simulator, tmp_path: Path) -> None:
    add(simulator)
    with tmpfs(tmp_path / "downloads", "size=4m,ro"):
        row = work()
    assert (row.status, row.reason_code, row.reason_until) == ("waiting", "disk_refused", None)
    assert str(tmp_path / "downloads") in str(row.reason and row.reason.message)
    actions.retry(Download.objects.all())
    assert work().status == "completed"


def test_a_damaged_journal_costs_bytes_but_never_a_wrong_file(simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault("early_end", code=CODE, at=200_000, count=None)
    add(simulator)
    assert work().status == "waiting"
    [journal] = (tmp_path / "downloads" / ".flasharr").glob("*.journal")
    journal.write_bytes(os.urandom(200))
    simulator.clear_faults()
    row = work(timedelta(hours=1))
    assert row.status == "completed"
    assert sha256(row.path) == simulator.sha256(CODE)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("host", "megaupload", "link_refused"),
        ("sealed_password", "garbage", "password_needed"),
        ("part_id", "../../outside", "unexpected"),
        ("reason_params", "{}", ""),
        ("url", "javascript:alert(1)", ""),
    ],
)
def test_a_damaged_row_tells_and_harms_nobody_else(
    simulator: Simulator, tmp_path: Path, column: str, value: str, code: str
) -> None:
    add(simulator)
    other = Download.objects.get()
    simulator.add_file("HEALTHY00001", "other.mkv", SIZE)
    intake.add("https://www.fshare.vn/file/HEALTHY00001")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE downloads_download SET {column} = %s WHERE id = %s", [value, other.pk])
    Orchestrator().run()
    other.refresh_from_db()
    assert Download.objects.get(code="HEALTHY00001").status == "completed"
    if code:
        assert other.status in ("failed", "waiting")
        assert other.reason_code == code, other.reason
    assert sorted(one.name for one in tmp_path.iterdir()) == ["downloads"]


def test_a_stale_lease_is_taken_over(simulator: Simulator) -> None:
    add(simulator)
    EngineLease.objects.update_or_create(
        pk=1, defaults={"owner": "gone", "pid": os.getpid(), "node": "another-machine", "heartbeat_at": timezone.now()}
    )
    assert work().status == "queued"
    EngineLease.objects.update(heartbeat_at=timezone.now() - EngineLease.TIME_TO_LIVE)
    assert work().status == "completed"
    assert lease.take("next")
