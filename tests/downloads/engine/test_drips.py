"""Servers that are never silent and never done: a byte now and then."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from downloads.engine.errors import ConnectFailed, Stalled, TooSlow
from downloads.engine.limits import MIB
from downloads.engine.transfer import Finished, Target, Throttle, Transfer
from hosts.base import Problem, Source
from hosts.guard import guarded_session
from hosts.proxy import Proxy
from tests.downloads.engine.bench import CODE, NAME, QUICK, Bench, wait_until

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
IMPATIENT = replace(QUICK, connect=0.4, answer=0.4, stall=5, quick_retries=2)


@contextmanager
def dripping(first: bytes, drop: bytes, every: float = 0.02) -> Iterator[tuple[int, list[float]]]:
    """A port where whoever comes gets `first` at once, then `drop` again and again; and when each of them came."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    came: list[float] = []
    guests: list[threading.Thread] = []

    def drip(guest: socket.socket) -> None:
        with guest, suppress(OSError):
            guest.sendall(first)
            while not over.wait(every):
                guest.sendall(drop)

    def serve() -> None:
        with suppress(OSError):
            while True:
                guest, _ = listener.accept()
                came.append(time.monotonic())
                guests.append(threading.Thread(target=drip, args=(guest,), name="guest"))
                guests[-1].start()

    thread = threading.Thread(target=serve, name="guest")
    thread.start()
    try:
        yield listener.getsockname()[1], came
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for guest in guests:
            guest.join()


def fetch(url: str, root: Path, proxy: Proxy | None = None) -> Problem:
    with guarded_session(True, proxy=proxy) as http:
        source = Source(url, "film.bin", 100_000)
        target = Target(root, "", "film.bin", "part1")
        with pytest.raises(Problem) as caught:
            Transfer(lambda: source, target, http, stop=threading.Event(), limits=IMPATIENT).run()
    return caught.value


def ours() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith(("opening", "connection"))]


def sockets() -> set[str]:
    """Open ones of this process, each by its number in the kernel."""
    names = set()
    for descriptor in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):  # closed meanwhile
            names.add(os.readlink(f"/proc/self/fd/{descriptor}"))
    return {name for name in names if name.startswith("socket:")}


@pytest.mark.parametrize(
    ("first", "drop"),
    [(b"", b"H"), (b"HTTP/1.1 200 OK\r\n", b"X-More: a\r\n"), (b"HTTP/1.1 200 OK\r\nX-Long: ", b"a")],
    ids=["the status", "headers without end", "one long header"],
)
def test_headers_that_drip_leave_no_thread_and_no_socket_behind(tmp_path: Path, first: bytes, drop: bytes) -> None:
    before = sockets()
    with dripping(first, drop) as (port, came):
        assert isinstance(fetch(f"http://127.0.0.1:{port}/", tmp_path), Stalled)
        assert len(came) == 3
        wait_until(lambda: not ours())
    wait_until(lambda: not sockets() - before)  # those of tests before may end meanwhile, none may come


@pytest.mark.parametrize("scheme", ["http", "socks5h"])
def test_a_proxy_that_drips_leaves_no_thread_and_no_socket_behind(tmp_path: Path, scheme: str) -> None:
    first, drop = (
        (b"HTTP/1.1 200 OK\r\n", b"X-More: a\r\n") if scheme == "http" else (b"\x05\x00\x05\x00\x00\x03\xff", b"a")
    )
    before = sockets()
    with dripping(first, drop) as (port, came):
        proxy = Proxy(scheme, "127.0.0.1", port)
        assert isinstance(fetch("https://example.com/", tmp_path, proxy), ConnectFailed | Stalled)
        assert came
        wait_until(lambda: not ours())
    wait_until(lambda: not sockets() - before)  # those of tests before may end meanwhile, none may come


@pytest.mark.parametrize(
    ("first", "drop"),
    [(OK, b"a"), (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n186A0\r\n", b"a")],
    ids=["counted", "chunked"],
)
def test_a_body_that_drips_is_too_slow(tmp_path: Path, first: bytes, drop: bytes) -> None:
    """Never silent for long, never done: each time another address is asked for."""
    before, minted = sockets(), []
    with dripping(first, drop) as (port, came), guarded_session(True) as http:

        def mint() -> Source:
            minted.append(1)
            return Source(f"http://127.0.0.1:{port}/", "film.bin", 100_000)

        target = Target(tmp_path, "", "film.bin", "part1")
        limits = replace(IMPATIENT, slow_seconds=0.3, slow_bytes=1000)
        with pytest.raises(TooSlow) as caught:
            Transfer(mint, target, http, stop=threading.Event(), limits=limits).run()
        assert len(came) == len(minted) == 1 + IMPATIENT.quick_retries
        assert "127.0.0.1 sent only" in str(caught.value.sentence.format(**caught.value.params))
        wait_until(lambda: not ours())
    wait_until(lambda: not sockets() - before)  # those of tests before may end meanwhile, none may come


def test_an_end_that_is_near_is_waited_for(tmp_path: Path) -> None:
    """The last byte comes in the second window, and the first one brought all the others."""
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n"
    with dripping(body, b"a" * 59, every=0.6) as (port, came), guarded_session(True) as http:
        source = Source(f"http://127.0.0.1:{port}/", "film.bin", 60)
        limits = replace(QUICK, slow_seconds=1.0, slow_bytes=1000)
        target = Target(tmp_path, "", "film.bin", "part1")
        Transfer(lambda: source, target, http, stop=threading.Event(), limits=limits).run()
    assert (tmp_path / "film.bin").read_bytes() == b"a" * 60
    assert len(came) == 1


def test_our_own_speed_limit_is_not_taken_for_a_slow_server(bench: Bench) -> None:
    """Two seconds for what the server would send at once."""
    bench.size, bench.limits = 600_000, replace(QUICK, slow_seconds=0.6, slow_bytes=500_000)
    bench.simulator.add_file(CODE, NAME, bench.size)
    outcome = bench.run(Throttle(300_000))
    assert isinstance(outcome, Finished)
    assert len(bench.requests()) == 1


@pytest.mark.parametrize("crawler", [0, 2])
def test_a_connection_that_crawls_beside_quick_ones_is_replaced(bench: Bench, crawler: int) -> None:
    """What is left for it is too little to split further, and would take half a minute."""
    size = 8 * MIB + 12_345
    bench.simulator.add_file(CODE, NAME, size, speed=24 * MIB)
    bench.size, bench.connections = size, 4
    bench.limits = replace(QUICK, buffer=64 * 1024, smallest_split=256 * 1024)
    bench.simulator.fault("slow", code=CODE, value=10_000, skip=crawler)
    assert bench.is_right(bench.finished())
    crawled = next(request for request in bench.requests() if request.faults)
    assert crawled.bytes_sent < bench.limits.smallest_split, "it was to bring all that cannot be split further"
    assert bench.sent() <= size + len(bench.requests()) * MIB
    assert bench.mints == 1


def test_connections_below_one_speed_limit_are_not_taken_for_crawling(bench: Bench) -> None:
    size = 5 * MIB
    bench.simulator.add_file(CODE, NAME, size)
    bench.size, bench.connections = size, 4
    bench.limits = replace(QUICK, buffer=64 * 1024, smallest_split=256 * 1024, crawl=0.1)
    assert isinstance(bench.run(Throttle(3 * MIB)), Finished)
    assert len(bench.requests()) <= 8
