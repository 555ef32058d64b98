"""Real time plus what a test has skipped, or a time that only a test moves."""

from __future__ import annotations

import threading
import time


class Clock:
    """`start` stops the clock at that second since the epoch: it then moves only when it is advanced."""

    def __init__(self, start: float | None = None) -> None:
        self._lock = threading.Lock()
        self._start = start
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        with self._lock:
            return (time.time() if self._start is None else self._start) + self._ahead

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._ahead += seconds
