"""How fast the bytes of one connection come while somebody waits for them."""

from __future__ import annotations

from downloads.engine.errors import TooSlow
from downloads.engine.limits import Limits

MEMORY = 8.0  # seconds of waiting from which on older bytes count half
TELLING = 1.0  # seconds of waiting that are enough to name a speed


class Pace:
    """Only time spent waiting for the server counts: a speed limit or a slow disk let bytes pile up, and those
    that have piled up are had without waiting.

    Written by the thread of the connection; `speed` may be read by others.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._waited, self._came = 0.0, 0  # in the present window, which decides whether this goes on
        self._lately, self._of_late = 0.0, 0.0  # seconds and bytes, those long ago counting less

    @property
    def speed(self) -> float | None:
        """Bytes a second; None while there is too little to tell."""
        waited, came = self._lately, self._of_late
        return came / waited if waited >= TELLING else None

    def note(self, waited: float, count: int, left: int | None, server: str) -> None:
        """`count` bytes came after `waited` seconds, `left` more are promised. Raises TooSlow.

        An end that is as near as what came in the last window is waited for.
        """
        self._lately += waited
        self._of_late += count
        if self._lately > MEMORY:
            self._lately, self._of_late = self._lately / 2, self._of_late / 2
        self._waited += waited
        self._came += count
        if self._waited < self._limits.slow_seconds:
            return
        if self._came < self._limits.slow_bytes and (left is None or left > self._came):
            raise TooSlow(server=server, bytes=self._came, seconds=round(self._waited))
        self._waited, self._came = 0.0, 0
