"""Proving progress on the disk while more of it arrives."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from downloads.engine.disk import FULL
from downloads.engine.limits import Limits
from downloads.engine.partfile import NotOnDisk, PartFile
from downloads.engine.plan import Plan

ROOM = 64 * 1024  # bytes of the file given up for a journal of a few hundred, in whole blocks of any file system


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
        self._is_lost = False
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
        try:
            self._wait()
        except OSError as error:
            if not lacks_room(error):
                raise
            self._saved = -1
        if not self._is_lost and self._plan.written != self._saved:
            self._save_last()

    def _save_last(self) -> None:
        """On a disk so full that even the journal has no room, the last bytes make it."""
        try:
            self._part.checkpoint(self._plan.snapshot())
        except OSError as error:
            if not lacks_room(error):
                raise
            self._plan.segments[-1].give_up(ROOM)
            self._part.shorten(self._plan.segments[-1].position)
            self._part.checkpoint(self._plan.snapshot())

    def _is_idle(self) -> bool:
        return self._running is None or self._running.done()

    def _wait(self) -> None:
        running, self._running = self._running, None
        try:
            if running is not None:
                running.result()
        except NotOnDisk:
            self._is_lost = True  # a second sync would succeed without the bytes being there
            raise


def lacks_room(error: OSError) -> bool:
    """Whether the bytes are safe and only the journal found no room."""
    return error.errno in FULL and not isinstance(error, NotOnDisk)
