"""What goes wrong in or around the engine itself: no row is lost to it, and no other row suffers."""

from __future__ import annotations

import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from downloads import actions, queries
from downloads.engine.throttle import Throttle
from downloads.engine.transfer import Finished
from downloads.models import Download
from downloads.orchestrator import Orchestrator
from downloads.states import Status
from flasharr.simulator import Simulator
from hosts import accounts, network, registry
from tests.downloads.conftest import make_download
from tests.downloads.engine.bench import wait_until
from tests.downloads.test_orchestrator import Engine, Hand, direct, engine, status_of
from tests.downloads.test_running import CODE, add_unseen, simulator
from tests.hosts import proxies

__all__ = ["engine", "simulator"]

pytestmark = pytest.mark.django_db


def test_a_row_whose_thread_cannot_be_started_is_tried_again_and_others_run(engine: Engine, tmp_path: Path) -> None:
    first, second = direct(tmp_path, code="first"), direct(tmp_path, code="second")

    def start(download: Download, throttle: Throttle) -> Hand:
        if download.pk == first.pk and not engine.hands:
            engine.orchestrator.start = engine.start  # type: ignore[assignment]
            raise RuntimeError("can't start new thread")
        return engine.start(download, throttle)

    engine.orchestrator.start = start  # type: ignore[assignment]
    engine.tick()
    assert (status_of(first), first.reason_code, first.engine) == ("waiting", "unexpected", "")
    assert status_of(second) == "resolving"
    engine.tick(timedelta(seconds=20))
    assert status_of(first) == "resolving"


def test_a_row_that_is_said_to_run_here_and_does_not_is_queued_again(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    engine.tick()
    lost = direct(tmp_path, code="lost")
    Download.objects.filter(pk=lost.pk).update(status=Status.VERIFYING, engine=engine.orchestrator.name)
    engine.tick()
    assert status_of(lost) == "resolving"
    assert engine.hands.keys() == {row.pk, lost.pk}


def test_an_outcome_that_cannot_be_written_costs_only_its_own_row(engine: Engine, tmp_path: Path) -> None:
    odd, healthy = direct(tmp_path, code="odd"), direct(tmp_path, code="healthy")
    engine.tick()
    engine.hands[odd.pk].end(Finished(tmp_path / "\udcff.mkv", 2**80, None))
    engine.hands[healthy.pk].end(Finished(tmp_path / "film.mkv", 5, None))
    assert engine.tick()
    assert (status_of(odd), odd.reason_code, odd.engine) == ("waiting", "unexpected", "")
    assert status_of(healthy) == "completed"


@pytest.mark.django_db(transaction=True)
def test_a_busy_database_stops_no_transfer(engine: Engine, tmp_path: Path) -> None:
    row, other = direct(tmp_path, code="row"), direct(tmp_path, code="other")
    engine.tick()
    orchestrator = engine.orchestrator
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=10")
    blocker = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    engine.hands[row.pk].end(Finished(tmp_path / "film.mkv", 5, None))
    try:
        assert orchestrator.patient_tick()
        trouble = orchestrator.in_trouble_since
        assert trouble is not None
        assert not engine.hands[other.pk].stop.is_set()
    finally:
        blocker.rollback()
        blocker.close()
    assert orchestrator.patient_tick()
    assert orchestrator.in_trouble_since is None
    assert (status_of(row), row.path) == ("completed", str(tmp_path / "film.mkv")), "what was not written then is now"
    assert status_of(other) == "resolving"


def test_a_removed_row_whose_time_has_come_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    row = make_download(Status.WAITING, root=str(tmp_path), reason_code="x", reason_until=timezone.now())
    actions.remove(Download.objects.filter(pk=row.pk))
    engine.tick(timedelta(minutes=1))
    seen = queries.version()
    engine.tick(timedelta(minutes=1))
    assert queries.version() == seen, "nothing has changed, so nothing is written"


@pytest.mark.django_db(transaction=True)
def test_a_proxy_that_is_set_later_is_used_from_then_on(simulator: Simulator) -> None:
    host, account = registry.by_name("fshare"), accounts.usable("fshare")
    host.check_account(accounts.context_for(host, account))
    with proxies.running("socks5h") as real:
        network.set_proxy(real.proxy)
        host.check_account(accounts.context_for(host, account))
        assert real.asked
        before = len(real.asked)
        network.set_proxy(None)
        host.check_account(accounts.context_for(host, account))
        assert len(real.asked) == before


@pytest.mark.django_db(transaction=True)
def test_a_busy_database_does_not_end_the_engine(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole loop with a real transfer, and somebody who keeps the database from being written."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    connection.close()
    simulator.world.files[CODE].speed = 300_000
    add_unseen(simulator.direct_url(CODE))
    orchestrator = Orchestrator()
    blocked = threading.Event()

    def block() -> None:
        wait_until(lambda: any(one.progress.downloaded for one in list(orchestrator.running.values())))
        blocker = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=60)
        blocker.execute("BEGIN IMMEDIATE")
        try:
            wait_until(lambda: orchestrator.in_trouble_since is not None)
            blocked.set()
        finally:
            blocker.close()

    thread = threading.Thread(target=block)
    thread.start()
    orchestrator.run()
    thread.join(60)
    assert blocked.is_set()
    row = Download.objects.get()
    assert (row.status, row.attempts) == ("completed", 0)
    assert len([request for request in simulator.journal if request.method == "GET"]) == 1, "nothing began anew"
