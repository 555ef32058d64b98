"""What a proxy's failure does to rows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from downloads import actions
from downloads.states import Status
from hosts.proxy import ProxyDown, ProxyLoginRefused, ProxyRefused
from tests.downloads.test_orchestrator import Engine, direct, engine, status_of

__all__ = ["engine"]
pytestmark = pytest.mark.django_db


def test_a_proxy_that_is_down_holds_all_and_uses_up_no_attempt(engine: Engine, tmp_path: Path) -> None:
    rows = [direct(tmp_path, attempts=2) for _ in range(5)]
    for _ in range(40):
        engine.tick(timedelta(seconds=31))
        for hand in engine.hands.values():
            if not hand.thread.ended:
                hand.end(ProxyDown(proxy="p:1", detail="connection refused"))
        engine.tick()
    assert {status_of(row) for row in rows} == {"waiting"}
    assert {row.attempts for row in rows} == {2}
    assert rows[4].reason is not None
    assert rows[4].reason.cure == "proxy"
    assert engine.orchestrator.cooling("direct") is None
    engine.tick(timedelta(seconds=31))
    assert status_of(rows[0]) == "resolving"


def test_a_wrong_password_waits_for_the_user(engine: Engine, tmp_path: Path) -> None:
    row, other = direct(tmp_path), direct(tmp_path)
    engine.tick()
    engine.hands[row.pk].end(ProxyLoginRefused(proxy="p:1"))
    engine.hands[other.pk].end(ProxyLoginRefused(proxy="p:1"))
    engine.tick(timedelta(days=3))
    assert [status_of(one) for one in (row, other)] == ["waiting", "waiting"]
    assert actions.wake_proxied() == 2
    assert status_of(row) == Status.QUEUED


def test_one_server_that_is_forbidden_holds_no_other(engine: Engine, tmp_path: Path) -> None:
    row, other = direct(tmp_path), direct(tmp_path)
    engine.tick()
    engine.hands[row.pk].end(ProxyRefused(proxy="p:1", server="files.example"))
    engine.tick()
    assert [status_of(one) for one in (row, other)] == ["waiting", "resolving"]
