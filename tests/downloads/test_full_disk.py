"""A disk of 64 MiB and five files that do not all fit on it, for real."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from downloads import actions, intake
from downloads.models import Download, Preferences
from downloads.orchestrator import Orchestrator
from flasharr.simulator import Simulator
from tests.downloads.engine.bench import wait_until
from tests.downloads.engine.conftest import tmpfs

pytestmark = pytest.mark.django_db(transaction=True)
MIB = 1024 * 1024
SIZES = {"A": 20, "B": 20, "C": 30, "D": 10, "E": 8}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with tmpfs(tmp_path / "disk", "size=64m"):
        yield tmp_path / "disk"


@pytest.fixture
def simulator(disk: Path, monkeypatch: pytest.MonkeyPatch, no_workers: list[str]) -> Iterator[Simulator]:
    with Simulator() as running:
        monkeypatch.setattr(settings, "FLASHARR", {**settings.FLASHARR, "ALLOW_PRIVATE_HOSTS": True})
        monkeypatch.setattr("downloads.orchestrator.TICK", 0.05)
        monkeypatch.setattr("downloads.orchestrator.LOOK_FOR_ROOM_EVERY", 0.2)
        Preferences.objects.create(pk=1, download_dir=str(disk), max_active=5)
        for code, size in SIZES.items():
            running.add_file(code, f"{code}.mkv", size * MIB)
            link = intake.find(running.direct_url(code))[0][0]
            actions.add([actions.NewDownload(link, name=f"{code}.mkv", size=size * MIB)])
        yield running


@pytest.fixture
def orchestrator(simulator: Simulator) -> Iterator[Orchestrator]:
    """At work until the test ends; woken again as the watch beside it does."""
    engine, ended = Orchestrator(), threading.Event()

    def work() -> None:
        try:
            while not ended.is_set():
                Orchestrator.run(engine)
                ended.wait(0.2)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield engine
    ended.set()
    engine.stopping.set()
    thread.join(60)


def finished() -> list[str]:
    return sorted(row.name[0] for row in Download.objects.filter(status="completed"))


def test_what_fits_finishes_and_the_rest_after_space_is_made(
    disk: Path, simulator: Simulator, orchestrator: Orchestrator
) -> None:
    wait_until(lambda: finished() == ["A", "B", "D", "E"])
    held = Download.objects.get(name="C.mkv")
    assert (held.status, held.reason_code) == ("waiting", "disk_full")
    assert held.reason
    assert held.reason.params["needed"] == "31.5 MB"
    free, unit = str(held.reason.params["free"]).split()
    # What A and B left when its turn came, but for the journals and locks that are there at that moment.
    assert unit == "MB"
    assert float(free) == pytest.approx(23.8, abs=0.2)
    assert held.attempts == 0
    for name in "AB":
        (disk / f"{name}.mkv").unlink()
    wait_until(lambda: finished() == list("ABCDE"))
    for row in Download.objects.filter(name__in=["C.mkv", "D.mkv", "E.mkv"]):
        assert hashlib.sha256(Path(row.path).read_bytes()).hexdigest() == simulator.sha256(row.name[0])
