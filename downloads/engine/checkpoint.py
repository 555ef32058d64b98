"""Proving progress on the disk while more of it arrives."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from downloads.engine.disk import FULL
from downloads.engine.limits import Limits
from downloads.engine.partfile import NotOnDisk, PartFile
from downloads.engine.plan import Plan

SHARE = 20  # on a slow line, at least this many times as long between two syncs as one of them takes
SLOWEST = 5.0  # and at most this many times `checkpoint_seconds`


class Checkpoints:
    """Syncs and journals in the background, one window at a time.

    While one window is being synced the next one fills; who finds that full as well waits in `wait`. So at
    most two windows of a segment are ever unproven. The ledger says what belongs to a window.
    """

    def __init__(self, part: PartFile, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._part = part
        self._limits = limits
        self._clock = clock
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkpoint")
        self._running: Future[None] | None = None
        self._loss: NotOnDisk | None = None
        self._when = clock()
        self._took = 0.0

    def is_due(self, unsaved: int) -> bool:
        """`unsaved` bytes of one segment are in no window yet."""
        if unsaved >= self._limits.checkpoint_bytes:
            return True
        if not unsaved or not (self._running is None or self._running.done()):
            return False
        usual = self._limits.checkpoint_seconds
        return self._clock() - self._when >= min(max(usual, SHARE * self._took), SLOWEST * usual)

    def wait(self) -> None:
        """Until the window before is proven. Raises the OSError of its sync, and of every sync that failed before."""
        running, self._running = self._running, None
        try:
            if running is not None:
                running.result()
        except NotOnDisk as loss:
            self._loss = loss
            raise
        if self._loss is not None:  # a second sync would succeed without the bytes being there
            raise self._loss

    def submit(self, snapshot: Plan) -> None:
        """Begin to prove this; `wait` comes first."""
        self._when = self._clock()
        self._running = self._worker.submit(self._prove, snapshot)

    def finish(self, last: Plan) -> None:
        """`last` is proven when this returns, and the thread is gone. Raises OSError; then it may not be."""
        self._worker.shutdown(wait=True)
        try:
            self.wait()
        except OSError as error:
            if isinstance(error, NotOnDisk) or error.errno not in FULL:
                raise
        if last.written != self._part.record.plan.written or last.size != self._part.record.plan.size:
            self._part.checkpoint(last)

    def _prove(self, snapshot: Plan) -> None:
        began = self._clock()
        self._part.checkpoint(snapshot)
        self._took = self._clock() - began
