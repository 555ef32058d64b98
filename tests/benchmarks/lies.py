"""A server that lies in random combinations: the file ends right, or the problem says why. Never a wrong file.

    python -m tests.benchmarks.lies [--runs 500] [--seed 1]

The same seed tells the same lies. Ends with status 1 at the first wrong file, naming its seed.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from downloads.engine.limits import Limits
from downloads.engine.partfile import FOLDER
from downloads.engine.transfer import Finished, Target, Throttle, Transfer
from flasharr.simulator import Simulator
from flasharr.simulator.content import Content
from flasharr.simulator.world import File
from hosts.base import Problem, Source

MIB = 1024 * 1024
CODE = "LIES00000001"
NAME = "film.mkv"
LIMITS = Limits(
    connect=3,
    answer=0.4,
    stall=0.3,
    tick=0.02,
    buffer=64 * 1024,
    checkpoint_bytes=256 * 1024,
    checkpoint_seconds=0.05,
    smallest_shared=MIB,
    smallest_split=256 * 1024,
    regrow=0.2,
    retry_base=0.005,
    retry_cap=0.02,
)
RUNS_OF_ONE_FILE = 12
# The engine sees these by what the server says and by what is on the disk.
SEEN_BY_ITSELF: list[tuple[str, dict[str, Any]]] = [
    ("slow", {"value": 3_000_000}),
    ("stall", {}),
    ("reset", {}),
    ("early_end", {}),
    ("range_ignored", {}),
    ("html_page", {"value": "html"}),
    ("html_page", {"value": "same_length_octet"}),
    ("link_expired", {"value": 403}),
    ("link_expired", {"value": 410}),
    ("link_expired", {"value": "html"}),
    ("wrong_content_range", {"value": "start"}),
    ("wrong_content_range", {"value": "total"}),
    ("not_satisfiable", {}),
    ("length_too_large", {}),
    ("length_too_small", {}),
    ("chunked", {}),
    ("chunked", {"value": "open"}),
    ("connection_close", {}),
    ("gzip_claimed", {}),
    ("changed_file", {"value": "etag"}),
    ("changed_file", {"value": "size"}),
    ("changed_file", {"value": "smaller"}),
    ("server_error", {"call": "cdn", "value": 500}),
    ("server_error", {"call": "cdn", "value": 471}),
    ("rate_limited", {"call": "cdn", "value": 0}),
]
# A server that names a wrong length everywhere is caught by the length that the host promised.
SEEN_BY_SIZE: list[tuple[str, dict[str, Any]]] = [("extra_bytes", {})]
# Wrong bytes under right headers: where they are not seen by what they are compared with, only a checksum can tell.
HIDDEN: list[tuple[str, dict[str, Any]]] = [
    ("wrong_bytes", {"value": 1}),
    ("corrupt", {}),
    ("changed_file", {"value": "bytes"}),
]


@dataclass
class Remembering(File):
    """A file that knows what it was before it changed."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name in ("size", "revision") and hasattr(self, "revision"):
            self.history.append(self.content())

    @property
    def history(self) -> list[Content]:
        history: list[Content] = self.__dict__.setdefault("_history", [])
        return history


@dataclass(frozen=True)
class Verdict:
    """`ended` names how, `problems` what was met on the way; `sent` is in sizes of the file."""

    ended: str
    sent: float
    problems: list[str]


class WrongFile(AssertionError):
    """The one thing that must never happen."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdicts = []
    for seed in range(options.seed, options.seed + options.runs):
        with tempfile.TemporaryDirectory(prefix="flasharr-lies-") as folder:
            try:
                verdicts.append(tell(seed, Path(folder)))
            except WrongFile as wrong:
                print(f"seed {seed}: {wrong}")
                return 1
    for ended, count in Counter(verdict.ended for verdict in verdicts).most_common():
        print(f"{count:5} {ended}, the rest by an honest server" if ended != "finished" else f"{count:5} finished")
    print(f"problems named on the way: {dict(Counter(code for verdict in verdicts for code in verdict.problems))}")
    sent = sorted(verdict.sent for verdict in verdicts)
    print(f"bytes sent, in sizes of the file: median {sent[len(sent) // 2]:.2f}, worst {sent[-1]:.2f}")
    return 0


def tell(seed: int, root: Path) -> Verdict:
    """One file under one set of lies, run again as a user would, then once more with an honest server."""
    dice = random.Random(seed)
    with Simulator() as simulator:
        size = dice.choice([0, 100, 65_537, MIB - 1, 2 * MIB + 1, 3 * MIB, 5 * MIB + 7])
        file = Remembering(CODE, NAME, size, speed=dice.choice([0, 0, 8 * MIB]))
        file.etag, file.last_modified = dice.choice(["none", "strong", "weak"]), dice.random() < 0.5
        file.history.append(file.content())
        simulator.world.add(file)
        is_promised, needs_checksum = dice.random() < 0.6, dice.random() < 0.3
        lies = choose_lies(dice, size, is_promised=is_promised, needs_checksum=needs_checksum)
        for name, options in lies:
            simulator.fault(name, code=CODE, **options)
        told = ", ".join(f"{name}{options}" for name, options in lies)
        connections = dice.choice([1, 2, 3, 4])
        attempt = Attempt(simulator, file, root, dice, connections, is_promised, needs_checksum)
        ended = attempt.run_often()
        simulator.clear_faults()
        simulator.journal.wait_idle()
        attempt.require_nothing_wrong(told)
        if ended != "finished":
            attempt.finish_honestly(told)
        sent = simulator.journal.bytes_sent(CODE) / max(size, MIB)
        return Verdict(ended, sent, attempt.problems)


def choose_lies(
    dice: random.Random, size: int, *, is_promised: bool, needs_checksum: bool
) -> list[tuple[str, dict[str, Any]]]:
    lies = []
    possible = SEEN_BY_ITSELF + (SEEN_BY_SIZE if is_promised or needs_checksum else []) + HIDDEN * needs_checksum
    for name, fixed in dice.choices(possible, k=dice.randint(1, 4)):
        when = {"count": dice.choice([1, 1, 2, 3]), "skip": dice.choice([0, 0, 1, 2, 4])}
        if name in ("stall", "reset", "early_end", "corrupt"):
            when[dice.choice(["at", "after"])] = dice.randrange(size) if size else 0
        lies.append((name, {**fixed, **when, "when": dice.choice(["always", "always", "fresh", "resume"])}))
    return lies


@dataclass
class Attempt:
    simulator: Simulator
    file: Remembering
    root: Path
    dice: random.Random
    connections: int
    is_promised: bool
    needs_checksum: bool
    problems: list[str] = field(default_factory=list)

    def run_often(self) -> str:
        """As a user would: pause now and then, retry what failed. The last problem's code, or `finished`."""
        ended = "paused"
        for _ in range(RUNS_OF_ONE_FILE):
            ended = self.run()
            if ended == "finished":
                break
        return ended

    def run(self) -> str:
        stop = threading.Event()
        pause = threading.Timer(self.dice.uniform(0.02, 0.3), stop.set) if self.dice.random() < 0.3 else None
        if pause:
            pause.start()
        try:
            outcome = self.transfer(stop).run()
        except Problem as problem:
            self.problems.append(problem.code)
            return problem.code
        finally:
            if pause:
                pause.cancel()
        return "finished" if isinstance(outcome, Finished) else "paused"

    def transfer(self, stop: threading.Event) -> Transfer:
        target = Target(self.root, "", NAME, "part1")
        throttle = Throttle(0)
        return Transfer(self.mint, target, requests.Session(), stop=stop, throttle=throttle, limits=LIMITS)

    def mint(self) -> Source:
        checksum = "sha256:" + self.simulator.sha256(CODE) if self.needs_checksum else None
        size = self.file.size if self.is_promised else None
        return Source(self.simulator.direct_url(CODE), NAME, size, {}, self.connections, checksum)

    def require_nothing_wrong(self, told: str) -> None:
        """Every file under a final name is the host's, in one of the states it was in."""
        right = {content.sha256() for content in self.file.history}
        for path in self.root.rglob("*"):
            if path.is_file() and FOLDER not in path.relative_to(self.root).parts:
                with path.open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() not in right:
                        raise WrongFile(f"{path.name} is wrong after: {told}")

    def finish_honestly(self, told: str) -> None:
        outcome = self.transfer(threading.Event()).run()
        if not isinstance(outcome, Finished):
            raise WrongFile(f"ended with {outcome} at an honest server after: {told}")
        self.require_nothing_wrong(told)


if __name__ == "__main__":
    sys.exit(main())
