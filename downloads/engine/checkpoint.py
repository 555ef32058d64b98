"""Proving progress on the disk while more of it arrives."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from downloads.engine.limits import Limits
from downloads.engine.partfile import PartFile
from downloads.engine.plan import Plan


class Checkpoints:
    """Syncs and journals in the background, one window at a time.

    While one window is being synced the next one fills; when that is full too, receiving waits. So at most
    two windows are ever unproven.
    """

    def __init__(self, part: PartFile, plan: Plan, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._part = part
        self._plan = plan
        self._limits = limits
        self._clock = clock
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkpoint")
        self._running: Future[None] | None = None
        self._saved = plan.written
        self._when = clock()

    def after(self, written: int) -> None:
        """Called after every write with all bytes written so far. Raises OSError of a sync that failed."""
        unsaved = written - self._saved
        if unsaved >= self._limits.checkpoint_bytes or (
            unsaved and self._clock() - self._when >= self._limits.checkpoint_seconds and self._is_idle()
        ):
            self._wait()
            self._saved = written
            self._when = self._clock()
            self._running = self._worker.submit(self._part.checkpoint, self._plan.snapshot())

    def finish(self) -> None:
        """Everything written so far is proven when this returns, and the thread is gone. Raises OSError."""
        self._worker.shutdown(wait=True)
        self._wait()
        if self._plan.written != self._saved:
            self._part.checkpoint(self._plan.snapshot())

    def _is_idle(self) -> bool:
        return self._running is None or self._running.done()

    def _wait(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.result()
