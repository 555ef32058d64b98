from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from downloads import lease, queries, room
from downloads.engine.errors import DiskAway
from downloads.engine.space import free_bytes
from downloads.models import Download
from downloads.states import Status
from downloads.watch import Watch
from tests.downloads.conftest import make_download
from tests.downloads.engine.conftest import tmpfs
from tests.downloads.test_orchestrator import Engine, direct, engine, status_of

__all__ = ["engine"]

pytestmark = pytest.mark.django_db
MB = 1_000_000


@pytest.fixture(autouse=True)
def no_reserve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("downloads.room.RESERVE", 0)


def part_of(row: Download, size: int) -> None:
    """What the engine leaves of a paused row: a part with all its blocks taken."""
    folder = Path(row.root) / ".flasharr"
    folder.mkdir(exist_ok=True)
    with (folder / f"{row.part_id}.part").open("wb") as part:
        os.posix_fallocate(part.fileno(), 0, size)


def test_what_a_part_has_allocated_is_not_asked_for_again(engine: Engine, tmp_path: Path) -> None:
    with tmpfs(tmp_path, "size=10m"):
        row = direct(tmp_path, size=8 * MB, downloaded=1 * MB)
        part_of(row, 8 * MB)
        engine.tick()
        assert status_of(row) == "resolving"
        small = direct(tmp_path, code="small", size=1 * MB)
        engine.tick()
        assert status_of(small) == "resolving"


def test_what_running_rows_still_need_is_kept_for_them(engine: Engine, tmp_path: Path) -> None:
    with tmpfs(tmp_path, "size=10m"):
        first, second = direct(tmp_path, code="a", size=7 * MB), direct(tmp_path, code="b", size=7 * MB)
        engine.tick()
        assert (status_of(first), status_of(second)) == ("resolving", "waiting")


def test_one_look_finds_what_fits_behind_ten_thousand_that_do_not(engine: Engine, tmp_path: Path) -> None:
    with tmpfs(tmp_path, "size=10m"):
        Download.objects.bulk_create(
            Download(host="direct", code=f"huge {n}", url="http://x.example/", name="x", root=str(tmp_path),
                     size=20 * MB + n, position=n, part_id=f"part{n}")
            for n in range(10_000)
        )  # fmt: skip
        small = make_download(Status.QUEUED, host="direct", root=str(tmp_path), size=MB, position=20_000)
        engine.tick()
        assert status_of(small) == "resolving"
        held = Download.objects.filter(status=Status.WAITING)
        assert held.count() == 10_000
        row = held.get(code="huge 5")
        assert row.reason
        assert row.reason.params["needed"] == "20.0 MB"
        seen = queries.version()
        engine.tick()
        assert not held.filter(version__gt=seen).exists(), "nothing has changed, so nothing is written"


def test_waiting_rows_say_how_much_is_free_now(engine: Engine, tmp_path: Path) -> None:
    with tmpfs(tmp_path, "size=400m"):
        ballast = tmp_path / "ballast"
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, 300 * MB)
        rows = [direct(tmp_path, code=f"{n}", size=900 * MB) for n in range(2)]
        engine.tick()
        before = status_of(rows[0]), rows[0].reason_params["free"]
        assert before == ("waiting", "119.4 MB")
        with ballast.open("r+b") as file:
            file.truncate(290 * MB)
        seen = queries.version()
        engine.tick()
        assert queries.version() == seen, "what hardly changes is not written again and again"
        with ballast.open("r+b") as file:
            file.truncate(100 * MB)
        engine.tick()
        assert [status_of(row) for row in rows] == ["waiting", "waiting"]
        assert [row.reason_params["free"] for row in rows] == ["319.4 MB"] * 2
        seen = queries.version()
        engine.tick()
        assert queries.version() == seen
        ballast.unlink()
        engine.orchestrator.put_down()
        watch = Watch()
        watch.look()
        rows[0].refresh_from_db()
        assert rows[0].reason_params["free"] == "419.4 MB", "also when nothing is left for an engine to do"


def test_rows_wake_when_there_is_room_and_only_those_that_fit(engine: Engine, tmp_path: Path) -> None:
    with tmpfs(tmp_path, "size=10m"):
        ballast = tmp_path / "ballast"
        ballast.write_bytes(b"x" * 9 * MB)
        fits, huge = direct(tmp_path, code="a", size=5 * MB), direct(tmp_path, code="b", size=50 * MB)
        engine.tick()
        assert (status_of(fits), status_of(huge)) == ("waiting", "waiting")
        ballast.unlink()
        assert free_bytes(tmp_path) > 9 * MB
        assert room.wake() == 1
        engine.tick()
        assert (status_of(fits), status_of(huge)) == ("resolving", "waiting")


def test_rows_whose_disk_is_away_wait_for_it_together(engine: Engine, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    lost = [direct(disk, code=f"{n}") for n in range(3)]
    healthy = direct(tmp_path, code="healthy")
    engine.tick()
    assert [status_of(row) for row in lost] == ["waiting"] * 3
    assert lost[2].reason
    assert lost[2].reason.message.startswith(f"The folder {disk} is not there")
    assert status_of(healthy) == "resolving"
    seen = queries.version()
    engine.tick()
    assert not Download.objects.filter(version__gt=seen).exclude(pk=healthy.pk).exists()
    lease.give_back(engine.orchestrator.name, only_if_idle=False)
    disk.mkdir()
    Watch().look()
    assert [status_of(row) for row in lost] == ["queued"] * 3, "also when no engine runs"


def test_a_disk_that_leaves_a_running_transfer_is_waited_for(engine: Engine, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    row = direct(disk, attempts=500)
    engine.tick()
    disk.rmdir()
    engine.hands[row.pk].end(DiskAway(folder=str(disk), detail="Input/output error"))
    engine.tick()
    assert status_of(row) == "waiting"
    engine.tick(timedelta(hours=1))
    assert (status_of(row), row.reason_until) == ("waiting", None), "held until the folder is there"
    disk.mkdir()
    engine.tick()
    assert status_of(row) == "resolving"


def test_a_small_disk_keeps_a_small_reserve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("downloads.room.RESERVE", 256 * 1024 * 1024)
    with tmpfs(tmp_path, "size=64m"):
        assert room.reserve(tmp_path) == 64 * 1024 * 1024 // 50
    monkeypatch.setattr("downloads.room.RESERVE", 1)
    assert room.reserve(tmp_path) == 1
