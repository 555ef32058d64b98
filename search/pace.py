"""At most so many requests a second, however many threads ask. PURE."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Lock


class Pace:
    """`wait` lets `most` callers through in any `seconds`, and the others as soon as there is room."""

    def __init__(
        self,
        most: int,
        seconds: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._seconds, self._clock, self._sleep = seconds, clock, sleep
        self._lock = Lock()
        self._starts: deque[float] = deque(maxlen=most)

    def wait(self) -> None:
        with self._lock:
            now = self._clock()
            start = now if len(self._starts) < (self._starts.maxlen or 1) else max(now, self._starts[0] + self._seconds)
            self._starts.append(start)
        if start > now:
            self._sleep(start - now)
