"""Who fetches which range, how much of each is written, and when that is to be proven.

Shared by all connections of a transfer. A segment has one writer at a time; the writer alone counts it up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from downloads.engine import space
from downloads.engine.checkpoint import Checkpoints
from downloads.engine.limits import Limits
from downloads.engine.partfile import PartFile
from downloads.engine.plan import Plan, Segment

WORTHWHILE = 0.1  # seconds of work that a further connection is opened for at least


class Gauge(Protocol):
    """What is kept up to date for others to read."""

    size: int | None
    downloaded: int
    received: int


@dataclass(eq=False, slots=True)
class Claim:
    """A segment and its writer's start, from which the writer's speed is known."""

    segment: Segment
    began: float
    first: int


class Ledger:
    """`plan` is the live one: it grows with every write. None: nothing is on the disk yet."""

    def __init__(
        self,
        part: PartFile,
        plan: Plan | None,
        gauge: Gauge,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.plan = plan
        self._part = part
        self._gauge = gauge
        self._limits = limits
        self._clock = clock
        self._changed = threading.Condition()
        self._turn = threading.Lock()
        self._claims: list[Claim] = []
        self._saved = {id(segment): segment.written for segment in plan.segments} if plan else {}
        self._checkpoints = Checkpoints(part, limits, clock)

    @property
    def is_complete(self) -> bool:
        return self.plan is not None and self.plan.is_complete

    @property
    def connections(self) -> int:
        return len(self._claims)

    def begin(self, plan: Plan) -> None:
        with self._changed:
            self.plan = plan
            self._saved.clear()
            self._gauge.size, self._gauge.downloaded = plan.size, plan.written

    def learn_size(self, size: int) -> None:
        """The server has said how long the file is."""
        with self._changed:
            assert self.plan is not None
            self.plan.learn_size(size)
            self._gauge.size = size

    def take(self) -> Segment | None:
        """A segment that nobody fetches, else half of what the busiest connection still has before it."""
        with self._changed:
            if self.plan is None:
                return None
            segment = self._free() or self._half()
            return None if segment is None else self._claim(segment)

    def take_all(self) -> None:
        """One connection fetches everything from here on; the others have ended."""
        with self._changed:
            self._claims.clear()
            for segment in self.plan.segments if self.plan else ():
                self._claim(segment)

    def release(self, segment: Segment | None) -> None:
        """Let others have a segment; None: all of them."""
        with self._changed:
            self._claims = [claim for claim in self._claims if segment and claim.segment is not segment]
            self._changed.notify_all()

    def advance(self, segment: Segment, count: int) -> None:
        """`count` more bytes are written. Waits when too many are unproven; raises OSError of a sync that failed."""
        with self._changed:
            segment.written += count
            self._gauge.downloaded += count
            self._gauge.received += count
            self._changed.notify_all()
            unsaved = segment.written - self._saved.get(id(segment), 0)
        if self._checkpoints.is_due(unsaved):
            self._checkpoint(segment)

    def absorb_next(self, segment: Segment) -> bool:
        """Whether the segment goes on into the next one, of which nothing is there and which nobody fetches."""
        with self._changed:
            later = self.plan.after(segment) if self.plan else None
            if self.plan is None or later is None or later.written or self._is_claimed(later):
                return False
            self.plan.absorb(segment, later)
            return True

    def after(self, segment: Segment) -> Segment | None:
        """The segment that begins where this one ends."""
        with self._changed:
            return self.plan.after(segment) if self.plan else None

    def neighbour(self, segment: Segment, enough: int, seconds: float) -> tuple[int, bool]:
        """How many bytes are there right behind the segment, up to `enough`, and whether more are on their way.

        Waits at most `seconds` for them.
        """
        with self._changed:
            later = self.plan.after(segment) if self.plan else None
            if later is None:
                return 0, False
            found = later
            self._changed.wait_for(lambda: found.written >= enough or not self._is_claimed(found), seconds)
            return min(found.written, enough), found.written < enough and self._is_claimed(found)

    def finish(self) -> None:
        """Everything written so far is proven when this returns. Raises OSError."""
        if self.plan is not None:
            self._checkpoints.finish(self.plan.snapshot())

    def _checkpoint(self, segment: Segment) -> None:
        with self._turn:  # whoever else has a full window waits here
            if not self._checkpoints.is_due(segment.written - self._saved.get(id(segment), 0)):
                return  # the window of another segment took this one's bytes along
            self._checkpoints.wait()
            self._require_room()
            with self._changed:
                assert self.plan is not None
                snapshot = self.plan.snapshot()
                self._saved = {id(part): part.written for part in self.plan.segments}
            self._checkpoints.submit(snapshot)

    def _require_room(self) -> None:
        """A body without an announced end must not fill the disk to its last byte. Raises DiskFull."""
        assert self.plan is not None
        space.require_room(self._part.path, self.plan.size, self._part.allocated, self._limits.reserve)

    def _free(self) -> Segment | None:
        assert self.plan is not None
        waiting = (part for part in self.plan.segments if not part.is_complete and not self._is_claimed(part))
        return next(waiting, None)

    def _half(self) -> Segment | None:
        assert self.plan is not None
        if not self._claims:
            return None
        claim = max(self._claims, key=lambda claim: claim.segment.missing)
        elapsed = max(self._clock() - claim.began, 0.001)
        speed = (claim.segment.position - claim.first) / elapsed
        return self.plan.split(claim.segment, max(self._limits.smallest_split, round(speed * WORTHWHILE)))

    def _claim(self, segment: Segment) -> Segment:
        self._claims.append(Claim(segment, self._clock(), segment.position))
        return segment

    def _is_claimed(self, segment: Segment) -> bool:
        return any(claim.segment is segment for claim in self._claims)
