"""A folder of thousands: seconds to list it, to preview it again, and to add all of it as one batch.

    python -m tests.benchmarks.adding [--files 5000] [--rounds 5]

The simulator serves the folder over HTTP without pauses; the database is an SQLite file of its own for each round.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise

from flasharr.simulator import Simulator
from flasharr.simulator.world import World

FOLDER = "https://www.fshare.vn/folder/MANY"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(measure()))
        return
    with Simulator(World()) as simulator:
        codes = [f"PART{number:05}" for number in range(options.files)]
        for code in codes:
            simulator.add_file(code, f"{code} phim dài tập.mkv", 1000)
        simulator.add_folder("MANY", "Many", codes)
        rounds = [one_round(simulator) for _ in range(options.rounds)]
    for what in rounds[0]:
        times = [one[what] for one in rounds]
        print(f"{what:24} median {statistics.median(times):6.2f} s   worst {max(times):6.2f} s")


def one_round(simulator: Simulator) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **simulator.environment(), "FLASHARR_DATA_DIR": folder}
        environment["DJANGO_SETTINGS_MODULE"] = "flasharr.settings"
        command = [sys.executable, "-m", "tests.benchmarks.adding", "--inside"]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found


def measure() -> dict[str, float]:
    import django

    django.setup()
    from django.core.management import call_command

    from downloads import intake
    from downloads.listings import Glance
    from hosts import accounts

    call_command("migrate", verbosity=0)
    accounts.from_environment()
    marks = [time.monotonic()]
    seen = intake.preview(FOLDER, Glance())
    marks.append(time.monotonic())
    seen = intake.preview(FOLDER, Glance(), fresh=False)
    marks.append(time.monotonic())
    worked = time.process_time()
    added = intake.add(seen)
    worked = time.process_time() - worked
    marks.append(time.monotonic())
    assert len(added) == len(seen.items)
    listing, again, adding = (after - before for before, after in pairwise(marks))
    return {"listing": listing, "preview again": again, "adding as one batch": adding, "of that, processor": worked}


if __name__ == "__main__":
    main()
