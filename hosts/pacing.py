"""An interval between requests to one server, kept among threads and processes. PURE.

A file for each server holds the moment that the latest request was due, on the clock that runs since the machine
started; whoever asks next takes a later one under a lock and sleeps until then. A holder that dies holds nothing up.
"""

from __future__ import annotations

import fcntl
import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

JITTER = 0.2  # up to this part of the interval on top of it, so that requests form no beat
WIDTH = 24
LONGEST_QUEUE = 120.0  # seconds; a moment further ahead was left by another start of the machine

Pace = Callable[[str], None]


def at_once(server: str) -> None:
    """The pace of those who need none."""


class Pacer:
    """Called before a request to `server`, it returns when the request may go. `interval` in seconds, 0 for none.

    After a silence `burst` requests may go at once; over a longer time there is one in each interval all the same.
    """

    def __init__(
        self,
        folder: Path,
        interval: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        burst: int = 1,
    ) -> None:
        self._folder, self._interval, self._ahead = folder, interval, (burst - 1) * interval
        self._clock, self._sleep, self._chance = clock, sleep, chance

    def __call__(self, server: str) -> None:
        if self._interval <= 0:
            return
        wait = self._moment(server) - self._clock()
        if wait > 0:
            self._sleep(wait)

    def _moment(self, server: str) -> float:
        """Take the next free moment: at the earliest now. What is due within the burst may go now."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"pace-{re.sub(r'[^a-z0-9.-]', '_', server.lower())}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            now = self._clock()
            latest = _number(os.pread(descriptor, 64, 0))
            earliest = latest + self._interval * (1 + JITTER * self._chance())
            due = earliest if now < earliest <= now + LONGEST_QUEUE else now
            # As wide as any number before it: some file systems write a file that was truncated to the disk at once.
            os.pwrite(descriptor, f"{due:<{WIDTH}.6f}".encode(), 0)
            return max(now, due - self._ahead)
        finally:
            os.close(descriptor)  # which also lets go of the lock


def _number(written: bytes) -> float:
    try:
        return float(written)
    except ValueError:  # a new file, or one that was cut off
        return float("-inf")
