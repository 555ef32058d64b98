"""How many connections a server lets one transfer have, found out by trying."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable

from downloads.engine.limits import Limits

# What a server answers that has too many connections of ours already.
CROWDED = frozenset({429, 471, 503})


class Width:
    """Fewer after every refusal, one more whenever a pause has passed without another; never more than is allowed.

    `allowed` may be set from any thread: it is what others who use the same server leave.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._pause = limits.regrow
        self._next = math.inf
        self.most = 1
        self._found = 1
        self.allowed = sys.maxsize
        self.refusals = 0

    @property
    def now(self) -> int:
        return max(1, min(self._found, self.allowed))

    def open_to(self, most: int) -> None:
        """What the source allows; nothing changes when that is the same as before."""
        if most != self.most:
            self.most = self._found = max(1, most)
            self._next = math.inf

    def refuse(self, left: int, retry_after: float | None) -> None:
        """A connection beside `left` others was refused."""
        self.refusals += 1
        self._found = max(1, min(self._found - 1, left))
        self._next = self._clock() + max(self._pause, retry_after or 0.0)
        self._pause = min(self._pause * 2, self._limits.regrow_cap)

    def restore(self) -> None:
        """The reason for the refusals is gone."""
        self._found, self._next = self.most, math.inf

    @property
    def seconds_until_next(self) -> float | None:
        """When one more may be tried; None when nothing is held back."""
        return None if math.isinf(self._next) else max(0.0, self._next - self._clock())

    def grow(self) -> bool:
        """Allow one more if its time has come."""
        if self.seconds_until_next != 0.0:
            return False
        self._found = min(self._found + 1, self.most)
        self._next = math.inf if self._found == self.most else self._clock() + self._pause
        return True
