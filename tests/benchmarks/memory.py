"""Memory of a process with many transfers of many segments, over as many bytes as are asked for.

    python -m tests.benchmarks.memory [--gib 50] [--transfers 8] [--segments 4]

A server in another process sends bytes made up on the fly; finished files are removed and fetched again until so many
GiB have come. Prints the resident memory as it goes.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import threading
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import requests

from downloads.engine.transfer import Finished, Target, Throttle, Transfer, discard
from flasharr.simulator import Simulator
from hosts.base import Source

GIB = 1 << 30
SIZE = GIB


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gib", type=int, default=50)
    parser.add_argument("--transfers", type=int, default=8)
    parser.add_argument("--segments", type=int, default=4)
    parser.add_argument("--folder", default=None)
    options = parser.parse_args()
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs, options.transfers), daemon=True)
    server.start()
    urls: list[str] = ours.recv()
    with tempfile.TemporaryDirectory(prefix="flasharr-memory-", dir=options.folder) as folder:
        rounds = max(1, options.gib * GIB // SIZE // options.transfers)
        arguments = [(Path(folder), number, url, options.segments, rounds) for number, url in enumerate(urls)]
        threads = [threading.Thread(target=fetch_again, args=one) for one in arguments]
        for thread in threads:
            thread.start()
        watch(threads)
    server.terminate()


def serve(pipe: Connection, count: int) -> None:
    with Simulator() as simulator:
        for number in range(count):
            simulator.add_file(f"MEMORY{number:06}", f"{number}.mkv", SIZE)
        pipe.send([simulator.direct_url(f"MEMORY{number:06}") for number in range(count)])
        threading.Event().wait()


def fetch_again(root: Path, number: int, url: str, segments: int, rounds: int) -> None:
    source = Source(url, f"{number}.mkv", SIZE, {}, segments)
    for _ in range(rounds):
        target = Target(root, "", f"{number}.mkv", f"part{number}")
        transfer = Transfer(lambda: source, target, requests.Session(), stop=threading.Event(), throttle=Throttle())
        finished = transfer.run()
        assert isinstance(finished, Finished)
        finished.path.unlink()
        discard(root, target.part_id)


def watch(threads: list[threading.Thread]) -> None:
    began, most = time.monotonic(), 0.0
    written = -1
    while any(thread.is_alive() for thread in threads):
        time.sleep(1)
        most = max(most, rss())
        if (now := written_gib()) // 5 > written // 5:
            written = now
            print(f"{time.monotonic() - began:6.0f} s {now:5d} GiB {rss():6.1f} MiB, most {most:.1f}", flush=True)
    gc.collect()
    print(f"{time.monotonic() - began:6.0f} s {written_gib():5d} GiB {rss():6.1f} MiB, most {most:.1f}")


def rss() -> float:
    """MiB."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) / 1024


def written_gib() -> int:
    fields = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(fields["wchar"]) // GIB


if __name__ == "__main__":
    main()
