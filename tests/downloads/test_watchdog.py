"""Transfers that hang where no timeout reaches them, with real threads that really hang."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from downloads import queries, tasks
from downloads.engine.limits import Limits
from downloads.engine.transfer import Progress, Stage
from downloads.models import Download
from downloads.orchestrator import WRITE_EVERY, Orchestrator
from downloads.watchdog import Watchdog
from flasharr.simulator import Simulator
from hosts.models import Account
from hosts.sessions import file_lock
from tests.downloads.engine.bench import wait_until
from tests.downloads.test_orchestrator import Engine, direct, engine, status_of
from tests.downloads.test_running import CODE, add_unseen, drain, simulator

__all__ = ["engine", "simulator"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("downloads.watchdog.SILENT", 1.5)
    monkeypatch.setattr("downloads.watchdog.GRACE", 0.3)
    monkeypatch.setattr("downloads.watchdog.LEAVE_AFTER", 0.3)


@pytest.fixture
def locked(simulator: Simulator, impatient: None) -> Iterator[ExitStack]:
    """Somebody holds the lock that every sign-in needs, and never lets go."""
    with ExitStack() as lock:
        lock.enter_context(file_lock(f"account-{Account.objects.get().pk}"))
        yield lock


def test_a_transfer_stuck_in_a_lock_is_left_behind_and_tried_again(simulator: Simulator, locked: ExitStack) -> None:
    add_unseen(f"https://www.fshare.vn/file/{CODE}")
    orchestrator = Orchestrator()
    orchestrator.run()
    row = Download.objects.get()
    assert (row.status, row.reason_code, row.attempts, row.engine) == ("waiting", "stuck", 1, "")
    assert row.reason
    assert row.reason.until
    assert orchestrator.running == {}, "it takes no slot"
    [held] = orchestrator.watchdog.holds()
    assert held == row.pk
    [(left, _)] = orchestrator.watchdog.left_behind
    assert left.stop.is_set()
    before = Download.objects.values().get()
    locked.close()
    left.thread.join(60)
    assert not left.thread.is_alive()
    assert Download.objects.values().get() == before, "what was left behind writes nothing any more"
    assert orchestrator.watchdog.holds() == []
    Download.objects.update(status="queued", reason_code="", reason_until=None)
    row = drain()
    assert row.status == "completed"
    assert hashlib.sha256(Path(row.path).read_bytes()).hexdigest() == simulator.sha256(CODE)


def test_its_process_ends_so_that_the_thread_does(
    simulator: Simulator, locked: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[int] = []
    monkeypatch.setattr("downloads.tasks.os._exit", ended.append)
    add_unseen(f"https://www.fshare.vn/file/{CODE}")
    tasks.run_engine()
    assert ended == [tasks.HANGS]
    locked.close()
    for thread in threading.enumerate():
        if thread.name.startswith("download-"):
            thread.join(60)


HANGING = """
import django
django.setup()
from downloads import tasks, watchdog
watchdog.SILENT, watchdog.GRACE, watchdog.LEAVE_AFTER = 1.0, 0.3, 0.3
tasks.run_engine()
"""


def test_a_real_process_ends_although_a_thread_of_it_hangs(simulator: Simulator, locked: ExitStack) -> None:
    add_unseen(f"https://www.fshare.vn/file/{CODE}")
    environment = {
        **os.environ,
        **simulator.environment(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
    }
    ended = subprocess.run([sys.executable, "-c", HANGING], env=environment, timeout=120, capture_output=True)
    assert ended.returncode == tasks.HANGS, ended.stderr.decode()
    row = Download.objects.get()
    assert (row.status, row.reason_code, row.engine) == ("waiting", "stuck", "")
    assert queries.lease().owner == ""


def test_one_that_looks_around_but_brings_nothing_is_ended_and_tried_again(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that goes silent in the middle, and a transfer whose own timeouts are switched off."""
    monkeypatch.setattr("downloads.running.LIMITS", Limits(stall=1e9, buffer=64 * 1024))
    simulator.fault("stall", call="cdn", at=100_000, count=1)
    add_unseen(simulator.direct_url(CODE))

    def lose_patience() -> None:
        wait_until(lambda: simulator.journal.bytes_sent(CODE) >= 100_000)
        monkeypatch.setattr("downloads.watchdog.FRUITLESS", 3 * WRITE_EVERY)  # the row tells what came by then

    observer = threading.Thread(target=lose_patience)
    observer.start()
    row = drain()
    observer.join()
    assert (row.status, row.reason_code) == ("waiting", "stuck")
    assert row.downloaded > 0
    Download.objects.update(status="queued", reason_code="", reason_until=None)
    assert drain().status == "completed"


def test_a_dead_thread_is_told_and_not_tried_in_a_circle(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    engine.tick()
    engine.hands[row.pk].thread.ended = True
    engine.tick()
    assert (status_of(row), row.reason_code, row.attempts) == ("waiting", "unexpected", 1)


def test_what_takes_long_for_a_reason_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    now = [0.0]
    watchdog = Watchdog(lambda: now[0])
    row = direct(tmp_path)
    engine.tick()
    hand = engine.hands[row.pk]
    hand.stop._clock = watchdog.clock
    hand.progress = Progress(Stage.DOWNLOADING, "a", 100, 50)

    def is_quiet_for(seconds: float, *, is_limited: bool = False) -> bool:
        watchdog.look(engine.orchestrator.running, is_limited=is_limited)
        now[0] += seconds
        hand.stop.is_set()  # it lives
        watchdog.look(engine.orchestrator.running, is_limited=is_limited)
        return watchdog.problem(row.pk) is None

    assert is_quiet_for(1700)
    hand.progress.downloaded += 1
    assert is_quiet_for(1700), "every byte counts"
    assert is_quiet_for(7200, is_limited=True), "a speed limit of ours is a reason"
    hand.progress.stage = Stage.VERIFYING
    assert is_quiet_for(7200), "checking a large file takes its time"
    hand.progress.stage = Stage.DOWNLOADING
    assert not is_quiet_for(1900)
    assert hand.stop.is_set()
