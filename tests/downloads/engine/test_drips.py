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

from downloads.engine.errors import ConnectFailed, Stalled
from downloads.engine.transfer import Target, Transfer
from hosts.base import Problem, Source
from hosts.guard import guarded_session
from hosts.proxy import Proxy
from tests.downloads.engine.bench import QUICK, wait_until

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


def sockets() -> int:
    """Open ones of this process, the server's ends not counted: those are closed by and by."""
    names = [os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd") if is_open(name)]
    return sum(name.startswith("socket:") for name in names)


def is_open(descriptor: str) -> bool:
    return os.path.lexists(f"/proc/self/fd/{descriptor}")


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
        wait_until(lambda: not ours(), 3)
    assert sockets() == before


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
        wait_until(lambda: not ours(), 3)
    assert sockets() == before
