"""Stopping within five seconds, with ten thousand rows and servers that hang in every place where one can hang."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.stack import ROOT, Stack, command_of, until

ROWS = 10_000
SEED = """
from downloads.models import Download, Preferences
from django.conf import settings
root = str(settings.FLASHARR["DOWNLOAD_DIR"])
Preferences.objects.update_or_create(pk=1, defaults={{"max_active": 4}})
def row(number, url):
    return Download(host="direct", server=url.split("/")[2], code=url, url=url, name=f"{{number}}.mkv",
                    root=root, size=50_000_000, position=number, part_id=f"part{{number}}")
Download.objects.bulk_create([row(n, url) for n, url in enumerate({urls!r})])
Download.objects.bulk_create([row(n, f"http://127.0.0.1:9/{{n}}") for n in range(100, 100 + {rows})], batch_size=1000)
"""


class Hanging:
    """Servers that hang: while connecting, before the headers, in the body, in the handshake of TLS."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.met: set[str] = set()
        full = self.listen(0)
        for _ in range(4):  # the queue of connections nobody accepts is full: the next one gets no answer
            waiting = self.stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        self.urls = [
            f"http://127.0.0.1:{full.getsockname()[1]}/connect.mkv",
            f"http://127.0.0.1:{self.serve('headers', b'')}/headers.mkv",
            f"http://127.0.0.1:{self.serve('body', BODY)}/body.mkv",
            f"https://127.0.0.1:{self.serve('tls', b'')}/tls.mkv",
        ]

    def listen(self, backlog: int) -> socket.socket:
        server = self.stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(backlog)
        return server

    def serve(self, name: str, answer: bytes) -> int:
        server = self.listen(8)

        def accept() -> None:
            while True:
                try:
                    line = self.stack.enter_context(server.accept()[0])
                    line.recv(65536)
                    line.sendall(answer)
                except OSError:
                    return
                self.met.add(name)

        threading.Thread(target=accept, daemon=True).start()
        return int(server.getsockname()[1])


BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n" + b"x" * 100_000


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    with ExitStack() as stack:
        yield Hanging(stack)


def test_a_worker_with_ten_thousand_rows_and_hung_servers_stops_within_five_seconds(
    tmp_path: Path, hanging: Hanging
) -> None:
    stack = Stack(tmp_path, {"FLASHARR_ALLOW_PRIVATE_HOSTS": "true"})
    stack.downloads.mkdir()
    (tmp_path / "data").mkdir()
    assert stack.manage("migrate", "-v0").returncode == 0
    seeded = stack.manage("shell", "-c", SEED.format(urls=hanging.urls, rows=ROWS))
    assert seeded.returncode == 0, seeded.stderr
    with stack.log.open("wb") as log:
        stack.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "worker"],
            env=stack.environment, stdout=log, stderr=log, start_new_session=True, cwd=ROOT,
        )  # fmt: skip
    try:
        database = tmp_path / "data" / "flasharr.sqlite3"
        until(lambda: hanging.met == {"headers", "body", "tls"}, 30, stack.log.read_text)
        until(lambda: count(database, "status IN ('resolving', 'downloading') AND position < 4") == 4, 15)
        processes = stack.processes()
        assert len(processes) > 3
        began = time.monotonic()
        stack.process.send_signal(signal.SIGTERM)
        stack.process.wait(10)
        until(lambda: not any(command_of(pid) for pid in processes), 5)
        took = time.monotonic() - began
        print(f"the worker and its processes ended {took:.1f} s after SIGTERM")
        assert took < 5
        assert count(database, "1") == ROWS + 4
        assert count(database, "engine <> '' OR status IN ('resolving', 'downloading', 'verifying')") == 0
    finally:
        os.killpg(stack.process.pid, signal.SIGKILL) if stack.processes() else None


def count(database: Path, condition: str) -> int:
    with sqlite3.connect(database) as connection:
        return int(connection.execute(f"SELECT COUNT(*) FROM downloads_download WHERE {condition}").fetchone()[0])
