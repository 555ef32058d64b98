"""How exact, fair and quick the speed limits are, on real transfers: python -m tests.benchmarks.limits

Each line is a run of one process: transfers of 3 segments each below one shared limit, from nginx on loopback. What is
counted is what the engine has on the disk. `work` is the CPU that the limited transfers took.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import requests

from downloads.engine.limits import MIB
from downloads.engine.throttle import Throttle
from downloads.engine.transfer import Target, Transfer
from hosts.base import Source
from tests.benchmarks.file_server import FileServer
from tests.benchmarks.our_client import cpu

MB = 1_000_000
SEGMENTS = 3


class Run:
    """Transfers below one limit, until the end of the `with`."""

    def __init__(self, url: str, root: Path, size: int, transfers: int, rate: int) -> None:
        self.shared = Throttle(rate)
        self.own = [Throttle(above=self.shared) for _ in range(transfers)]
        self.stop = threading.Event()
        self.transfers = []
        for number in range(transfers):
            source = Source(url, f"{number}.bin", size, {}, SEGMENTS)
            target = Target(root, "", f"{number}.bin", f"{time.monotonic_ns()}")
            http, own = requests.Session(), self.own[number]
            mint = partial(replace, source)
            self.transfers.append(Transfer(mint, target, http, stop=self.stop, throttle=own))
        self.threads = [threading.Thread(target=transfer.run) for transfer in self.transfers]

    def __enter__(self) -> Run:
        for thread in self.threads:
            thread.start()
        while not all(transfer.progress.downloaded for transfer in self.transfers):
            time.sleep(0.05)
        time.sleep(1)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def counts(self) -> list[int]:
        return [transfer.progress.downloaded for transfer in self.transfers]

    def rates(self, seconds: float) -> list[float]:
        """Bytes per second of each transfer over that time."""
        before, began = self.counts(), time.monotonic()
        time.sleep(seconds)
        after, took = self.counts(), time.monotonic() - began
        return [(end - begin) / took for begin, end in zip(before, after, strict=True)]

    def seconds_to(self, rate: float, within: float = 0.1, window: float = 0.3) -> float:
        """Until the sum of a short window is that near to `rate`; counted to the window's beginning."""
        began = time.monotonic()
        while True:
            opened = time.monotonic()
            if abs(sum(self.rates(window)) / rate - 1) <= within or opened - began > 10:
                return opened - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    size = 1600 * MIB
    with tempfile.TemporaryDirectory(prefix="limits-", dir=".") as folder:
        place = Path(folder).absolute()
        (place / "server").mkdir()
        with FileServer(place / "server", MIB, MIB, 1, 0) as server:
            with (place / "server" / "files" / "big.bin").open("wb") as file:
                file.truncate(size)
            url = f"{server.url}big.bin"
            accuracy(url, place, size, options.seconds)
            ceiling(url, place, size, options.seconds)
            reaction(url, place, size)


def fresh(place: Path) -> Path:
    root = place / str(time.monotonic_ns())
    root.mkdir()
    return root


def accuracy(url: str, place: Path, size: int, seconds: float) -> None:
    print("limit MB/s | transfers | measured MB/s | error % | least : most | work % of a core")
    for rate in (MB, 10 * MB, 100 * MB):
        for transfers in (1, 4):
            with Run(url, fresh(place), size, transfers, rate) as run:
                used = cpu()
                rates = run.rates(seconds)
                used = (cpu() - used) / seconds
            error = 100 * (sum(rates) / rate - 1)
            fairness = min(rates) / max(rates)
            print(f"{rate / MB:g} | {transfers} | {sum(rates) / MB:.3f} | {error:+.2f} | {fairness:.3f} | {used:.1%}")


def ceiling(url: str, place: Path, size: int, seconds: float) -> None:
    """One of four has a limit of its own; the others share what it leaves."""
    with Run(url, fresh(place), size, 4, 10 * MB) as run:
        run.own[0].rate = MB
        time.sleep(1)
        rates = [f"{rate / MB:.3f}" for rate in run.rates(seconds)]
    print(f"10 MB/s for four, of which the first may take 1 MB/s: {', '.join(rates)}")


def reaction(url: str, place: Path, size: int) -> None:
    for before, after in ((100, 1), (1, 100), (10, 1), (1, 10), (0, 10)):
        with Run(url, fresh(place), size, 1 if not before else 4, before * MB) as run:
            run.shared.rate = after * MB
            print(f"from {before or 'no limit'} to {after} MB/s: {run.seconds_to(after * MB):.2f} s")


if __name__ == "__main__":
    main()
