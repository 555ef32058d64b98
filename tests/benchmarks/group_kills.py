"""kill -9 of the whole program (web, engine, supervisor) while it works through a queue of files, again and again.

Half of the kills come at a random byte, half just before a random system call of the engine that writes, syncs or
names something. Run it with `python -m tests.benchmarks.crash`.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from downloads.engine.journal import Record
from downloads.engine.partfile import FOLDER
from flasharr.simulator.simulator import Simulator
from tests.benchmarks.kills import BLOCKS, MIB, Broken, Tally, extents_of
from tests.stack import ROOT, Stack, until

SIZE = 20 * MIB + 4321
SPEED = 12 * MIB  # bytes a second and connection
CONNECTIONS = 3  # what Fshare is asked for at the same time
AT_ONCE = 3  # files
CALLS = 120  # more or less what the engine makes of them for one file
PATIENCE = 120.0


def kill_groups(simulator: Simulator, folder: Path, kills: int, dice: random.Random) -> Tally:
    """A queue that is long enough for so many kills. Raises Broken."""
    tally, codes = Tally(), [f"GROUP{number:07}" for number in range(1, kills + AT_ONCE + 1)]
    for code in codes:
        simulator.add_file(code, f"{code}.mkv", SIZE, speed=SPEED)
    stack = Stack(folder, simulator.environment())
    sent: dict[str, int] = {}
    with running(stack):
        urls = [f"https://www.fshare.vn/file/{code}" for code in codes]
        rows = {row["id"] for row in stack.api("POST", "downloads", {"urls": urls})["items"]}
    while tally.kills < kills and len(finished(stack)) < len(codes):
        before = len(finished(stack))
        kill_once(stack, dice)
        simulator.journal.wait_idle()
        tally.kills += 1
        tally.costs += costs(stack.downloads)
        tally.while_finishing += len(finished(stack)) > before
        for code in finished(stack):
            sent.setdefault(code, simulator.journal.bytes_sent(code))
    end(stack, rows)
    require_right(simulator, stack, codes, sent)
    tally.files = len(codes)
    return tally


@contextmanager
def running(stack: Stack) -> Iterator[Stack]:
    """Started and, at the end, killed like everything here."""
    stack.start()
    try:
        yield stack
    finally:
        stack.kill()


def kill_once(stack: Stack, dice: random.Random) -> None:
    """Start it, and kill it at a random byte or system call; a queue that ends first is killed at rest."""
    by_call = dice.random() < 0.5
    deadly = {"PYTHONPATH": str(ROOT / "tests" / "benchmarks" / "deadly")}
    ordinary = dict(stack.environment)
    if by_call:
        stack.environment |= {**deadly, "KILL_GROUP_BEFORE_CALL": str(dice.randint(1, CALLS))}
    try:
        goal = on_disk(stack.downloads) + dice.randrange(SIZE)
        try:
            stack.start()
        except AssertionError:
            if not by_call:
                raise  # otherwise it died before it answered
        deadline = time.monotonic() + PATIENCE
        while stack.process is not None and stack.process.poll() is None and time.monotonic() < deadline:
            if not by_call and on_disk(stack.downloads) >= goal:
                break
            if by_call and all(row["status"] == "completed" for row in rows_of(stack)):
                break
            time.sleep(0.05)
        stack.kill_rest()
    finally:
        stack.environment = ordinary


def rows_of(stack: Stack) -> list[dict[str, object]]:
    """None while it is being killed."""
    try:
        return stack.rows()
    except (OSError, AssertionError):
        return [{"status": "unknown"}]


def on_disk(downloads: Path) -> int:
    """Bytes of all parts and files, however they were allocated."""
    paths = [*downloads.glob("*.mkv"), *(downloads / FOLDER).glob("*.part")]
    return sum(end - start for path in paths for start, end in extents_of(path))


def finished(stack: Stack) -> list[str]:
    return sorted(path.stem for path in stack.downloads.glob("*.mkv"))


def left_in(downloads: Path) -> list[str]:
    return [path.name for path in (downloads / FOLDER).iterdir()]


def costs(downloads: Path) -> list[int]:
    """For each part what is on the disk and not claimed. Raises Broken when a kill cost more than is promised."""
    found = []
    for part in (downloads / FOLDER).glob("*.part"):
        try:
            record = Record.from_bytes(part.with_suffix(".journal").read_bytes())
        except FileNotFoundError:
            raise Broken(f"{part.name} has no journal") from None
        if record.finishing:
            continue
        cost = sum(end - start for start, end in extents_of(part)) - record.plan.written
        if cost > CONNECTIONS * (8 * MIB + BLOCKS):
            raise Broken(f"a kill cost {cost / MIB:.1f} MiB")
        found.append(max(0, cost))
    return found


def end(stack: Stack, rows: set[object]) -> None:
    """Left alone, every row ends as completed, and nothing is left beside the files. Raises Broken."""
    with running(stack):
        try:
            until(lambda: all(row["status"] == "completed" for row in rows_of(stack)), 600)
        except AssertionError:
            raise Broken(f"not completed: {[row for row in stack.rows() if row['status'] != 'completed']}") from None
        try:
            until(lambda: not left_in(stack.downloads), 10)
        except AssertionError:
            raise Broken(f"left behind: {left_in(stack.downloads)}") from None
        if lost := rows - {row["id"] for row in stack.rows()}:
            raise Broken(f"rows lost: {lost}")


def require_right(simulator: Simulator, stack: Stack, codes: list[str], sent: dict[str, int]) -> None:
    """Each file once and right, none fetched again after it had its name. Raises Broken."""
    if finished(stack) != codes:
        raise Broken(f"{sorted(set(codes) ^ set(finished(stack)))} are missing or too many")
    for code in codes:
        with (stack.downloads / f"{code}.mkv").open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != simulator.sha256(code):
                raise Broken(f"{code} is wrong")
        if simulator.journal.bytes_sent(code) != sent.get(code, simulator.journal.bytes_sent(code)):
            raise Broken(f"{code} was fetched again when it was finished")
