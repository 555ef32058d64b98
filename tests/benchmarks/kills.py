"""kill -9 of a process that runs a transfer over several connections, again and again until the file is there.

    python -m tests.benchmarks.kills [--kills 500] [--seed 1] [--connections 4]

Half of the kills come at a random byte, half just before a random system call that writes, syncs or names something.
Prints what each kill cost: bytes that were on the disk and that no journal claims. Ends with status 1 when a file is
wrong, a journal claims what is not there, a finished file is fetched again, or a kill costs more than is promised.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from downloads.engine.journal import JournalDamaged, Record
from downloads.engine.partfile import FOLDER
from flasharr.simulator import Simulator
from tests.downloads.engine import child

MIB = 1024 * 1024
CODE = "KILLS0000001"
NAME = "film.mkv"
SIZE = 40 * MIB + 12_345
SPEED = 80 * MIB  # bytes a second and connection
CALLS = 160  # more or less what one undisturbed run makes of those that a kill may come before
BLOCKS = 16 * 4096  # what the disk rounds up, once a segment and at the end


class Broken(AssertionError):
    """A promise that was not kept."""


@dataclass
class Tally:
    kills: int = 0
    files: int = 0
    while_finishing: int = 0  # kills after which a file had its name that had not had it before
    costs: list[int] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--connections", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="flasharr-kills-") as folder, Simulator() as simulator:
        try:
            tally = kill_often(simulator, Path(folder), options.kills, random.Random(options.seed), options.connections)
        except Broken as broken:
            print(f"seed {options.seed}: {broken}")
            return 1
    median, worst = statistics.median(tally.costs) / MIB, max(tally.costs) / MIB
    print(f"{tally.kills} kills, {tally.files} files of {SIZE / MIB:.0f} MiB over {options.connections} connections")
    print(f"lost per kill: median {median:.2f} MiB, worst {worst:.2f} MiB; all files right, none fetched again")
    return 0


def kill_often(simulator: Simulator, folder: Path, kills: int, dice: random.Random, connections: int) -> Tally:
    """Files are fetched one after the other until so many kills are done. Raises Broken."""
    simulator.add_file(CODE, NAME, SIZE, speed=SPEED)
    tally = Tally()
    while tally.kills < kills:
        root = folder / str(tally.files)
        root.mkdir()
        fetch_with_kills(simulator, root, kills - tally.kills, dice, connections, tally)
        tally.files += 1
        (root / NAME).unlink()
    return tally


def fetch_with_kills(
    simulator: Simulator, root: Path, most: int, dice: random.Random, connections: int, tally: Tally
) -> None:
    """One file. The last run is left alone; a run after it must not ask the server for anything."""
    url, left = simulator.direct_url(CODE), min(most, dice.randint(3, 8))
    is_finished = False
    while left and not is_finished:
        by_call = dice.random() < 0.5
        process = child.start(url, root, SIZE, die_at=dice.randint(1, CALLS) if by_call else 0, connections=connections)
        if not by_call:
            wait_for_bytes(root, data_bytes(root) + dice.randrange(SIZE // 6), process.is_alive)
            process.kill()
        process.join()
        if is_finished := process.exitcode == 0:
            break
        if process.exitcode != -signal.SIGKILL:
            raise Broken(f"a run ended by itself with {process.exitcode}")
        left, tally.kills = left - 1, tally.kills + 1
        tally.costs.append(cost(root, connections))
        tally.while_finishing += (root / NAME).exists()
    if not is_finished:
        run_to_its_end(url, root, connections)
    require_right(simulator, root)
    asked = len(simulator.journal)
    run_to_its_end(url, root, connections)
    if len(simulator.journal) != asked:
        raise Broken("a finished file was fetched again")
    require_right(simulator, root)


def run_to_its_end(url: str, root: Path, connections: int) -> None:
    process = child.start(url, root, SIZE, connections=connections)
    process.join()
    if process.exitcode != 0:
        raise Broken(f"the run after a kill ended with {process.exitcode}")


def require_right(simulator: Simulator, root: Path) -> None:
    names = [path.name for path in root.iterdir() if path.name != FOLDER]
    if names != [NAME]:
        raise Broken(f"{names} instead of {NAME}")
    with (root / NAME).open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != simulator.sha256(CODE):
            raise Broken("the file is wrong")


def cost(root: Path, connections: int) -> int:
    """Bytes on the disk that the journal does not claim. Raises Broken when it claims more than there is."""
    extents = data_extents(root)
    there = sum(end - start for start, end in extents)
    try:
        record = Record.from_bytes((root / FOLDER / "part1.journal").read_bytes())
    except FileNotFoundError:
        return 0
    except JournalDamaged as error:
        raise Broken(f"a kill damaged the journal: {error}") from error
    if record.finishing:
        return 0
    for segment in record.plan.segments:
        claimed = (segment.start, segment.position)
        if segment.written and not any(start <= claimed[0] and claimed[1] <= end for start, end in extents):
            raise Broken(f"the journal claims {claimed}, the disk has {extents}")
    lost = there - record.plan.written
    if lost > connections * (8 * MIB + BLOCKS):
        raise Broken(f"a kill cost {lost / MIB:.1f} MiB")
    return max(0, lost)


def data_bytes(root: Path) -> int:
    return sum(end - start for start, end in data_extents(root))


def data_extents(root: Path) -> list[tuple[int, int]]:
    return extents_of(root / FOLDER / "part1.part")


def extents_of(part: Path) -> list[tuple[int, int]]:
    """Ranges of a part that have been written, as the file system knows them."""
    try:
        descriptor = os.open(part, os.O_RDONLY)
    except FileNotFoundError:
        return []
    extents: list[tuple[int, int]] = []
    position = 0
    try:
        while True:
            start = os.lseek(descriptor, position, os.SEEK_DATA)
            position = os.lseek(descriptor, start, os.SEEK_HOLE)
            extents.append((start, position))
    except OSError:  # nothing more behind this
        return extents
    finally:
        os.close(descriptor)


def wait_for_bytes(root: Path, goal: int, is_alive: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while data_bytes(root) < goal and is_alive() and time.monotonic() < deadline:
        time.sleep(0.002)


if __name__ == "__main__":
    sys.exit(main())
