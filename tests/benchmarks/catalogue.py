"""The catalogue with many files: memory and time of a refresh, time of a look-up, on SQLite and on PostgreSQL.

    python -m tests.benchmarks.catalogue [--files 100000] [--per-folder 200] [--database sqlite|postgres|both]

The simulator serves the folders, so each listing goes through HTTP, the host's client and the same code as a user's.
Each database has a process of its own; the simulator another. PostgreSQL needs its server programs on this machine.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection

from flasharr.simulator.simulator import Simulator
from tests.search.catalogue.cluster import cluster, programs

TITLES = (
    "Bố Già|Mắt Biếc|Đường Về Nhà|Tiệc Trăng Máu|Hai Phượng|Lật Mặt|The Last Garden|Night Market|Old Harbour|Kẻ Ẩn Danh"
)
MARKS = "1080p.BluRay.x264|2160p.WEB-DL.DDP5.1.H.265|720p.HDTV|1080p.WEBRip.AAC|2160p.REMUX.TrueHD.7.1"
WORDS = ["sông", "núi", "đêm", "ngày", "mưa", "lửa", "biển", "gió", "hoa", "trăng", "stone", "river", "winter", "light"]
ASKED = {
    "rare title": "đường về nhà 77123",
    "title and year": "bo gia 2015",
    "words out of order": "2160p nha duong ve",
    "beginning": "tiec tr",
    "every file": "mkv",
    "a third of all": "2160",
    "half and half": "1080p s0",
    "nothing": "khong co phim nay",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--per-folder", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        measure()
        return
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs, options.files, options.per_folder), daemon=True)
    server.start()
    environment = ours.recv()
    try:
        if options.database != "postgres":
            run(environment, {})
        if options.database != "sqlite":
            bin_dir = programs()
            if bin_dir is None:
                sys.exit("PostgreSQL: no server programs were found (apt-get install postgresql).")
            with cluster(bin_dir) as url:
                run(environment, {"DATABASE_URL": url})
    finally:
        server.terminate()


def serve(pipe: Connection, files: int, per_folder: int) -> None:
    """The world: one folder of folders, some of them series. It changes by one per cent when told to."""
    dice = random.Random(7)
    with Simulator() as simulator:
        folders = []
        for start in range(0, files, per_folder):
            codes = []
            for number in range(start, min(files, start + per_folder)):
                simulator.add_file(f"F{number:07}", name_of(number, dice), 1_000_000 + number)
                codes.append(f"F{number:07}")
            folders.append(simulator.add_folder(f"D{start:07}", f"Kho phim {start // per_folder}", codes).code)
        simulator.add_folder("ROOT", "Kho lớn", folders)
        pipe.send(simulator.environment())
        time.sleep(24 * 3600)


def name_of(number: int, dice: random.Random) -> str:
    title = dice.choice(TITLES.split("|")).replace(" ", ".") + "." + ".".join(dice.sample(WORDS, 2))
    place = f".S{dice.randint(1, 9):02}E{dice.randint(1, 24):02}" if number % 2 else ""
    return f"{title}.{number}{place}.{dice.randint(1980, 2024)}.{dice.choice(MARKS.split('|'))}-GRP.mkv"


def run(environment: dict[str, str], database: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        own = {"FLASHARR_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "flasharr.settings", "SECRET_KEY": "x" * 50}
        command = [sys.executable, "-m", "tests.benchmarks.catalogue", "--inside"]
        subprocess.run(command, env={**os.environ, **environment, **own, **database}, check=True)


def measure() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from hosts import accounts
    from search.catalogue import actions, queries
    from search.catalogue.models import CatalogueEntry, FolderSubscription

    call_command("migrate", verbosity=0)
    accounts.from_environment()
    actions.subscribe("https://www.fshare.vn/folder/ROOT")
    print(f"\n{connection.vendor}: before {rss():.0f} MB")
    for what in ("first visit", "second visit, nothing new"):
        FolderSubscription.objects.update(next_visit_at="2020-01-01T00:00:00Z")
        seconds = visit()
        entries = CatalogueEntry.objects.filter(dead_at=None).count()
        print(f"{what}: {entries} entries in {seconds:.0f} s, resident memory at most {rss():.0f} MB")
    CatalogueEntry.objects.filter(pk__lte=1_000).update(name="changed", dead_at=None)
    FolderSubscription.objects.update(next_visit_at="2020-01-01T00:00:00Z")
    print(f"third visit, 1000 changed: {visit():.0f} s, resident memory at most {rss():.0f} MB")
    for what, text in ASKED.items():
        times = []
        for _ in range(20):
            begun = time.perf_counter()
            found = queries.look_up(text, 200)
            times.append((time.perf_counter() - begun) * 1000)
        times.sort()
        print(
            f"look up {what:<20} {len(found):>4} of at most 200: median {times[10]:6.1f} ms, worst {times[-1]:6.1f} ms"
        )


def visit() -> float:
    """Slices as the worker runs them, without the pauses."""
    from search.catalogue import crawl

    begun = time.monotonic()
    while crawl.work(crawl.Pace(seconds=10, pause=0)):
        pass
    return time.monotonic() - begun


def rss() -> float:
    """The most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
