"""A speed limit shared by any number of threads, changeable while they run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

SLICE = 0.2  # seconds; how soon a sleeping reader notices a new rate
BURST = 0.1  # seconds of rate that an idle line may save up


class Throttle:
    """A token bucket that serves in order of asking, which makes it fair.

    Every `take` draws a ticket for its bytes; a ticket is due when as many bytes have been granted. Granted
    bytes grow with time at `rate` bytes per second; 0 is unlimited.
    """

    def __init__(self, rate: int = 0, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._rate = rate
        self._asked = 0.0
        self._granted = 0.0
        self._seen = clock()

    @property
    def rate(self) -> int:
        return self._rate

    @rate.setter
    def rate(self, rate: int) -> None:
        with self._lock:
            self._grant()
            self._rate = rate

    def take(self, count: int, stop: threading.Event) -> None:
        """Wait until `count` bytes may pass; returns early when `stop` is set."""
        if not self._rate:
            return
        with self._lock:
            self._grant()
            self._asked += count
            ticket = self._asked
        while (pause := self._until_due(ticket)) > 0 and not stop.wait(min(pause, SLICE)):
            pass

    def portion(self, largest: int) -> int:
        """How many bytes to read at once so that a slow limit still moves about ten times a second."""
        return min(largest, max(4096, self._rate // 10)) if self._rate else largest

    def _until_due(self, ticket: float) -> float:
        with self._lock:
            self._grant()
            return (ticket - self._granted) / self._rate if self._rate else 0.0

    def _grant(self) -> None:
        now = self._clock()
        earned = (now - self._seen) * self._rate if self._rate else self._asked - self._granted
        self._seen = now
        self._granted = min(self._granted + earned, self._asked + self._rate * BURST)
