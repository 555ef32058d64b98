"""A transfer against the simulator, set up in a line and asked about in another."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests

from downloads.engine.limits import Limits
from downloads.engine.partfile import FOLDER
from downloads.engine.transfer import Finished, Stopped, Target, Throttle, Transfer
from flasharr.simulator import Simulator
from hosts.base import Problem, Source

CODE = "FILE00000001"
NAME = "film.mkv"
SIZE = 3_000_000
QUICK = Limits(tick=0.05, checkpoint_seconds=0.05, retry_base=0.01, retry_cap=1.0)
IMPATIENT = replace(QUICK, connect=3, answer=2, stall=0.4)  # for servers that are silent; busy machines are so too


class Held(Throttle):
    """No connection gets on before the condition holds: what a test is about must not depend on who is faster."""

    def __init__(self, condition: Callable[[], object]) -> None:
        super().__init__()
        self.condition = condition

    def take(self, count: int, stop: threading.Event) -> None:
        wait_until(lambda: stop.is_set() or self.condition())


class Together(Held):
    """Nor before so many of them have bytes."""

    def __init__(self, connections: int) -> None:
        super().__init__(lambda: len(self.met) >= connections)
        self.met: set[threading.Thread] = set()

    def take(self, count: int, stop: threading.Event) -> None:
        self.met.add(threading.current_thread())
        super().take(count, stop)


class PauseAt(Together):
    """Presses pause at a byte and not at a time, so that a slow machine pauses there too."""

    def __init__(self, count: int, button: threading.Event, connections: int) -> None:
        super().__init__(connections)
        self.count = count
        self.button = button
        self.transfer: Transfer | None = None

    def watch(self, transfer: Transfer) -> Transfer:
        self.transfer = transfer
        return transfer

    def take(self, count: int, stop: threading.Event) -> None:
        super().take(count, stop)
        assert self.transfer
        if self.transfer.progress.downloaded + count >= self.count:
            self.button.set()


@dataclass
class Bench:
    """One file, one target, any number of runs."""

    simulator: Simulator
    root: Path
    size: int | None = SIZE  # what the host promises
    name: str = NAME
    directory: str = ""
    part_id: str = "part1"
    checksum: str | None = None
    connections: int = 1
    limits: Limits = QUICK
    mints: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    transfer: Transfer | None = None
    http: Callable[[], requests.Session] = requests.Session
    file_mode: int = 0o664
    folder_mode: int = 0o775

    @property
    def url(self) -> str:
        return f"{self.simulator.url}/cdn/file/{CODE}/{NAME}"

    def mint(self) -> Source:
        self.mints += 1
        return Source(self.url, NAME, self.size, checksum=self.checksum, max_connections=self.connections)

    def prepare(self, throttle: Throttle | None = None) -> Transfer:
        target = Target(self.root, self.directory, self.name, self.part_id, self.file_mode, self.folder_mode)
        self.transfer = Transfer(self.mint, target, self.http(), stop=self.stop, throttle=throttle, limits=self.limits)
        return self.transfer

    def run(self, throttle: Throttle | None = None) -> Finished | Stopped:
        return self.prepare(throttle).run()

    def finished(self, throttle: Throttle | None = None) -> Finished:
        outcome = self.run(throttle)
        assert isinstance(outcome, Finished), outcome
        return outcome

    def problem(self) -> Problem:
        """The problem that a run ends with; nothing may have got a final name."""
        try:
            outcome = self.run()
        except Problem as problem:
            assert self.final_names() == []
            return problem
        raise AssertionError(f"ended with {outcome}")

    def run_until(self, count: int, connections: int = 1) -> Stopped:
        """Stop the run once at least `count` bytes are there, as a pause does, and so many connections brought some."""
        self.limits = replace(self.limits, buffer=64 * 1024)
        pause = PauseAt(count, self.stop, connections)
        outcome = pause.watch(self.prepare(pause)).run()
        self.stop.clear()
        assert isinstance(outcome, Stopped), outcome
        return outcome

    def final_names(self) -> list[str]:
        """Everything below the root that is not ours, relative to it."""
        everything = (path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file())
        return sorted(str(path) for path in everything if path.parts[0] != FOLDER)

    def kept(self) -> list[str]:
        """Names in the part folder."""
        return sorted(path.name for path in (self.root / FOLDER).iterdir())

    def sent(self) -> int:
        """Bytes that the simulator has sent for the file."""
        return self.simulator.journal.bytes_sent(CODE)

    def requests(self) -> list[Any]:
        return [request for request in self.simulator.journal if request.part == "cdn"]

    def is_right(self, finished: Finished) -> bool:
        return sha256(finished.path) == self.simulator.world.files[CODE].content().sha256()


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def wait_until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Not a measure of speed: it ends a test that would hang."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen in time")
        time.sleep(0.005)
