"""What a proxy's failure does to rows."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from downloads import actions
from downloads.models import Preferences
from downloads.states import Status
from flasharr.simulator import Simulator
from hosts import accounts, network
from hosts.proxy import ProxyDown, ProxyLoginRefused, ProxyRefused
from tests.downloads.test_orchestrator import Engine, direct, engine, status_of
from tests.downloads.test_running import CODE, add_unseen, drain, simulator
from tests.hosts import proxies
from tests.stack import free_port

__all__ = ["engine", "simulator"]
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("link", [f"https://www.fshare.vn/file/{CODE}", "direct"])
def test_the_host_and_the_file_are_both_asked_through_it(simulator: Simulator, link: str) -> None:
    Preferences.objects.update(file_mode="0640")
    with proxies.running("socks5h", "anna", "secret") as real:
        network.set_proxy(real.proxy)
        add_unseen(simulator.direct_url(CODE) if link == "direct" else link)
        row = drain()
    assert row.status == "completed", row.reason
    assert stat.S_IMODE(Path(row.path).stat().st_mode) == 0o640
    assert len(real.asked) >= 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("refuses", "answer"), [(True, 403), (False, 502)])
def test_what_the_proxy_may_have_answered_is_not_laid_to_the_server(
    simulator: Simulator, refuses: bool, answer: int
) -> None:
    """Without TLS the proxy's own answers look like the server's."""
    with proxies.running("http", refuses=refuses) as real:
        network.set_proxy(real.proxy)
        add_unseen(f"http://127.0.0.1:{free_port()}/film.mkv")
        row = drain()
        assert row.reason
        assert f"the proxy {real.proxy.server}" in row.reason.message
        assert str(answer) in row.reason.message


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("link", [f"https://www.fshare.vn/file/{CODE}", "direct"])
def test_nothing_goes_past_it(simulator: Simulator, link: str) -> None:
    with proxies.running("socks5h", refuses=True) as real:
        network.set_proxy(real.proxy)
        add_unseen(simulator.direct_url(CODE) if link == "direct" else link)
        row = drain()
    assert (row.status, row.reason_code, row.attempts) == ("waiting", "proxy_refused", 0)
    assert real.asked
    assert not list(simulator.journal)


@pytest.mark.django_db(transaction=True)
def test_one_that_is_set_while_a_process_runs_is_not_gone_past(simulator: Simulator) -> None:
    """Also by calls to the host: connections that were kept alive from before lead past it."""
    account = accounts.usable("fshare")
    accounts.check(account)
    simulator.journal.clear()
    with proxies.running("socks5h", refuses=True) as real:
        network.set_proxy(real.proxy)
        with pytest.raises(ProxyRefused):
            accounts.check(account)
    assert not list(simulator.journal)
