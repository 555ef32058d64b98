"""Servers that would make an engine fetch for ever, splice, or believe an end that is none."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from downloads.engine import filling, space
from downloads.engine.errors import CutShort, DiskFull, ServerBusy, WrongAnswer
from downloads.engine.limits import Limits
from downloads.engine.partfile import PartFile
from downloads.engine.transfer import Finished, Stopped, Target, Transfer
from flasharr.simulator import Simulator
from hosts.base import Problem, Source
from tests.downloads.engine.bench import CODE, NAME, QUICK, SIZE, Bench, Together, wait_until

MIB = 1024 * 1024
OVERLAP = 64 * 1024
PAYLOAD = bytes(range(251)) * 4000
OK = b"HTTP/1.1 200 OK\r\n"
RANGE = re.compile(rb"range: bytes=(\d+)-(\d*)", re.IGNORECASE)


@contextmanager
def answering(
    answer: Callable[[int, int, bool], bytes], paths: list[bytes] | None = None
) -> Iterator[tuple[str, list[int]]]:
    """A server whose every answer is made of (number of the request, first byte asked for, was it a range)."""
    listener = socket.create_server(("127.0.0.1", 0))
    sent: list[int] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(60)
                asked = b""
                while not asked.endswith(b"\r\n\r\n"):
                    asked += connection.recv(65536)
                found = RANGE.search(asked)
                if paths is not None:
                    paths.append(asked.split(b" ")[1])
                content = answer(len(sent) + 1, int(found[1]) if found else 0, found is not None)
                sent.append(len(content))
                connection.sendall(content)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", sent
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def run(url: str, root: Path, size: int | None = None, limits: Limits = QUICK) -> bytes:
    with requests.Session() as session:
        target = Target(root, "", "film.bin", "part1")
        source = Source(url, "film.bin", size)
        finished = Transfer(lambda: source, target, session, stop=threading.Event(), limits=limits).run()
    assert isinstance(finished, Finished)
    return finished.path.read_bytes()


def part(start: int, end: int, total: str) -> bytes:
    head = b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes %d-%d/%b\r\nContent-Length: %d\r\n\r\n"
    return head % (start, end - 1, total.encode(), end - start) + PAYLOAD[start:end]


@pytest.mark.parametrize("less", [1000, SIZE])  # the latter announces an empty file
def test_a_server_that_always_sends_more_than_it_announces_is_given_up(
    bench: Bench, simulator: Simulator, less: int
) -> None:
    bench.size = None
    simulator.fault("length_too_small", code=CODE, count=None, value=less)
    assert isinstance(bench.problem(), WrongAnswer)
    assert bench.sent() <= 6 * SIZE


@pytest.mark.parametrize("connections", [1, 4])
def test_what_is_too_long_is_never_found_complete(
    bench: Bench, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, connections: int
) -> None:
    """Killed at the very moment when it shows: the journal must not claim a file that has not been believed."""
    bench.size, bench.connections = None, connections
    bench.limits = replace(QUICK, smallest_shared=MIB, smallest_split=256 * 1024, buffer=64 * 1024)
    simulator.fault("length_too_small", code=CODE, count=None)

    recover = Transfer._recover

    def killed(self: Transfer, part: PartFile, problem: Problem, gained: int) -> float:
        if isinstance(problem, WrongAnswer):
            raise problem
        return recover(self, part, problem, gained)  # one of several may be cut short before it shows

    with monkeypatch.context() as patch:
        patch.setattr(Transfer, "_recover", killed)
        assert isinstance(bench.problem(), WrongAnswer)
    simulator.clear_faults()
    assert bench.is_right(bench.finished())


def test_what_is_too_long_is_forgotten_also_when_all_tries_are_used_up(bench: Bench, simulator: Simulator) -> None:
    bench.size = None
    simulator.fault("server_error", code=CODE, call="cdn", value=500, count=4)
    simulator.fault("length_too_small", code=CODE, skip=4, count=1)
    assert isinstance(bench.problem(), WrongAnswer)
    assert bench.is_right(bench.finished())


@pytest.mark.parametrize("gain", [1, 5000])
def test_answers_that_bring_next_to_nothing_are_not_asked_for_again_and_again(tmp_path: Path, gain: int) -> None:
    """Each costs the overlap once more: a byte at a time, a film would be fetched thousands of times."""

    def answer(number: int, start: int, is_range: bool) -> bytes:
        end = 200_000 if number == 1 else min(len(PAYLOAD), start + OVERLAP + gain)
        return (
            part(start, end, str(len(PAYLOAD)))
            if is_range
            else OK + b"Content-Length: %d\r\n\r\n" % len(PAYLOAD) + PAYLOAD[:end]
        )

    with answering(answer) as (url, sent):
        with pytest.raises(CutShort):
            run(url, tmp_path, len(PAYLOAD))
        assert len(sent) <= 8


def test_lines_that_break_after_next_to_nothing_are_left_alone_for_a_while(bench: Bench, simulator: Simulator) -> None:
    bench.run_until(1_000_000)
    simulator.fault("reset", code=CODE, after=OVERLAP + 1000, count=None)
    assert isinstance(bench.problem(), CutShort)
    assert len(bench.requests()) <= 8


def test_an_end_of_unknown_total_is_not_taken_for_the_end_of_the_file(tmp_path: Path) -> None:
    """`Content-Range: bytes 0-99/*` says where the answer ends, not where the file does."""

    def answer(number: int, start: int, is_range: bool) -> bytes:
        if is_range:
            return part(start, min(start + 2 * OVERLAP, len(PAYLOAD)), "*")
        end = 300_000 if number == 1 else len(PAYLOAD)
        body = b"%x\r\n%b\r\n" % (end, PAYLOAD[:end]) + (b"0\r\n\r\n" if end == len(PAYLOAD) else b"")
        return OK + b"Transfer-Encoding: chunked\r\n\r\n" + body

    with answering(answer) as (url, sent):
        assert run(url, tmp_path) == PAYLOAD
        assert len(sent) <= 5


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"gzip", b"x-secret"])
def test_a_coding_of_the_transfer_is_not_taken_for_the_file(tmp_path: Path, coding: bytes) -> None:
    body = b"Transfer-Encoding: %b\r\nContent-Length: 0\r\n\r\n5\r\nabcde\r\n0\r\n\r\n" % coding
    with answering(lambda *_: OK + body) as (url, _), pytest.raises(WrongAnswer):
        run(url, tmp_path)
    assert not (tmp_path / "film.bin").exists()


@pytest.mark.parametrize("size", [b"-5", b"0x5", b"+5", b"1_0", b"5 5", b"f" * 40, b"", b"\xd9\xa5"])
def test_a_chunk_of_an_odd_length_is_refused(tmp_path: Path, size: bytes) -> None:
    body = b"Transfer-Encoding: chunked\r\n\r\n%b\r\nabcde\r\n0\r\n\r\n" % size
    with answering(lambda *_: OK + body) as (url, _), pytest.raises(WrongAnswer):
        run(url, tmp_path)


def test_trailers_without_end_are_refused(tmp_path: Path) -> None:
    body = b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n" + b"X-More: yes\r\n" * 5000
    with answering(lambda *_: OK + body) as (url, _), pytest.raises(WrongAnswer):
        run(url, tmp_path)


@pytest.mark.parametrize("where", [b"http://[::1/", b"http://a:99999/", b"http://" + b"x" * 70 + b".test/", b"gopher:"])
def test_a_redirect_to_what_is_no_address_is_a_problem_and_no_defect(tmp_path: Path, where: bytes) -> None:
    moved = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %b\r\n\r\n" % where
    with answering(lambda *_: moved) as (url, _), pytest.raises(Problem) as caught:
        run(url, tmp_path)
    assert caught.value.code in ("connect_failed", "wrong_answer")


@pytest.mark.parametrize("is_promised", [True, False])
@pytest.mark.parametrize("fault", ["", "chunked", "reset"])
def test_writing_beside_receiving_keeps_the_seams(
    bench: Bench, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, fault: str, is_promised: bool
) -> None:
    """A slow disk: the last bytes of a segment are on their way while the body goes on behind them."""
    monkeypatch.setattr(filling, "NOTICEABLE", 10**9)
    size = 8 * MIB + 12_345
    simulator.add_file(CODE, NAME, size, speed=24 * MIB)
    bench.size, bench.connections = (size if is_promised else None), 4
    bench.limits = replace(QUICK, buffer=64 * 1024, smallest_split=256 * 1024, regrow=60.0)
    bench.run_until(3 * MIB)
    before = len(bench.requests())
    if fault:
        simulator.fault(fault, code=CODE, when="resume", count=2, **({"after": 900_000} if fault == "reset" else {}))
    assert bench.is_right(bench.finished())
    assert bench.kept() == ["part1.journal"]
    assert bench.sent() <= 2 * size + (len(bench.requests()) - before) * MIB


def test_writing_beside_receiving_stops_at_the_end_of_a_segment(
    bench: Bench, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without ranges one body runs through all segments; chunks do not end where segments do."""
    monkeypatch.setattr(filling, "NOTICEABLE", 10**9)
    size = 8 * MIB + 12_345
    simulator.add_file(CODE, NAME, size, speed=24 * MIB)
    bench.size, bench.connections = size, 4
    bench.limits = replace(QUICK, buffer=64 * 1024, smallest_split=256 * 1024)
    bench.run_until(3 * MIB)
    simulator.add_file(CODE, NAME, size, ranges=False, accept_ranges="")
    simulator.fault("chunked", code=CODE, count=None)
    before = len(bench.requests())
    assert bench.is_right(bench.finished())
    assert len(bench.requests()) - before <= 2


def test_a_checksum_of_another_kind_than_before_is_checked_as_what_it_is(bench: Bench, simulator: Simulator) -> None:
    content = simulator.world.files[CODE].content().read()
    bench.checksum = "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()
    bench.run_until(1_000_000)
    bench.checksum = "sha256:" + hashlib.sha256(content).hexdigest()
    assert bench.finished().sha256 == hashlib.sha256(content).hexdigest()


def test_an_endless_body_of_unknown_length_leaves_the_reserve_free(
    bench: Bench, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk of a NAS is not filled to its last byte: the transfer ends itself, with all it has proven."""
    bench.size = None
    bench.limits = replace(QUICK, buffer=64 * 1024, checkpoint_bytes=256 * 1024, reserve=10 * MIB)
    simulator.fault("chunked", code=CODE)
    free = iter([50 * MIB, 40 * MIB, 30 * MIB])
    monkeypatch.setattr(space, "free_bytes", lambda _: next(free, 9 * MIB))
    raised = bench.problem()
    assert isinstance(raised, DiskFull)
    kept = bench.transfer.progress.downloaded if bench.transfer else 0
    assert 256 * 1024 <= kept < SIZE
    monkeypatch.undo()
    assert bench.is_right(bench.finished())
    assert bench.requests()[-1].range == f"bytes={kept - OVERLAP}-"


def test_a_file_with_its_room_reserved_goes_on_when_others_fill_the_disk(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.limits = replace(QUICK, buffer=64 * 1024, checkpoint_bytes=256 * 1024, reserve=10 * MIB)
    free = iter([50 * MIB] * 2)
    monkeypatch.setattr(space, "free_bytes", lambda _: next(free, 0))
    assert bench.is_right(bench.finished())


def test_a_busy_server_is_asked_over_one_connection_for_a_while(bench: Bench, simulator: Simulator) -> None:
    """It refused even the only one there was: opening all of them again at once is what it asked us not to do."""
    size = 8 * MIB + 12_345
    simulator.add_file(CODE, NAME, size)
    bench.size, bench.connections = size, 4
    bench.limits = replace(QUICK, buffer=64 * 1024, smallest_split=256 * 1024, regrow=0.4)
    simulator.fault("server_error", code=CODE, call="cdn", value=503, count=1)
    assert bench.is_right(bench.finished(Together(2)))
    answered = [request for request in bench.requests() if request.status in (200, 206)]
    assert len(answered) >= 2, "more connections are tried again later"
    assert [request.status for request in bench.requests()[:2]] == [503, 206]
    assert answered[1].began - answered[0].began >= 0.35


def test_a_server_too_busy_for_any_is_named(bench: Bench, simulator: Simulator) -> None:
    bench.connections = 4
    simulator.fault("server_error", code=CODE, call="cdn", value=471, count=None)
    assert isinstance(bench.problem(), ServerBusy)


@contextmanager
def hanging(first: bytes = b"") -> Iterator[tuple[int, list[socket.socket]]]:
    """A port and its guests: where whoever comes is heard and gets nothing, or only the beginning of an answer."""
    listener = socket.create_server(("127.0.0.1", 0))
    guests: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                guests.append(listener.accept()[0])
                guests[-1].sendall(first)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], guests
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for guest in guests:
            guest.close()


@pytest.mark.parametrize(
    ("scheme", "first"),
    [("http", b""), ("http", b"HTTP/1.1 20"), ("https", b""), ("http", OK + b"Content-Length: 9\r\n\r\n1234")],
    ids=["before the headers", "inside the headers", "in the handshake", "inside the body"],
)
def test_a_stop_does_not_wait_for_a_server_that_hangs(tmp_path: Path, scheme: str, first: bytes) -> None:
    stop = threading.Event()
    outcome: list[object] = []
    with hanging(first) as (port, guests), requests.Session() as session:
        source = Source(f"{scheme}://127.0.0.1:{port}/", "film.bin", 20 * MIB, max_connections=8)
        transfer = Transfer(lambda: source, Target(tmp_path, "", "film.bin", "part1"), session, stop=stop, limits=QUICK)
        thread = threading.Thread(target=lambda: outcome.append(transfer.run()))
        thread.start()
        wait_until(lambda: guests)
        stop.set()
        thread.join(QUICK.answer / 2)
        assert outcome == [Stopped(0)]


def test_a_stop_does_not_wait_for_further_connections_that_hang(bench: Bench, simulator: Simulator) -> None:
    """The first connection works, all others get no answer."""
    simulator.add_file(CODE, NAME, 8 * MIB, speed=MIB)
    bench.size, bench.connections = 8 * MIB, 8
    simulator.fault("stall", code=CODE, when="resume", after=0, count=None)
    transfer = bench.prepare()
    thread = threading.Thread(target=transfer.run)
    thread.start()
    wait_until(lambda: simulator.journal.open_now(CODE) == 8)
    bench.stop.set()
    thread.join(bench.limits.stall / 2)
    assert not thread.is_alive()
    assert not [one for one in threading.enumerate() if one.name == "connection"]


def test_a_thread_that_cannot_be_started_is_not_waited_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    real = threading.Thread.start

    def start(self: threading.Thread) -> None:
        if self.name == "connection":
            raise RuntimeError("can't start new thread")
        real(self)

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(RuntimeError, match="thread"):
        bench.run()


def test_a_journal_that_was_written_in_part_is_not_put_in_place(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda descriptor, content, at: real(descriptor, content[:1000], at))
    assert isinstance(bench.problem(), DiskFull)
    assert "part1.journal" not in bench.kept()
