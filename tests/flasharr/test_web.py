"""What a stranger can send to the web server, over real sockets. Behind it stands a small application."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.stack import ROOT, free_port, until

MIB = 1024 * 1024
LIMIT = 5 * MIB
START = """
import sys
from flasharr import web
web.RECEIVED_WITHIN, web.REFUSED_GOES_WITHIN, web.MOST_HELD = 2, 1, 8 << 20
web.main(sys.argv[1:])
"""
HEAD = "POST / HTTP/1.1\r\nHost: here\r\n"


class Server:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.log = folder / "web.log"
        argv = [sys.executable, "-c", START, "-v", "0", "-b", "127.0.0.1", "-p", str(self.port)]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*argv, "tests.flasharr.listener:application"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        until(self.answers)

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(self.url, timeout=60).ok
        return False

    def memory(self) -> int:
        """What the process holds now, in bytes."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    def open_files(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("web"))
    yield running
    running.process.terminate()
    running.process.wait(60)


@pytest.fixture
def server(started: Server) -> Iterator[Server]:
    """Whatever it was sent, it goes on and has nothing to complain about."""
    yield started
    assert started.process.poll() is None
    assert not started.log.read_text()


def everything(connection: socket.socket) -> str:
    """What comes until the other side closes."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            received += part
    return received.decode()


def test_a_body_that_fits_arrives_whole(server: Server) -> None:
    for size in (0, 1, LIMIT):
        assert requests.post(server.url, data=b"x" * size, timeout=30).text == str(size)
    parts = (b"x" * MIB for _ in range(5))
    assert requests.post(server.url, data=parts, timeout=30).text == str(LIMIT)


def test_a_length_over_the_limit_is_refused_before_anything_is_sent(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(f"{HEAD}Content-Length: {LIMIT + 1}\r\nExpect: 100-continue\r\n\r\n".encode())
        answer = everything(connection)
    assert answer.startswith("HTTP/1.1 413 ")
    assert "Connection: close" in answer
    assert "100 Continue" not in answer


def test_an_endless_body_is_cut_and_kept_nowhere(server: Server) -> None:
    before, files = server.memory(), server.open_files()
    chunk = b"100000\r\n" + b"x" * MIB + b"\r\n"
    with server.connect() as connection:
        connection.sendall(f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode())
        with contextlib.suppress(OSError):
            for _ in range(60):
                connection.sendall(chunk)
        assert everything(connection).startswith("HTTP/1.1 413 ")
    assert server.memory() - before < 16 * MIB
    until(lambda: server.open_files() <= files)


def test_a_client_that_sends_all_before_it_reads_still_learns_why(server: Server) -> None:
    refused = requests.post(server.url, files={"file": b"x" * 40 * MIB}, timeout=30)
    assert (refused.status_code, refused.text) == (413, "The request is too large.\n")
    told = requests.post(server.url, data=b"x" * (LIMIT + 1), headers={"Content-Type": "application/json"}, timeout=30)
    assert told.json()["error"]["message"] == "The request is too large."


def beside_two_large_bodies(server: Server) -> tuple[int, str]:
    """How a large and a small body fare while two others are under way; they may have been given up meanwhile."""
    with contextlib.closing(server.connect()) as one, contextlib.closing(server.connect()) as other:
        for connection in (one, other):
            connection.sendall(f"{HEAD}Content-Length: {LIMIT}\r\n\r\n".encode() + b"x" * (4 * MIB))
        large = requests.post(server.url, data=b"x" * MIB, timeout=60).status_code
        return large, requests.post(server.url, data=b"x" * 1000, timeout=60).text


def test_many_large_bodies_at_once_do_not_add_up(server: Server) -> None:
    until(lambda: beside_two_large_bodies(server) == (503, "1000"))
    until(lambda: requests.post(server.url, data=b"x" * MIB, timeout=60).ok)


@pytest.mark.parametrize("begin", ["", "POST / HT", f"{HEAD}X-Slow: ", f"{HEAD}Content-Length: 1000\r\n\r\n"])
def test_a_byte_now_and_then_keeps_no_connection_open(server: Server, begin: str) -> None:
    began = time.monotonic()
    with server.connect() as connection:
        connection.sendall(begin.encode())
        with contextlib.suppress(OSError):
            while not ended(connection):
                assert time.monotonic() - began < 10, "it is open still"
                connection.sendall(b"x")
    assert time.monotonic() - began > 1.5


def ended(connection: socket.socket) -> bool:
    """Has the other side closed? Waits a moment for it."""
    connection.settimeout(0.1)
    try:
        return connection.recv(1000) == b""
    except TimeoutError:
        return False


def test_an_answer_may_take_longer_than_a_request(server: Server) -> None:
    assert requests.get(f"{server.url}slow", timeout=30).text == "0"


def test_a_socket_is_opened_without_a_body(server: Server) -> None:
    upgrade = "GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
    with server.connect() as connection:
        connection.sendall(f"{upgrade}Content-Length: 3000\r\n\r\n".encode())
        assert everything(connection).startswith("HTTP/1.1 400 ")
