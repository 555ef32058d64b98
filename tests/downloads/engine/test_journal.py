from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from downloads.engine.journal import SLOT, Finishing, Journal, JournalDamaged, Record
from downloads.engine.plan import MOST, Plan, Segment
from tests.downloads.engine.bench import NAME, Bench, sha256

RECORD = Record(
    "part1",
    Plan(300, [Segment(0, 100, 100), Segment(100, 300, 7)]),
    '"tag"',
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "md5:" + "0" * 32,
    Finishing("Séries/film.mkv", 12345, 300, "a" * 64),
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    descriptor = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    yield descriptor
    os.close(descriptor)


def test_what_is_saved_is_loaded(folder: int, tmp_path: Path) -> None:
    assert load(folder) is None
    with closing(Journal(folder, "a.journal", "part1")) as journal:
        journal.create(RECORD)
    assert load(folder) == RECORD
    assert [path.name for path in tmp_path.iterdir()] == ["a.journal"]


def load(folder: int, identity: str = "part1") -> Record | None:
    with closing(Journal(folder, "a.journal", identity)) as journal:
        return journal.load()


def at(written: int) -> Plan:
    return Plan(300, [Segment(0, 300, written)])


def test_the_newest_of_two_states_is_loaded(folder: int, tmp_path: Path) -> None:
    with closing(Journal(folder, "a.journal", "part1")) as journal:
        journal.create(RECORD)
        for written in range(1, 20):
            journal.advance(at(written))
            assert load(folder) == replace(RECORD, plan=at(written))
    assert (tmp_path / "a.journal").stat().st_size == 2 * SLOT


def test_a_state_that_was_torn_leaves_the_one_before(folder: int, tmp_path: Path) -> None:
    with closing(Journal(folder, "a.journal", "part1")) as journal:
        journal.create(RECORD)
        for written in range(1, 9):
            journal.advance(at(written))
            content = bytearray((tmp_path / "a.journal").read_bytes())
            newest = written % 2 * SLOT
            content[newest + 200 : newest + SLOT] = b"?" * (SLOT - 200)
            (tmp_path / "torn").mkdir(exist_ok=True)
            (tmp_path / "torn" / "a.journal").write_bytes(content)
            torn = os.open(tmp_path / "torn", os.O_RDONLY)
            assert load(torn) == replace(RECORD, plan=at(written - 1)) if written > 1 else RECORD
            os.close(torn)


def test_a_journal_goes_on_where_it_was(folder: int) -> None:
    for written in range(5):
        with closing(Journal(folder, "a.journal", "part1")) as journal:
            journal.advance(at(written)) if journal.load() else journal.create(RECORD)
    assert load(folder) == replace(RECORD, plan=at(4))


def test_a_new_journal_keeps_nothing_of_the_one_before(folder: int) -> None:
    with closing(Journal(folder, "a.journal", "part1")) as journal:
        journal.create(RECORD)
        for written in range(3):
            journal.advance(at(written))
        journal.create(replace(RECORD, plan=at(0)))
    assert load(folder) == replace(RECORD, plan=at(0))


def test_the_largest_record_fits_its_slot() -> None:
    plan = Plan(10**15, [Segment(10**14 + n, 10**14 + n + 1, 1) for n in range(MOST)])
    record = Record(
        "p" * 100, plan, "ệ" * 500, "ệ" * 500, "sha512:" + "0" * 128, Finishing("ệ" * 1365, 2**64, 10**15, "0" * 64)
    )
    assert len(record.to_bytes(10**15)) <= SLOT


@given(st.integers(0, len(RECORD.to_bytes()) - 1), st.integers(1, 255))
def test_any_flipped_byte_is_noticed(position: int, change: int) -> None:
    content = bytearray(RECORD.to_bytes())
    content[position] ^= change
    with pytest.raises(JournalDamaged):
        Record.from_bytes(bytes(content))


@pytest.mark.parametrize("length", [0, 1, 50, 100, len(RECORD.to_bytes()) - 1])
def test_a_journal_that_was_cut_is_noticed(length: int) -> None:
    with pytest.raises(JournalDamaged):
        Record.from_bytes(RECORD.to_bytes()[:length])


@given(st.binary(max_size=300))
def test_junk_is_not_a_journal(junk: bytes) -> None:
    with pytest.raises(JournalDamaged):
        Record.from_bytes(junk)


@pytest.mark.parametrize(
    "segments",
    [
        [Segment(0, 100, 101), Segment(100, 300)],
        [Segment(0, 100), Segment(99, 300)],
        [Segment(0, 100)],
        [Segment(0, 100), Segment(101, 300)],
        [Segment(0, None), Segment(100, 300)],
        [Segment(0, 300, -1)],
        [],
    ],
)
def test_segments_that_do_not_tile_the_file_are_not_believed(segments: list[Segment]) -> None:
    with pytest.raises(JournalDamaged):
        Record.from_bytes(Record("part1", Plan(300, segments)).to_bytes())


def test_the_journal_of_another_download_is_not_believed(folder: int) -> None:
    with closing(Journal(folder, "a.journal", "part1")) as journal:
        journal.create(RECORD)
    with pytest.raises(JournalDamaged):
        load(folder, "part2")


def spoil(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "flipped":
        path.write_bytes(bytes(byte ^ 1 if index % SLOT == 150 else byte for index, byte in enumerate(content)))
    elif how == "cut":
        path.write_bytes(content[:40])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "foreign":
        path.write_bytes(Record("another", Plan.whole(None)).to_bytes())
    elif how == "next version":
        path.write_bytes(content.replace(b"journal 2", b"journal 3"))
    elif how == "gone":
        path.unlink()


@pytest.mark.parametrize("how", ["flipped", "cut", "empty", "foreign", "next version", "gone"])
def test_a_download_whose_journal_is_spoilt_begins_anew(bench: Bench, how: str) -> None:
    stopped = bench.run_until(1_000_000)
    spoil(bench.root / ".flasharr" / "part1.journal", how)
    assert bench.is_right(bench.finished())
    assert bench.requests()[-1].range == ""
    assert (bench.root / ".flasharr" / "part1.part.changed-1").stat().st_size >= stopped.downloaded


def test_a_journal_without_its_part_begins_anew(bench: Bench) -> None:
    bench.run_until(1_000_000)
    (bench.root / ".flasharr" / "part1.part").unlink()
    assert bench.is_right(bench.finished())
    assert bench.requests()[-1].range == ""


def test_a_part_shorter_than_its_journal_says_begins_anew(bench: Bench) -> None:
    bench.run_until(1_000_000)
    os.truncate(bench.root / ".flasharr" / "part1.part", 500_000)
    assert bench.is_right(bench.finished())
    assert [request.range for request in bench.requests()] == ["", ""]


def test_a_part_that_is_a_link_is_not_followed(bench: Bench, tmp_path: Path) -> None:
    bench.run_until(1_000_000)
    precious = tmp_path / "precious"
    precious.write_bytes(b"x" * 4_000_000)
    before = sha256(precious)
    part = bench.root / ".flasharr" / "part1.part"
    part.unlink()
    part.symlink_to(precious)
    assert bench.is_right(bench.finished())
    assert sha256(precious) == before
    assert NAME in bench.final_names()
