"""A speed limit shared by any number of threads, changeable while they run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from downloads.engine.bucket import Bucket, Flow, largest_piece

SLICE = 0.2  # seconds; how soon a sleeping reader notices a new rate


class Throttle:
    """One transfer's limit below (`above`) the limit that it shares with others; either may be 0, which is none.

    Whoever shares a limit gets the same part of it, however many connections it has and however much it asks
    for at once; what one does not use goes to the others.
    """

    def __init__(
        self, rate: int = 0, *, above: Throttle | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._above = above
        self._lock = threading.Lock()
        self._bucket = Bucket(rate, clock())
        self._own = Flow()
        self._flow = Flow()  # all that goes through here, as `above` sees it

    @property
    def rate(self) -> int:
        return self._bucket.rate

    @rate.setter
    def rate(self, rate: int) -> None:
        with self._lock:
            self._bucket.turn(rate, self._clock())

    def take(self, count: int, stop: threading.Event) -> None:
        """Wait until `count` bytes may pass; returns early when `stop` is set."""
        self._pass(self._own, count, stop)
        if self._above is not None:
            self._above._pass(self._flow, count, stop)

    def portion(self, largest: int) -> int:
        """How many bytes to read at once, so that a slow limit still moves evenly."""
        if self._above is not None:
            largest = self._above.portion(largest)
        return min(largest, largest_piece(self.rate)) if self.rate else largest

    def _pass(self, flow: Flow, count: int, stop: threading.Event) -> None:
        if not self._bucket.rate:
            return
        with self._lock:
            piece = self._bucket.ask(flow, count, self._clock())
            pause = self._bucket.seconds_until(piece)
        while pause > 0 and not stop.wait(min(pause, SLICE)):
            with self._lock:
                self._bucket.run(self._clock())
                pause = self._bucket.seconds_until(piece)
        if pause > 0:
            with self._lock:
                self._bucket.withdraw(piece)
