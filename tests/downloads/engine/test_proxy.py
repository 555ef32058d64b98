"""Transfers through a proxy: the same proofs, the same sockets read directly."""

from __future__ import annotations

import ssl
from functools import partial
from pathlib import Path

import pytest

from downloads.engine.errors import ConnectFailed
from downloads.engine.limits import MIB
from flasharr.simulator import Simulator
from hosts.guard import guarded_session
from hosts.proxy import Proxy, ProxyDown
from tests.downloads.engine.bench import CODE, NAME, Bench
from tests.downloads.engine.test_wire import PAYLOAD, certificate, counted, secured, serving
from tests.hosts import proxies

__all__ = ["certificate", "secured"]
SCHEMES = ["http", "socks5", "socks5h"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_file_comes_over_several_connections(bench: Bench, simulator: Simulator, scheme: str) -> None:
    simulator.add_file(CODE, NAME, 9 * MIB)
    bench.size, bench.connections = 9 * MIB, 3
    with proxies.running(scheme, "anna", "secret") as real:
        bench.http = partial(guarded_session, True, proxy=real.proxy)
        assert bench.is_right(bench.finished())
        assert len(real.asked) >= 3
    assert "roxy-" not in str(bench.requests())


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_transfer_resumes_through_it(bench: Bench, scheme: str) -> None:
    with proxies.running(scheme) as real:
        bench.http = partial(guarded_session, True, proxy=real.proxy)
        stopped = bench.run_until(1_000_000)
        before = bench.sent()
        assert bench.is_right(bench.finished())
        assert bench.sent() - before <= 3_000_000 - stopped.downloaded + 2 * MIB


@pytest.mark.parametrize("scheme", SCHEMES)
def test_tls_goes_through_it_to_the_end(
    bench: Bench, scheme: str, certificate: Path, secured: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(counted(PAYLOAD), context=secured) as port, proxies.running(scheme) as real:
        monkeypatch.setattr(Bench, "url", f"https://localhost:{port}/")
        bench.size = len(PAYLOAD)
        session = guarded_session(True, proxy=real.proxy)
        session.verify = str(certificate)
        bench.http = lambda: session
        assert bench.finished().path.read_bytes() == PAYLOAD
        assert not any(b"GET" in head for head in real.heads)


def test_a_proxy_that_is_gone_is_said_at_once(bench: Bench) -> None:
    bench.http = partial(guarded_session, True, proxy=Proxy("socks5h", "127.0.0.1", 1))
    assert isinstance(bench.problem(), ProxyDown)
    assert bench.mints == 1


def test_a_server_that_is_gone_is_still_the_servers_problem(bench: Bench) -> None:
    with proxies.running("socks5h") as real:
        bench.http = partial(guarded_session, True, proxy=real.proxy)
        real.names["127.0.0.1"] = "127.0.0.9"  # nobody listens there
        assert isinstance(bench.problem(), ConnectFailed)
