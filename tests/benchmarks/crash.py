"""kill -9 at random moments: of a transfer's process, and of the whole program.

    python -m tests.benchmarks.crash [--kills 500] [--groups 100] [--seed 1]

`--groups` of the kills hit the whole process group, the others the process of a transfer over four connections. Ends
with status 1 when a file is wrong, a row is lost, a finished file is fetched again or a kill costs more than promised.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
from pathlib import Path

from flasharr.simulator.simulator import Simulator
from tests.benchmarks import group_kills, kills
from tests.benchmarks.kills import MIB, Broken, Tally

CONNECTIONS = 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--groups", type=int, default=None, help="of them, of the whole program; a fifth")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    groups = options.kills // 5 if options.groups is None else options.groups
    dice = random.Random(options.seed)
    tallies: list[Tally] = []
    try:
        for what, count, kill in (
            ("a transfer's process", options.kills - groups, of_transfers),
            ("the whole program", groups, of_groups),
        ):
            tallies.append(kill(count, dice))
            report(what, tallies[-1])
    except Broken as broken:
        print(f"seed {options.seed}: {broken}")
        return 1
    total, files = sum(it.kills for it in tallies), sum(it.files for it in tallies)
    print(f"{total} kills: right sha256 {files} of {files}, rows lost 0, finished files fetched again 0")
    return 0


def of_transfers(count: int, dice: random.Random) -> Tally:
    with tempfile.TemporaryDirectory(prefix="flasharr-kills-") as folder, Simulator() as simulator:
        return kills.kill_often(simulator, Path(folder), count, dice, CONNECTIONS) if count else Tally()


def of_groups(count: int, dice: random.Random) -> Tally:
    with tempfile.TemporaryDirectory(prefix="flasharr-crash-") as folder, Simulator() as simulator:
        return group_kills.kill_groups(simulator, Path(folder), count, dice) if count else Tally()


def report(what: str, tally: Tally) -> None:
    if not tally.kills:
        return
    costs = [cost / MIB for cost in tally.costs] or [0.0]
    print(
        f"{tally.kills} kills of {what}, {tally.files} files, {tally.while_finishing} killed with a file just named; "
        f"fetched again per kill and file: median {statistics.median(costs):.2f} MiB, worst {max(costs):.2f} MiB",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
