from __future__ import annotations

import errno
import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from search.kept import FAILED_FOR, Kept
from search.pace import Pace
from search.problems import SourceDown, TitleUnknown
from search.shelf import Shelf


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def test_what_was_put_is_there_until_its_time(tmp_path: Path) -> None:
    clock = Clock()
    shelf = Shelf(tmp_path, 100_000, clock)
    assert shelf.get("a") is None
    shelf.put("a", b"one\ntwo", 60)
    assert (shelf.get("a"), Shelf(tmp_path, 100_000, clock).get("a"), shelf.get("b")) == (
        b"one\ntwo",
        b"one\ntwo",
        None,
    )
    clock.time += 60
    assert shelf.get("a") is None


def test_a_torn_file_is_none(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 100_000)
    shelf.put("a", b"x" * 100, 60)
    (file,) = [path for path in tmp_path.iterdir() if path.stat().st_size]
    for damage in (file.read_bytes()[:-1], b"", b"no number\nx", b"\xff\xff"):
        file.write_bytes(damage)
        assert shelf.get("a") is None


def test_it_stays_below_its_bound_and_keeps_what_is_read(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 160_000)
    for number in range(100):
        shelf.put(str(number), b"x" * 5000, 60)
        for path in tmp_path.iterdir():  # as if all were written long ago
            if path.stat().st_mtime > 2000:
                os.utime(path, (1000 + number, 1000 + number))
        assert shelf.get("0")
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert size <= 160_000 + 160_000 // 16 + 5100
    assert shelf.get("1") is None
    shelf.put("huge", b"x" * 50_000, 60)
    assert shelf.get("huge") is None


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shelf = Shelf(tmp_path / "file" / "below", 100_000)
    shelf.put("a", b"x", 60)
    with shelf.only_one("a"):
        assert shelf.get("a") is None


def test_a_file_system_without_locks_locks_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    shelf = Shelf(tmp_path, 100_000)
    with shelf.only_one("a"):
        shelf.put("a", b"x", 60)
    assert shelf.get("a") == b"x"


def test_no_question_waits_for_another_one(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 100_000)

    def take(key: str) -> None:
        with shelf.only_one(key):
            pass

    with ThreadPoolExecutor(1) as pool, shelf.only_one("a"):
        for number in range(300):
            pool.submit(take, str(number)).result(timeout=20)


def test_one_holds_a_key_at_a_time_and_leaves_no_lock_behind(tmp_path: Path) -> None:
    shelf, inside, most = Shelf(tmp_path, 100_000), list[int](), list[int]()

    def take(number: int) -> None:
        with shelf.only_one("a"):
            inside.append(number)
            most.append(len(inside))
            inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(400)))
    assert len(most) == 400
    assert set(most) == {1}
    assert list(tmp_path.iterdir()) == []


def test_who_waited_for_a_lock_that_is_gone_takes_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, opened, inside, leave, lock = Shelf(tmp_path, 100_000), Event(), Event(), Event(), fcntl.flock

    def take() -> None:
        with shelf.only_one("a"):
            inside.set()
            leave.wait(20)

    def told(descriptor: int, how: int) -> None:
        opened.set()
        lock(descriptor, how)

    with ThreadPoolExecutor(1) as pool:
        with shelf.only_one("a"):
            monkeypatch.setattr(fcntl, "flock", told)
            pool.submit(take)
            assert opened.wait(20)
        assert inside.wait(20)
        (file,) = tmp_path.iterdir()
        with file.open() as another, pytest.raises(BlockingIOError):
            lock(another, fcntl.LOCK_EX | fcntl.LOCK_NB)
        leave.set()


def test_a_failure_lasts_for_seconds(tmp_path: Path) -> None:
    clock = Clock()
    kept = Kept(Shelf(tmp_path, 100_000), clock)
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise SourceDown(source="TMDB")

    for _ in range(3):
        with pytest.raises(SourceDown, match="TMDB does not answer"):
            kept.get("a", 60, fail)
    assert len(calls) == 1
    clock.time += FAILED_FOR
    assert kept.get("a", 60, lambda: {"fine": 1}) == {"fine": 1}


def test_a_failure_of_one_key_is_not_that_of_another(tmp_path: Path) -> None:
    kept = Kept(Shelf(tmp_path, 100_000))

    def unknown() -> None:
        raise TitleUnknown(source="TMDB")

    with pytest.raises(TitleUnknown):
        kept.get("a", 60, unknown)
    assert kept.get("b", 60, lambda: [1]) == [1]


def test_the_pace_lets_so_many_through() -> None:
    clock = Clock()
    slept: list[float] = []
    pace = Pace(2, 1.0, clock, slept.append)
    for _ in range(5):
        pace.wait()
    assert slept == [1.0, 1.0, 2.0]


def test_threads_keep_the_pace_together() -> None:
    clock = Clock()
    slept: list[float] = []
    pace = Pace(3, 1.0, clock, slept.append)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: pace.wait(), range(9)))
    assert sorted(slept) == [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]
