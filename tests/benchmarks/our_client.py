"""Our engine as a benchmark's client: fetches the addresses it is given at once, prints what that cost as JSON.

The engine lives in a process that runs for weeks, so its start (Python and the imports) is not counted.
"""

from __future__ import annotations

import argparse
import json
import resource
import threading
import time
from pathlib import Path

import requests

from downloads.engine.limits import Limits
from downloads.engine.transfer import Finished, Progress, Target, Throttle, Transfer
from hosts.base import Source


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="+")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--size", type=int, default=None)
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--rate", type=int, default=0)
    parser.add_argument("--checksum", default=None)
    parser.add_argument("--certificate", default=None)
    parser.add_argument("--without-journal", action="store_true")
    parser.add_argument("--without-progress", action="store_true")
    options = parser.parse_args()
    began, before = time.monotonic(), cpu()
    transfers = [Run(number, url, options) for number, url in enumerate(options.urls)]
    if not options.without_progress:
        watch(transfers)
    for transfer in transfers:
        transfer.thread.join()
        assert isinstance(transfer.outcome, Finished), transfer.outcome
    seconds, used = time.monotonic() - began, cpu() - before
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": used, "rss": most}))


class Run:
    def __init__(self, number: int, url: str, options: argparse.Namespace) -> None:
        never = 1 << 60
        limits = Limits(checkpoint_bytes=never, checkpoint_seconds=never) if options.without_journal else Limits()
        source = Source(url, f"{number}.bin", options.size, {}, options.connections, options.checksum)
        http = requests.Session()
        http.verify = options.certificate or True
        target = Target(options.root, "", f"{number}.bin", f"part{number}")
        throttle = Throttle(options.rate)
        stop = threading.Event()
        self.transfer = Transfer(lambda: source, target, http, stop=stop, throttle=throttle, limits=limits)
        self.outcome: object = None
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        self.outcome = self.transfer.run()


def watch(transfers: list[Run]) -> list[Progress]:
    """Read the progress of all twice a second, as the orchestrator does."""
    seen: list[Progress] = []
    for running in transfers:
        while running.thread.is_alive():
            seen = [transfer.transfer.progress for transfer in transfers]
            running.thread.join(0.5)
    return seen


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
