"""The net below all timeouts: a transfer that no longer gives a sign of life is noticed and left behind.

Whatever a transfer waits for, it looks at its stop event several times a second, except in calls that end by their
own timeouts. One that has not looked for minutes hangs where nothing ends it: in a lock, in a name server's library, on
a disk that does not answer. And one that looks all the time but brings nothing for very long goes in circles.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from downloads.engine.transfer import Stage
from hosts.base import Cure, Problem, gettext_noop

if TYPE_CHECKING:
    from downloads.running import Running

SILENT = 300.0  # seconds without a sign of life while bytes should come
# Seconds without a byte; all the engine's own attempts together take about a third of it. Also for a slow disk to sync.
FRUITLESS = 1800.0
GRACE = 10.0  # for a transfer that was told to stop because it seemed stuck
LEAVE_AFTER = 60.0  # how long other transfers keep a process alive that has a thread nobody can end


class Stuck(Problem):
    code = "stuck"
    cure = Cure.RETRY
    sentence = gettext_noop(
        "Nothing moved for {minutes} minutes and no reason was given. It goes on from what is on the disk."
    )


class Pulse(threading.Event):
    """An event that remembers when it was last looked at."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self.looked_at = clock()

    def is_set(self) -> bool:
        self.looked_at = self._clock()
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        self.looked_at = self._clock()
        return super().wait(timeout)


class Watchdog:
    """Looks at every running transfer once a tick."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.moved: dict[int, tuple[tuple[Stage, int], float]] = {}
        self.suspects: dict[int, float] = {}
        self.left_behind: list[tuple[Running, float]] = []

    def look(self, running: dict[int, Running], *, is_limited: bool) -> list[int]:
        """The rows whose transfers have to be left behind now. `is_limited`: bytes may be rare because we say so."""
        now = self.clock()
        self.moved = {pk: it for pk, it in self.moved.items() if pk in running}
        self.suspects = {pk: since for pk, since in self.suspects.items() if pk in running}
        for pk, one in running.items():
            place = (one.progress.stage, one.progress.downloaded)
            if self.moved.get(pk, (None, 0.0))[0] != place:
                self.moved[pk] = place, now
            checks = place[0] == Stage.VERIFYING
            quiet = 0.0 if is_limited or one.throttle.rate or checks else now - self.moved[pk][1]
            if now - one.stop.looked_at > (FRUITLESS if checks else SILENT) or quiet > FRUITLESS:
                self.suspects.setdefault(pk, now)
                one.stop.set()
        return [pk for pk, since in self.suspects.items() if now - since > GRACE]

    def leave(self, one: Running) -> None:
        """Its thread may live on: it holds its part file's claim, so nobody else writes there while it does."""
        self.left_behind.append((one, self.clock()))

    def holds(self) -> list[int]:
        """Rows that cannot be begun in this process, because a thread that was left behind still has their parts."""
        self.left_behind = [(one, since) for one, since in self.left_behind if one.thread.is_alive()]
        return [one.download.pk for one, _ in self.left_behind]

    def wants_new_process(self, running: dict[int, Running]) -> bool:
        """A thread that cannot be ended ends with its process: at once when nothing else runs there, else soon."""
        self.holds()
        return any(not running or self.clock() - since > LEAVE_AFTER for _, since in self.left_behind)

    def problem(self, pk: int) -> Stuck | None:
        """Why a transfer that was told to stop had to."""
        return Stuck(minutes=round(SILENT / 60)) if pk in self.suspects else None
