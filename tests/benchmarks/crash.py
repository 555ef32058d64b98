"""kill -9 of everything at random moments of a download; prints what each kill cost.

    python -m tests.benchmarks.crash [--kills 20] [--size-mib 1024] [--speed-mib 7] [--seed 1]

Ends with status 1 when the file is wrong, a row is lost or a kill cost more than the engine promises.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from downloads.engine.journal import Record
from flasharr.simulator.simulator import Simulator
from tests.benchmarks.kills import extents_of
from tests.stack import Stack, until

MIB = 1024 * 1024
SEAM = 64 * 1024  # fetched again in front of each resumed range and compared with the disk
CONNECTIONS = 3  # what Fshare is asked for at the same time
PROMISED = CONNECTIONS * (8 * MIB + SEAM)
CODE = "CRASHTEST001"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--size-mib", type=int, default=1024)
    parser.add_argument("--speed-mib", type=int, default=7, help="of each connection")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="flasharr-crash-") as folder, Simulator() as simulator:
        simulator.add_file(CODE, "big film.mkv", options.size_mib * MIB, speed=options.speed_mib * MIB)
        return run(simulator, Path(folder), options.kills, random.Random(options.seed))


def run(simulator: Simulator, folder: Path, kills: int, dice: random.Random) -> int:
    with Stack(folder, simulator.environment()) as stack:
        return kill_again_and_again(stack, simulator, kills, dice)


def kill_again_and_again(stack: Stack, simulator: Simulator, kills: int, dice: random.Random) -> int:
    [row] = stack.api("POST", "downloads", {"url": f"https://www.fshare.vn/file/{CODE}"})["items"]
    costs: list[int] = []
    for number in range(1, kills + 1):
        until(lambda: status(stack) == "completed" or (received(stack) > 0 and status(stack) == "downloading"), 60)
        time.sleep(dice.uniform(0.1, 2.0))
        before = len(cdn_requests(simulator))
        stack.kill()
        on_disk, claimed = received(stack), proven(stack)
        stack.start()
        until(lambda before=before: status(stack) == "completed" or len(cdn_requests(simulator)) > before, 60)  # type: ignore[misc]
        if len(cdn_requests(simulator)) == before:
            print(f"kill {number:3}: the file was finished, nothing was fetched again", flush=True)
            continue
        costs.append(max(0, on_disk - claimed) + SEAM * len(cdn_requests(simulator)[before:][:CONNECTIONS]))
        print(
            f"kill {number:3}: {on_disk / MIB:8.1f} MiB on disk, {costs[-1] / MIB:6.2f} MiB fetched again", flush=True
        )
    until(lambda: status(stack) in ("completed", "failed"), 300)
    [end] = stack.rows()
    stack.stop()
    return judge(simulator, stack, row["id"], end, costs)


def judge(simulator: Simulator, stack: Stack, pk: int, end: dict[str, object], costs: list[int]) -> int:
    whole = sha256(Path(str(end["path"]))) == simulator.sha256(CODE) if end["status"] == "completed" else False
    leftovers = [path.name for path in (stack.downloads / ".flasharr").glob("*")]
    print(f"kills: {len(costs)} in mid-file, row kept: {end['id'] == pk}, sha256 right: {whole}, left: {leftovers}")
    print(f"fetched again per kill: median {statistics.median(costs) / MIB:.2f} MiB, worst {max(costs) / MIB:.2f} MiB")
    return 0 if whole and end["id"] == pk and not leftovers and max(costs) <= PROMISED else 1


def status(stack: Stack) -> str:
    return str(stack.rows()[0]["status"])


def received(stack: Stack) -> int:
    """Bytes of the part file that hold data, however it was allocated."""
    parts = (stack.downloads / ".flasharr").glob("*.part")
    return sum(end - start for part in parts for start, end in extents_of(part))


def proven(stack: Stack) -> int:
    """Bytes that the journal claims: a restart goes on behind them."""
    journals = (stack.downloads / ".flasharr").glob("*.journal")
    return sum(Record.from_bytes(journal.read_bytes()).plan.written for journal in journals)


def cdn_requests(simulator: Simulator) -> list[dict[str, str]]:
    return [request.headers for request in simulator.journal.requests_to("/cdn/") if request.method == "GET"]


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
