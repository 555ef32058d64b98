"""Connections to each server, shared by all transfers that use the same account there. PURE.

A server that refuses one gets fewer for a while and more again later, as within a single transfer (engine/width.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from downloads.engine.limits import Limits
from downloads.engine.width import Width

Quota = tuple[str, int | None]
"""What a connection counts against: a server, and the account there, None where none is needed."""


def shares(total: int, transfers: int) -> list[int]:
    """`total` connections for so many transfers, oldest first: 5 for 3 are 2, 2 and 1. None gets less than one."""
    if transfers < 1:
        return []
    each, rest = divmod(total, transfers)
    return [max(1, each + (place < rest)) for place in range(transfers)]


class Capacity:
    """How many connections each server has for us now, for each account of ours."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, limits: Limits = Limits()) -> None:  # noqa: B008
        self._clock, self._limits = clock, limits
        self._widths: dict[Quota, Width] = {}

    def of(self, quota: Quota, allowed: int) -> int:
        """`allowed` is what the host or the user permits; refusals may leave less of it for now."""
        width = self._widths.get(quota)
        if width is None:
            width = self._widths[quota] = Width(self._limits, self._clock)
        width.open_to(allowed)
        width.grow()
        return width.now

    def refused(self, quota: Quota, left: int, retry_after: float | None = None) -> None:
        """A connection beside `left` others was refused."""
        if width := self._widths.get(quota):
            width.refuse(max(1, left), retry_after)

    def forget(self, kept: set[Quota]) -> None:
        """Keep only those in use, and those that were refused: their pause is not over because a transfer is."""
        for quota in self._widths.keys() - kept:
            self._widths[quota].grow()
            if self._widths[quota].seconds_until_next is None:
                del self._widths[quota]
