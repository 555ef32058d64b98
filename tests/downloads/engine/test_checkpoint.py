"""What a journal may claim when syncing or saving fails."""

from __future__ import annotations

import errno
import os
import threading
from dataclasses import replace

import pytest

from downloads.engine.journal import Record
from tests.downloads.engine.bench import CODE, NAME, SIZE, Bench, wait_until


def recorded(bench: Bench) -> int:
    content = (bench.root / ".flasharr" / "part1.journal").read_bytes()
    return Record.from_bytes(content).plan.written


@pytest.mark.parametrize(
    ("number", "code"), [(errno.EIO, "disk_away"), (errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full")]
)
def test_bytes_whose_sync_failed_are_never_claimed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    """Linux reports a failed write-back once; a second sync would be believed wrongly."""
    real = os.fdatasync
    failures = [number]

    def fdatasync(descriptor: int) -> None:
        if failures:
            raise OSError(failures.pop(), "the disk failed")
        real(descriptor)

    bench.run_until(500_000)
    before = recorded(bench)
    bench.limits = replace(bench.limits, buffer=32 * 1024, checkpoint_bytes=32 * 1024)
    monkeypatch.setattr(os, "fdatasync", fdatasync)
    assert bench.problem().code == code
    assert recorded(bench) == before
    assert bench.is_right(bench.finished())


def test_a_disk_that_does_not_keep_up_slows_the_receiving_down(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the syncs are, never more than two windows are unproven."""
    real = os.fdatasync
    turns = threading.Semaphore(0)

    def fdatasync(descriptor: int) -> None:
        turns.acquire()
        real(descriptor)

    bench.simulator.add_file(CODE, NAME, 40_000_000)
    bench.size = 40_000_000
    monkeypatch.setattr(os, "fdatasync", fdatasync)
    transfer = bench.prepare()
    thread = threading.Thread(target=transfer.run)
    thread.start()
    most = 8 * 1024 * 1024
    wait_until(lambda: transfer.progress.downloaded)
    for _ in range(3):
        wait_until(lambda: transfer.progress.downloaded > recorded(bench) + most // 3)
        seen = -1
        while seen != transfer.progress.downloaded:  # until it stands still
            seen = transfer.progress.downloaded
            thread.join(0.1)
        assert transfer.progress.downloaded - recorded(bench) <= most
        turns.release()
    turns.release(1000)
    thread.join()
    assert bench.is_right(bench.finished())


def test_the_journal_never_runs_ahead_of_the_part(bench: Bench) -> None:
    stopped = bench.run_until(1_000_000)
    assert recorded(bench) == stopped.downloaded < SIZE
    content = bench.simulator.world.files[CODE].content().read(0, stopped.downloaded)
    assert (bench.root / ".flasharr" / "part1.part").read_bytes()[: stopped.downloaded] == content
