"""Every fault that a file server of the vendor is known or feared to have, alone: one line of the list, one test.

The file ends right, or the run ends with the true problem; never with a wrong file.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from downloads.engine import errors, space
from downloads.engine.journal import Journal, Record
from downloads.engine.plan import Plan, Segment
from flasharr.simulator import Simulator
from hosts.base import Problem, Source
from tests.downloads.engine.bench import CODE, IMPATIENT, NAME, QUICK, SIZE, Bench
from tests.downloads.engine.test_hostile import OK, PAYLOAD, answering, run
from tests.stack import free_port

MIB = 1024 * 1024
OVERLAP = 64 * 1024
HALF = SIZE // 2
RIGHT = None

LINES = """
slow 1 KB/s | stalled, socket open | FIN early | RST mid-file
slow on every try | stalled on every try | FIN on every try | RST on every try
Content-Length too large | Content-Length too small | Content-Length absent | Content-Length 0 | last chunk missing
Range ignored from the start | Range ignored on resume | Range ignored for later segments
206 with wrong start | 206 with wrong total | 206 with more bytes than asked | 206 multipart
changed: other ETag | changed: same ETag other size | changed: other size no ETag | changed: same size other bytes
changed: Last-Modified
416 when the partial is complete | partial longer than the remote file
expired 403 | expired 404 | expired 410 | expired as a page | expired on a later segment | new address, another node
new address fails too
single-use address
page for the file | page of the same length | page as octet-stream | page for ever
quota: slow below 256 KB/s | quota: resets
5xx burst | refused on one node | redirect to a dead node | 429 with Retry-After | 503 with Retry-After
corrupted bytes | IP changed in mid-file
0 bytes | 1 byte | 2 MiB - 1 | 2 MiB + 1 | 4 GiB + 1 | 50 GiB sparse
Vietnamese NFC | Vietnamese NFD | emoji | 250+ bytes | CON.txt | a/../../x | trailing dot
"""
LIES = [line.strip() for row in LINES.strip().splitlines() for line in row.split("|")]

Ends = type[Problem] | None
Told = tuple[str, dict[str, Any], str, Ends]  # fault, its options, from the start / on resume / wide, how it ends

FRESH, RESUME, WIDE = "from the start", "on resume", "over four connections"
ALWAYS: dict[str, Any] = {"count": None}
TOLD: dict[str, Told] = {
    "stalled, socket open": ("stall", {"at": HALF}, FRESH, RIGHT),
    "FIN early": ("early_end", {"at": HALF}, FRESH, RIGHT),
    "RST mid-file": ("reset", {"at": HALF}, FRESH, RIGHT),
    "slow on every try": ("slow", {"value": 6 * MIB, **ALWAYS}, FRESH, RIGHT),
    "stalled on every try": ("stall", {"after": 800_000, **ALWAYS}, FRESH, RIGHT),
    "FIN on every try": ("early_end", {"after": 800_000, **ALWAYS}, FRESH, RIGHT),
    "RST on every try": ("reset", {"after": 800_000, **ALWAYS}, FRESH, RIGHT),
    "Content-Length too large": ("length_too_large", {}, FRESH, RIGHT),
    "Content-Length too small": ("length_too_small", {}, FRESH, RIGHT),
    "Content-Length absent": ("chunked", {}, FRESH, RIGHT),
    "last chunk missing": ("chunked", {"value": "open"}, FRESH, RIGHT),
    "Range ignored from the start": ("range_ignored", ALWAYS, WIDE, RIGHT),
    "Range ignored on resume": ("range_ignored", ALWAYS, RESUME, RIGHT),
    "Range ignored for later segments": ("range_ignored", {"skip": 1, **ALWAYS}, WIDE, RIGHT),
    "206 with wrong start": ("wrong_content_range", {"value": "start"}, RESUME, RIGHT),
    "206 with wrong total": ("wrong_content_range", {"value": "total"}, RESUME, RIGHT),
    "206 with more bytes than asked": ("extra_bytes", {}, RESUME, RIGHT),
    "changed: other ETag": ("changed_file", {"value": "etag"}, RESUME, RIGHT),
    "changed: same ETag other size": ("changed_file", {"value": "smaller"}, RESUME, errors.SizeMismatch),
    "changed: other size no ETag": ("changed_file", {"value": "size"}, RESUME, errors.SizeMismatch),
    "changed: same size other bytes": ("changed_file", {"value": "bytes"}, RESUME, RIGHT),
    "changed: Last-Modified": ("changed_file", {"value": "etag"}, RESUME, RIGHT),
    "416 when the partial is complete": ("not_satisfiable", {}, RESUME, RIGHT),
    "partial longer than the remote file": ("changed_file", {"value": "smaller"}, RESUME, errors.SizeMismatch),
    "expired 403": ("link_expired", {"value": 403}, RESUME, RIGHT),
    "expired 404": ("link_expired", {"value": 404}, RESUME, RIGHT),
    "expired 410": ("link_expired", {"value": 410}, RESUME, RIGHT),
    "expired as a page": ("link_expired", {"value": "html"}, RESUME, RIGHT),
    "expired on a later segment": ("link_expired", {"value": 403, "skip": 1}, WIDE, RIGHT),
    "new address fails too": ("link_expired", {"value": 403, **ALWAYS}, RESUME, errors.AddressExpired),
    "page for the file": ("html_page", {"value": "html"}, FRESH, RIGHT),
    "page of the same length": ("html_page", {"value": "same_length"}, FRESH, RIGHT),
    "page as octet-stream": ("html_page", {"value": "same_length_octet"}, FRESH, RIGHT),
    "page for ever": ("html_page", {"value": "html", **ALWAYS}, FRESH, errors.NotTheFile),
    "quota: slow below 256 KB/s": ("slow", {"value": 250_000}, RESUME, RIGHT),
    "5xx burst": ("server_error", {"call": "cdn", "value": 502, "count": 3}, FRESH, RIGHT),
    "429 with Retry-After": ("rate_limited", {"call": "cdn", "value": 60}, FRESH, errors.ServerBusy),
    "503 with Retry-After": ("busy", {"call": "cdn", "value": 60}, FRESH, errors.ServerBusy),
    "corrupted bytes": ("corrupt", {"at": HALF}, FRESH, errors.ChecksumMismatch),
    "IP changed in mid-file": ("link_expired", {"value": 403, "skip": 1}, FRESH, RIGHT),
}
Scene = Callable[[Bench, pytest.MonkeyPatch], None]
PLAYED: dict[str, Scene] = {}


def played(line: str) -> Callable[[Scene], Scene]:
    def keep(scene: Scene) -> Scene:
        PLAYED[line] = scene
        return scene

    return keep


def test_no_line_is_missing() -> None:
    assert sorted([*TOLD, *PLAYED]) == sorted(LIES)


@pytest.mark.parametrize("line", TOLD)
def test_a_lie_told_alone(bench: Bench, simulator: Simulator, line: str) -> None:
    name, options, when, ends = TOLD[line]
    etag = "strong" if line.endswith("other ETag") or "same ETag" in line else "none"
    simulator.add_file(CODE, NAME, SIZE, etag=etag, last_modified="Last-Modified" in line)
    bench.checksum = "sha256:" + simulator.sha256(CODE) if name == "corrupt" else None
    if name == "stall":
        bench.limits = IMPATIENT
    if when == WIDE:
        bench.connections, bench.limits = 4, replace(QUICK, smallest_shared=MIB, smallest_split=256 * 1024)
    if when == RESUME:
        bench.run_until(SIZE - 300_000 if name == "slow" else 1_000_000)
    if line == "IP changed in mid-file":
        simulator.fault("reset", code=CODE, at=HALF)
    simulator.fault(name, code=CODE, **options)
    before = bench.sent()
    if ends is None:
        assert bench.is_right(bench.finished())
    else:
        assert isinstance(bench.problem(), ends)
    assert bench.sent() - before <= 4 * SIZE, "fetched again without bounds"
    assert len(bench.requests()) <= 20


@played("Content-Length 0")
def _(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(lambda *_: OK + b"Content-Length: 0\r\n\r\n" + PAYLOAD) as (url, _), pytest.raises(Problem) as told:
        run(url, bench.root, len(PAYLOAD))
    assert isinstance(told.value, errors.SizeMismatch)


@played("206 multipart")
def _(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(number: int, start: int, is_range: bool) -> bytes:
        if not is_range:
            return OK + b"Content-Length: %d\r\n\r\n" % len(PAYLOAD) + PAYLOAD[: 600_000 if number == 1 else None]
        kind = b"Content-Type: multipart/byteranges; boundary=x\r\n"
        return b"HTTP/1.1 206 Partial\r\n" + kind + b"Content-Length: 9\r\n\r\n--x\r\n\r\n\r\n"

    with answering(answer) as (url, sent):
        assert run(url, bench.root, len(PAYLOAD)) == PAYLOAD
        assert len(sent) <= 6


def at_last(bench: Bench, *first: str) -> Callable[[], Source]:
    """A mint that names these addresses one after the other, and then the true one."""
    waiting = list(first)

    def mint() -> Source:
        bench.mints += 1
        return Source(waiting.pop(0) if waiting else bench.url, NAME, bench.size)

    return mint


@played("new address, another node")
def _(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    with answering(lambda *_: gone) as (url, _):
        monkeypatch.setattr(bench, "mint", at_last(bench, url))
        assert bench.is_right(bench.finished())
    assert bench.mints == 2


@played("refused on one node")
def _(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "mint", at_last(bench, f"http://127.0.0.1:{free_port()}/"))
    assert bench.is_right(bench.finished())


@played("redirect to a dead node")
def _(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:%d/\r\n\r\n" % free_port()
    with answering(lambda *_: moved) as (url, _):
        monkeypatch.setattr(bench, "mint", at_last(bench, url))
        assert bench.is_right(bench.finished())


@played("single-use address")
def _(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """No probe uses it up; what a second request for it is refused, a new address brings."""
    used: list[bytes] = []

    def answer(number: int, start: int, is_range: bool) -> bytes:
        if used.count(used[-1]) > 1:
            return b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
        whole = b"Content-Length: %d\r\n\r\n" % (len(PAYLOAD) - start) + PAYLOAD[start:]
        if not is_range:
            return OK + whole[: len(whole) // 2]
        return b"HTTP/1.1 206 Partial\r\nContent-Range: bytes %d-%d/%d\r\n" % (
            start,
            len(PAYLOAD) - 1,
            len(PAYLOAD),
        ) + (whole if number > 4 else whole[: len(whole) // 2])

    def mint() -> Source:
        bench.mints += 1
        return Source(f"{url}{bench.mints}", NAME, len(PAYLOAD))

    with answering(answer, used) as (url, sent):
        monkeypatch.setattr(bench, "mint", mint)
        assert bench.finished().path.read_bytes() == PAYLOAD
        assert bench.mints == len(set(used))
        assert len(sent) <= 8


@played("slow 1 KB/s")
def _(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.simulator.add_file(CODE, NAME, 1500)
    bench.size = 1500
    bench.simulator.fault("slow", code=CODE, value=1024)
    assert bench.is_right(bench.finished())
    assert len(bench.requests()) == 1


@played("quota: resets")
def _(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.simulator.fault("html_page", code=CODE, value="html", count=None)
    assert isinstance(bench.problem(), errors.NotTheFile)
    bench.simulator.clear_faults()  # midnight
    assert bench.is_right(bench.finished())


def sized(size: int) -> Scene:
    def scene(bench: Bench, _: pytest.MonkeyPatch) -> None:
        bench.simulator.add_file(CODE, NAME, size)
        bench.size = size
        assert bench.is_right(bench.finished())

    return scene


def huge(size: int) -> Scene:
    """All but the end is there already, as holes: what is beyond four billion is counted, asked for and put right."""

    def scene(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        file = bench.simulator.add_file(CODE, NAME, size)
        bench.size, written, left = size, size - 300_000, file.content().read(size - 300_000 - OVERLAP)
        folder = bench.root / ".flasharr"
        folder.mkdir()
        with (folder / "part1.part").open("wb") as part:
            part.truncate(size)
            part.seek(written - OVERLAP)
            part.write(left[:OVERLAP])
        opened = os.open(folder, os.O_RDONLY)
        journal = Journal(opened, "part1.journal", "part1")
        journal.create(Record("part1", Plan(size, [Segment(0, size, written)])))
        journal.close()
        os.close(opened)
        monkeypatch.setattr(space, "free_bytes", lambda _: 2 * size)
        finished = bench.finished()
        assert bench.requests()[0].range == f"bytes={written - OVERLAP}-"
        with finished.path.open("rb") as whole:
            whole.seek(written - OVERLAP)
            assert whole.read() == left
        assert finished.path.stat().st_size == size

    return scene


def named(name: str) -> Scene:
    def scene(bench: Bench, _: pytest.MonkeyPatch) -> None:
        bench.name = name
        (bench.root / "x").write_text("mine")
        finished = bench.finished()
        assert bench.is_right(finished)
        assert finished.path.parent == bench.root
        assert len(finished.path.name.encode()) <= 255
        assert (bench.root / "x").read_text() == "mine"

    return scene


PLAYED |= {
    "0 bytes": sized(0),
    "1 byte": sized(1),
    "2 MiB - 1": sized(2 * MIB - 1),
    "2 MiB + 1": sized(2 * MIB + 1),
    "4 GiB + 1": huge(4 * 1024 * MIB + 1),
    "50 GiB sparse": huge(50 * 1024 * MIB),
    "Vietnamese NFC": named("Phim Việt.mkv"),
    "Vietnamese NFD": named("Phim Vie\u0323\u0302t.mkv"),
    "emoji": named("phim 🎬🍿.mkv"),
    "250+ bytes": named("Tập phim rất dài " * 30 + ".mkv"),
    "CON.txt": named("CON.txt"),
    "a/../../x": named("a/../../x"),
    "trailing dot": named("x."),
}


@pytest.mark.parametrize("line", PLAYED)
def test_a_lie_played_alone(bench: Bench, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    PLAYED[line](bench, monkeypatch)
