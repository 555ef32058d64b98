"""The network goes and comes back: one state, one probe, and everything goes on together."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import urllib3
from django.db import connections
from django.test import Client

from downloads import actions, queries
from downloads.engine.backoff import Backoff
from downloads.engine.errors import ConnectFailed
from downloads.engine.transfer import Progress, Stage
from downloads.line import Line
from downloads.models import Download, Preferences
from downloads.orchestrator import Orchestrator
from downloads.states import NO_NETWORK, Status
from flasharr.simulator import Simulator
from hosts import vault
from hosts.models import Account, CoolDown
from hosts.reach import Reach, reach_of
from tests.downloads.conftest import make_download
from tests.downloads.engine.bench import wait_until
from tests.downloads.test_orchestrator import Engine, direct, engine, status_of
from tests.downloads.test_running import CODE, add_unseen, simulator
from tests.stack import free_port

__all__ = ["engine", "simulator"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def drained() -> Iterator[threading.Thread]:
    """An engine at work in a thread until the test ends."""
    orchestrator = Orchestrator()
    thread = threading.Thread(target=run_and_close, args=[orchestrator])
    yield thread
    orchestrator.stopping.set()
    thread.join(60)


def run_and_close(orchestrator: Orchestrator) -> None:
    try:
        orchestrator.run()
    finally:
        connections.close_all()


def statuses() -> list[tuple[str, str]]:
    return list(Download.objects.order_by("position").values_list("status", "reason_code"))


def test_all_servers_gone_and_back(
    simulator: Simulator, drained: threading.Thread, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("downloads.line.AGAIN", Backoff(base=0.3, cap=0.3))
    ports = [free_port(), free_port()]
    for port in ports:
        add_unseen(f"http://127.0.0.1:{port}/cdn/file/{CODE}/phim.mkv")
    queued = [f"http://127.0.0.1:{ports[0]}/cdn/file/{CODE}/{n}.mkv" for n in range(20)]
    Preferences.objects.update(max_active=2)
    drained.start()
    wait_until(lambda: statuses() == [("waiting", "no_network")] * 2)
    for url in queued:
        add_unseen(url)
    wait_until(lambda: statuses() == [("waiting", "no_network")] * 22)
    assert set(Download.objects.values_list("attempts", flat=True)) == {0}, "no attempt counts"
    assert not CoolDown.objects.exists()
    assert queries.work_due()
    page = reader.get("/").content.decode()
    assert page.count("Nothing can be reached: no answer from 127.0.0.1") >= 2
    with Simulator(port=ports[1]) as back:
        back.add_file(CODE, "phim.mkv", 300_000)
        with Simulator(port=ports[0]) as other:
            other.add_file(CODE, "phim.mkv", 300_000)
            wait_until(lambda: not queries.offline().exists())
            wait_until(lambda: Download.objects.filter(status="completed").count() >= 2)
            first = Download.objects.filter(status="completed").first()
            assert first
            assert hashlib.sha256(Path(first.path).read_bytes()).hexdigest() == back.sha256(CODE)
            heads = [request for request in (*back.journal, *other.journal) if request.path == "/"]
            assert len(heads) == 1, "one probe"
            assert "Nothing can be reached" not in reader.get("/").content.decode()


def test_a_dead_server_beside_one_that_works_is_no_lost_network(
    simulator: Simulator, drained: threading.Thread
) -> None:
    dead = [f"http://127.0.0.1:{free_port()}/{n}.mkv" for n in range(2)]
    for url in dead:
        add_unseen(url)
    Preferences.objects.update(max_active=2)
    add_unseen(simulator.direct_url(CODE))
    Download.objects.filter(url=simulator.direct_url(CODE)).update(status="waiting", reason_code="server_busy")
    drained.start()
    wait_until(lambda: statuses()[:2] == [("waiting", "connect_failed")] * 2)
    wait_until(lambda: any(request.path == "/" for request in simulator.journal))
    assert not queries.offline().exists()


def test_dead_servers_never_hold_up_one_that_works(engine: Engine, tmp_path: Path) -> None:
    """Many rows of three dead servers stand before the one that would prove that the network is there."""
    for name in "abcc" + "d" * 20:
        make_download(host="direct", url=f"http://{name}.example/f", root=str(tmp_path))
    make_download(host="direct", url="http://alive.example/f", root=str(tmp_path))
    make_download(Status.WAITING, root=str(tmp_path))
    line = engine.orchestrator.line
    for row in Download.objects.order_by("pk")[:2]:
        fail(engine, row, unreachable())
    asked = [[link.url for link in line.to_ask()] for _ in range(200)]
    assert all("http://a.example/f" in urls and "http://b.example/f" in urls for urls in asked)
    assert all(len({urlsplit(url).netloc for url in urls}) == len(urls) == 4 for urls in asked), "each server once"
    assert all("www.fshare.vn" in urls[2] for urls in asked), "a whole service is the best witness"
    assert any("http://alive.example/f" in urls for urls in asked), "everyone's turn comes"


def fail(engine: Engine, row: Download, problem: Exception) -> None:
    engine.tick()
    engine.hands[row.pk].end(problem)  # type: ignore[arg-type]
    engine.tick()


def unreachable(kind: Exception | None = None) -> ConnectFailed:
    problem = ConnectFailed(server="files.example", detail="connection refused")
    problem.__context__ = kind or urllib3.exceptions.NewConnectionError(None, "refused")  # type: ignore[arg-type]
    return problem


def test_one_dead_server_alone_is_no_lost_network(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    for _ in range(3):
        fail(engine, row, unreachable())
        actions.retry(Download.objects.all())
    assert engine.orchestrator.line.probe is None


def test_a_machine_without_a_way_out_is_asked_about_at_once(engine: Engine, tmp_path: Path) -> None:
    fail(engine, direct(tmp_path), unreachable(socket.gaierror(socket.EAI_AGAIN, "try again")))
    assert engine.orchestrator.line.probe


def test_servers_that_are_all_dead_are_named_and_the_network_is_not_blamed(engine: Engine, tmp_path: Path) -> None:
    rows = [make_download(host="direct", url=f"http://{name}.example/f", root=str(tmp_path)) for name in ("a", "b")]
    for row in rows:
        fail(engine, row, unreachable())
    engine.orchestrator.line.go_down(engine.orchestrator)
    rows[1].refresh_from_db()
    assert rows[1].reason
    assert rows[1].reason.message == (
        "Nothing can be reached: no answer from a.example, b.example. It goes on by itself as soon as that changes."
    )
    engine.orchestrator.line.evidence["a.example"].reach = Reach.NO_WAY_OUT
    assert engine.orchestrator.line.reason.sentence == NO_NETWORK.sentence, "this machine has no way out"


def test_a_whole_service_is_asked_about_after_its_second_failure(engine: Engine, tmp_path: Path) -> None:
    Account.objects.create(host="fshare", email="an@example.com", sealed_password=vault.seal("x"), is_vip=True)
    first, second = (make_download(Status.QUEUED, root=str(tmp_path)) for _ in range(2))
    fail(engine, first, unreachable())
    assert engine.orchestrator.line.probe is None
    fail(engine, second, unreachable())
    assert engine.orchestrator.line.probe


def test_bytes_that_arrive_prove_the_network(engine: Engine, tmp_path: Path) -> None:
    row, other = direct(tmp_path), make_download(host="direct", url="http://b.example/a", root=str(tmp_path))
    make_download(Status.WAITING, reason_code=NO_NETWORK.code, root=str(tmp_path))
    Download.objects.filter(pk__in=[row.pk, other.pk]).update(status="queued")
    engine.orchestrator.take_over()
    engine.orchestrator.line.due_at = float("inf")
    assert engine.orchestrator.line.is_down
    engine.orchestrator.line.is_down = False
    engine.tick()
    engine.orchestrator.line.is_down = True
    hand = engine.hands[row.pk]
    for count in (0, 50):
        hand.progress = Progress(Stage.DOWNLOADING, "a", 100, count)
        engine.tick()
    assert not engine.orchestrator.line.is_down
    assert not queries.offline().exists()


def test_an_engine_after_a_restart_asks_again_for_those_that_wait(engine: Engine, tmp_path: Path) -> None:
    row = make_download(
        Status.WAITING, host="direct", url="http://127.0.0.1:9/a", reason_code=NO_NETWORK.code, root=str(tmp_path)
    )
    engine.tick()
    line = engine.orchestrator.line
    assert line.is_down
    assert line.probe
    wait_until(lambda: line.probe is None or line.probe.answered is False)
    engine.tick()
    assert status_of(row) == "waiting"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (requests.ConnectTimeout(), Reach.NOT_REACHED),
        (requests.ConnectionError(OSError(101, "Network is unreachable")), Reach.NO_WAY_OUT),
        (requests.ConnectionError(socket.gaierror(socket.EAI_NONAME, "no name")), Reach.NOT_REACHED),
        (requests.ReadTimeout(), None),
        (requests.exceptions.SSLError(), None),
        (ConnectFailed(server="x", detail="the address is not valid"), None),
    ],
    ids=str,
)
def test_what_an_error_says_about_the_line(error: Exception, expected: Reach | None) -> None:
    assert reach_of(error) is expected


def test_servers_must_fail_together(engine: Engine, tmp_path: Path) -> None:
    now = [0.0]
    line = engine.orchestrator.line = Line(lambda: now[0])
    fail(engine, direct(tmp_path), unreachable())
    now[0] += 100
    fail(engine, make_download(host="direct", url="http://b.example/a", root=str(tmp_path)), unreachable())
    assert line.probe is None
    now[0] += 10
    fail(engine, make_download(host="direct", url="http://c.example/a", root=str(tmp_path)), unreachable())
    assert line.probe


def test_what_fails_while_the_network_is_gone_blames_nobody(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    engine.tick()
    engine.orchestrator.line.is_down = True
    engine.orchestrator.line.due_at = float("inf")
    engine.hands[row.pk].end(unreachable())
    engine.tick()
    row.refresh_from_db()
    assert (row.status, row.reason_code, row.attempts) == ("waiting", NO_NETWORK.code, 0)
    assert engine.orchestrator.breaker.standing(row.server) is None
