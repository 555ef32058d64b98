"""kill -9 of a real process: at random bytes, and before every system call that decides about a crash."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import pytest

from downloads.engine.journal import JournalDamaged, Record
from downloads.engine.partfile import FOLDER
from downloads.engine.transfer import discard
from flasharr.simulator import Simulator
from tests.benchmarks import kills
from tests.downloads.engine import child
from tests.downloads.engine.bench import CODE, NAME, Bench, wait_until

MIB = 1024 * 1024
PROMISED = 8 * MIB + 64 * 1024
PAGE = 4096


def on_disk(root: Path) -> int:
    """Bytes that have been written to the part, in order, up to now."""
    try:
        with (root / FOLDER / "part1.part").open("rb") as part:
            return os.lseek(part.fileno(), 0, os.SEEK_HOLE)
    except OSError:  # not there yet, or still empty
        return 0


def is_finishing(root: Path) -> bool:
    try:
        record = Record.from_bytes((root / FOLDER / "part1.journal").read_bytes())
    except (FileNotFoundError, JournalDamaged):
        return False
    return record.finishing is not None


def test_kills_at_random_bytes_cost_at_most_8_mib_each(simulator: Simulator, tmp_path: Path) -> None:
    size = 64 * MIB
    simulator.add_file(CODE, NAME, size, speed=200 * MIB)
    simulator.fault("stall", code=CODE, at=size - 1, count=None)  # nobody is done before he is killed
    bench = Bench(simulator, tmp_path, size, checksum="sha256:" + simulator.world.files[CODE].content().sha256())
    dice = random.Random(1)
    costs: list[int] = []
    for kill in range(1, 7):
        goal = kill * 9 * MIB + dice.randrange(9 * MIB)
        process = child.start(bench.url, tmp_path, size)
        wait_until(lambda goal=goal: on_disk(tmp_path) >= goal)  # type: ignore[misc]
        process.kill()
        process.join()
        reached = on_disk(tmp_path)
        asked = len(bench.requests())
        process = child.start(bench.url, tmp_path, size)
        wait_until(lambda asked=asked: len(bench.requests()) > asked)  # type: ignore[misc]
        process.kill()
        process.join()
        costs.append(reached - int(bench.requests()[asked].range.removeprefix("bytes=").rstrip("-") or 0))
    simulator.clear_faults()
    assert bench.is_right(bench.finished())
    assert max(costs) <= PROMISED + PAGE, costs
    print(f"fetched again per kill: {sorted(cost // 1024 for cost in costs)} KiB")


def test_a_kill_before_any_decisive_call_ends_with_one_right_file(simulator: Simulator, tmp_path: Path) -> None:
    simulator.add_file(CODE, NAME, 200_000)
    finishing = 0
    for die_at in range(1, 100):
        root = tmp_path / str(die_at)
        root.mkdir()
        bench = Bench(simulator, root, 200_000, directory="Films")
        (root / "Films").mkdir()
        (root / "Films" / NAME).write_text("here before")
        simulator.journal.clear()
        process = child.start(bench.url, root, 200_000, die_at=die_at, directory="Films")
        process.join()
        was_finishing = is_finishing(root)
        asked = len(bench.requests())
        assert bench.is_right(bench.finished())
        assert bench.final_names() == ["Films/film (2).mkv", f"Films/{NAME}"]
        assert bench.kept() == ["part1.journal"]
        if was_finishing:
            finishing += 1
            assert len(bench.requests()) == asked, f"fetched again after dying at {die_at}"
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
    assert die_at > 15
    assert finishing >= 5


def test_a_kill_on_the_way_to_another_file_system_is_healed(simulator: Simulator, two_disks: Path) -> None:
    simulator.add_file(CODE, NAME, 200_000)
    films = two_disks / "Films"
    for die_at in range(8, 100):
        simulator.journal.clear()
        bench = Bench(simulator, two_disks, 200_000, directory="Films")
        process = child.start(bench.url, two_disks, 200_000, die_at=die_at, directory="Films")
        process.join()
        finished = bench.finished()
        assert bench.is_right(finished)
        assert [path.name for path in films.iterdir()] == [NAME]
        finished.path.unlink()
        discard(two_disks, "part1")
        assert bench.kept() == []
        if process.exitcode == 0:
            break
    assert die_at > 20


def test_thirty_kills_over_four_connections_end_with_right_files(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m tests.benchmarks.kills` does the same five hundred times, with larger files."""
    monkeypatch.setattr(kills, "SIZE", 20 * MIB + 12_345)
    monkeypatch.setattr(kills, "CALLS", 90)
    tally = kills.kill_often(simulator, tmp_path, 30, random.Random(7), 4)
    assert tally.kills == 30
    assert max(tally.costs) <= 4 * PROMISED
