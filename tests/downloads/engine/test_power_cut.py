"""Power cuts: what was written and never synced is gone, or half of it, and the journal still claims nothing else.

A real run is recorded: every write and sync of the part and of the journal, in order. Then the power is cut after each
of them. A sync promises only what was written before it began, and only once it has returned.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from downloads.engine.journal import JournalDamaged, Record
from downloads.engine.plan import Plan
from flasharr.simulator import Simulator
from tests.downloads.engine.bench import CODE, NAME, QUICK, Bench

MIB = 1024 * 1024
SIZE = 6 * MIB + 4321
PART, JOURNAL = "part1.part", "part1.journal"
LIMITS = replace(QUICK, buffer=64 * 1024, checkpoint_bytes=256 * 1024, smallest_split=256 * 1024)
SECTOR = 512


@dataclass(frozen=True)
class Write:
    file: str
    position: int
    content: bytes


@dataclass(frozen=True)
class Sync:
    """`covers` is how many events had happened when it began."""

    file: str
    covers: int


@dataclass
class Recording:
    """What happened, in the order in which the calls returned."""

    events: list[Write | Sync] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, event: Write | Sync) -> None:
        with self.lock:
            self.events.append(event)

    def until(self, point: int, file: str) -> tuple[list[Write], list[Write]]:
        """Writes to a file that are safe at this point, and those that are not."""
        events = self.events[:point]
        covered = max((one.covers for one in events if isinstance(one, Sync) and one.file == file), default=0)
        writes = [(index, one) for index, one in enumerate(events) if isinstance(one, Write) and one.file == file]
        return [one for index, one in writes if index < covered], [one for index, one in writes if index >= covered]


@contextmanager
def recording(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recording]:
    record = Recording()
    pwrite, fdatasync, fsync = os.pwrite, os.fdatasync, os.fsync

    def name_of(descriptor: int) -> str:
        return Path(os.readlink(f"/proc/self/fd/{descriptor}")).name.removesuffix(".new")

    def write(descriptor: int, content: Any, position: int) -> int:
        count = pwrite(descriptor, content, position)
        record.add(Write(name_of(descriptor), position, bytes(content[:count])))
        return count

    def sync(real: Any) -> Any:
        def call(descriptor: int) -> None:
            covers = len(record.events)
            real(descriptor)
            record.add(Sync(name_of(descriptor), covers))

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", write)
        patch.setattr(os, "fdatasync", sync(fdatasync))
        patch.setattr(os, "fsync", sync(fsync))
        yield record


@pytest.fixture
def recorded(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Recording, Bench]:
    simulator.add_file(CODE, NAME, SIZE, speed=40 * MIB)
    bench = Bench(simulator, tmp_path / "recorded", SIZE, connections=4, limits=LIMITS)
    bench.root.mkdir()
    with recording(monkeypatch) as record:
        assert bench.is_right(bench.finished())
    return record, bench


def surviving(recorded: Recording, point: int, file: str, keep: str, dice: random.Random) -> list[Write]:
    """`keep` says what of the unsynced writes reached the disk all the same: none, all, or some of their sectors."""
    safe, unsafe = recorded.until(point, file)
    if keep == "none":
        return safe
    if keep == "all":
        return safe + unsafe
    return safe + [torn(one, dice) for one in unsafe if dice.random() < 0.5]


def torn(write: Write, dice: random.Random) -> Write:
    """Only its first sectors."""
    return replace(write, content=write.content[: SECTOR * dice.randint(0, len(write.content) // SECTOR)])


def journal_after(writes: list[Write]) -> Record | None:
    image = bytearray()
    for one in writes:
        end = one.position + len(one.content)
        image.extend(b"\0" * (end - len(image)))
        image[one.position : end] = one.content
    try:
        return Record.from_bytes(bytes(image)) if image else None
    except JournalDamaged:
        return None


def holes(plan: Plan, writes: list[Write]) -> list[tuple[int, int]]:
    """Claimed ranges that nothing on the disk covers."""
    found = []
    covered = sorted((one.position, one.position + len(one.content)) for one in writes)
    for segment in plan.segments:
        position = segment.start
        for start, end in covered:
            if start <= position < end:
                position = end
        if position < segment.position:
            found.append((position, segment.position))
    return found


WORST = [("none", "none"), ("none", "all"), ("some", "all"), ("some", "some")]  # (of the part, of the journal)


@pytest.mark.parametrize(("of_part", "of_journal"), WORST)
def test_the_journal_claims_nothing_that_a_power_cut_takes(
    recorded: tuple[Recording, Bench], of_part: str, of_journal: str
) -> None:
    record, bench = recorded
    content = bench.simulator.world.files[CODE].content().read()
    dice = random.Random(3)
    claimed, before = 0, 0
    writes = [one for one in record.events if isinstance(one, Write) and one.file == PART]
    assert all(content[one.position : one.position + len(one.content)] == one.content for one in writes)
    begun = next(index for index, one in enumerate(record.events) if isinstance(one, Write) and one.file == PART)
    for point in range(begun, len(record.events) + 1):
        journal = journal_after(surviving(record, point, JOURNAL, of_journal, dice))
        assert journal is not None, f"no journal after event {point}"
        part = surviving(record, point, PART, of_part, dice)
        assert holes(journal.plan, part) == [], f"after event {point}"
        written = sum(len(one.content) for one in record.events[:point] if isinstance(one, Write) and one.file == PART)
        most = (2 * LIMITS.checkpoint_bytes + 4 * LIMITS.buffer) * len(journal.plan.segments)
        assert written - journal.plan.written <= most, f"after event {point}"
        claimed, before = max(claimed, journal.plan.written), point
    assert before > 100
    assert claimed == SIZE


@pytest.mark.parametrize("share", [0.0, 0.2, 0.4, 0.6, 0.8, 0.95])
def test_it_goes_on_after_a_power_cut(recorded: tuple[Recording, Bench], tmp_path: Path, share: float) -> None:
    record, bench = recorded
    dice = random.Random(share)
    begun = next(index for index, one in enumerate(record.events) if isinstance(one, Write) and one.file == PART)
    last = max(index for index, one in enumerate(record.events) if isinstance(one, Write) and one.file == PART)
    point = begun + round((last - begun) * share)
    folder = tmp_path / "after" / ".flasharr"
    folder.mkdir(parents=True)
    for file, keep in ((PART, "some"), (JOURNAL, "some")):
        with (folder / file).open("wb") as image:
            image.truncate(SIZE if file == PART else 0)
            for one in surviving(record, point, file, keep, dice):
                image.seek(one.position)
                image.write(one.content)
    bench.root = tmp_path / "after"
    bench.simulator.journal.clear()
    assert bench.is_right(bench.finished())
    assert bench.kept() == ["part1.journal"]
    claimed = sum(len(one.content) for one in record.until(point, PART)[0])
    assert bench.sent() <= SIZE - claimed + 8 * MIB
