"""Which downloads run now. `tick` is the whole of it: keep the lease, read what the transfers did, start more.

Everything else that changes rows does so behind its back (a click, a command, another process), so each tick
looks at the rows afresh and owns nothing but its threads.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from downloads import clock, crowds, lease, outcomes, queries, reports, room, slots, timetable, usage
from downloads.capacity import Capacity
from downloads.engine.throttle import Throttle
from downloads.engine.transfer import Stage, Stopped
from downloads.line import Line
from downloads.models import Download, Preferences
from downloads.reports import Measured
from downloads.running import Running, Unexpected
from downloads.states import RUNNING, Reason, Status
from downloads.watchdog import Watchdog
from hosts import allowance
from hosts.cooldowns import KeptBreaker

log = logging.getLogger(__name__)

TICK = 0.5
WRITE_EVERY = 1.0
IDLE_TICKS = 4
PUT_DOWN_WITHIN = 2.5
LOOK_FOR_ROOM_EVERY = 5.0
PATIENCE = 60.0  # with a database that cannot be asked
OUT_OF_REACH = (OperationalError, InterfaceError)


class Orchestrator:
    """Drains the queue while it holds the lease. `now` and `start` are arguments so that tests can turn them."""

    def __init__(
        self,
        start: Callable[[Download, Throttle], Running] = Running,
        now: Callable[[], datetime] = timezone.now,
        breaker: KeptBreaker | None = None,
    ) -> None:
        self.name = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        self.start = start
        self.now = now
        self.running: dict[int, Running] = {}
        self.throttle = Throttle(0)
        self.tally = usage.Tally()
        self.breaker = breaker or KeptBreaker(time.monotonic)
        self.capacity = Capacity()
        self.allowed: dict[str, int] = {}
        self.crowds: dict[str, tuple[Download, Reason]] = {}
        self.refusals: dict[int, int] = {}
        self.told_room: dict[str, int] = {}
        self.watchdog = Watchdog()
        self.line = Line()
        self.stopping = threading.Event()
        self.written_at = self.room_looked_at = 0.0
        self.in_trouble_since: float | None = None
        self.recovered = False

    def run(self) -> None:
        """Work until there is nothing to do or somebody asks to stop. Ends at once when another engine is alive."""
        if not lease.take(self.name):
            return
        idle = 0
        try:
            while not self.stopping.is_set():
                if not self.patient_tick():
                    break
                idle = 0 if self.running else idle + 1
                if idle >= IDLE_TICKS and lease.give_back(self.name, only_if_idle=True):
                    return
                self.stopping.wait(TICK)
        finally:
            self.put_down()

    def patient_tick(self) -> bool:
        """A tick. A database that is busy or away stops no transfer: it is asked again, for a while.

        What the broken tick has not written the next one does; raises the error in the end.
        """
        try:
            goes_on = self.tick()
        except OUT_OF_REACH as error:
            now = time.monotonic()
            self.in_trouble_since = self.in_trouble_since or now
            if now - self.in_trouble_since > PATIENCE:
                raise
            log.warning("The database cannot be asked now: %s", error)
            connection.close()
            return True
        self.in_trouble_since = None
        return goes_on

    def tick(self) -> bool:
        """One round. False when the lease is lost or a stop was asked for."""
        if not self.recovered:
            self.take_over()
        self.breaker.look()
        self.allowed = allowance.connections()
        preferences = Preferences.current()
        clock.follow(preferences)  # days of traffic are counted by it
        hour = timetable.allowed(preferences, self.now())
        self.throttle.rate = hour.rate
        self.reap()
        self.observe()
        self.leave_stuck()
        if self.watchdog.wants_new_process(self.running):
            return False
        if not self.write_progress():
            return False
        self.wake()
        crowds.watch(self)
        self.line.look(self)
        if hour.is_paused:
            self.rest(preferences)
        else:
            slots.fill(self, preferences.max_active)
        crowds.share(self)
        return True

    def take_over(self) -> None:
        """What an engine before this one left: its receipts and rows, its hosts' pauses, and what it told the queue."""
        for row in reports.finished_by_others(self.name):
            outcomes.drop_receipt(row)
        reports.recover(self.name)
        self.breaker.load()
        crowds.recall(self)
        self.line.take_over()
        self.recovered = True

    def rest(self, preferences: Preferences) -> None:
        """What runs stops at a safe point, and all that is queued waits for the hour in which it may go on."""
        for running in self.running.values():
            running.stop.set()
        queued = queries.live().filter(status=Status.QUEUED)
        if queued.exists():
            reports.hold(queued, timetable.reason(preferences, self.now()))

    def wake(self) -> None:
        """Queue what may go on: its time has come, or there is room for it again."""
        reports.wake_due(self.now())
        if time.monotonic() - self.room_looked_at >= LOOK_FOR_ROOM_EVERY:
            self.room_looked_at = time.monotonic()
            room.wake(self.at_work(), self.told_room)

    def reap(self) -> None:
        """Write down what ended."""
        for pk, running in list(self.running.items()):
            if running.thread.is_alive():
                continue
            self.advance(pk, running)
            running.outcome = running.outcome or Unexpected(detail="its thread died")
            if isinstance(running.outcome, Stopped):
                running.outcome = self.watchdog.problem(pk) or running.outcome
            try:
                outcomes.settle(self, pk, running)
            except OUT_OF_REACH:
                raise
            except Exception as error:
                log.exception("The outcome of download %s cannot be written", pk)
                slots.put_off(self, running.download, Unexpected(detail=type(error).__name__))
            self.forget(pk)

    def forget(self, pk: int) -> None:
        """Only after its outcome is written: what breaks off before that is done again."""
        del self.running[pk]
        self.refusals.pop(pk, None)

    def leave_stuck(self) -> None:
        """Give up transfers that no timeout ends: their rows are tried again, their threads end with the process."""
        for pk in self.watchdog.look(self.running, is_limited=bool(self.throttle.rate)):
            running = self.running[pk]
            log.error("Download %s hangs and is left behind", pk)
            running.outcome = self.watchdog.problem(pk)
            self.watchdog.leave(running)
            self.forget(pk)
            outcomes.settle(self, pk, running)

    def observe(self) -> None:
        """Stop the transfers whose rows were paused, removed or taken away; the others go at their rows' speed.

        A row that is said to run here and does not (its thread could not be started) is queued again.
        """
        mine = queries.live().filter(engine=self.name, status__in=RUNNING)
        limits = dict(mine.values_list("pk", "speed_limit"))
        for pk in limits.keys() - self.running.keys():
            reports.release(self.name, pk)
        for pk, running in self.running.items():
            if pk in limits:
                running.throttle.rate = limits[pk]
            else:
                running.stop.set()

    def write_progress(self) -> bool:
        """Renew the lease, and write every transfer's stage and progress, at most once a second."""
        if time.monotonic() - self.written_at < WRITE_EVERY:
            return True
        self.written_at = time.monotonic()
        measured = []
        for pk, running in self.running.items():
            self.advance(pk, running)
            downloaded = running.progress.downloaded
            measured.append(Measured(pk, downloaded, running.meter.read(downloaded)))
        if any(one.speed for one in measured):
            self.line.arrived(self)
        kept = lease.beat(self.name, sum(one.speed for one in measured))
        if kept:
            reports.measure(self.name, measured, self.tally.take(self.running))
        return kept

    def advance(self, pk: int, running: Running) -> None:
        """Bring the row to the stage that the transfer has reached."""
        progress = running.progress
        if running.download.status == Status.RESOLVING and progress.stage != Stage.RESOLVING:
            reports.start(pk, self.name, progress.name, progress.size)
            running.download.status = Status.DOWNLOADING
        if running.download.status == Status.DOWNLOADING and progress.stage == Stage.VERIFYING:
            reports.verify(pk, self.name)
            running.download.status = Status.VERIFYING

    def cooling(self, server: str) -> Reason | None:
        """Why a server that failed again and again is left alone for now."""
        opened = self.breaker.open_because(server)
        if opened is None:
            return None
        until, problem = opened
        return Reason.of(problem, self.now() + timedelta(seconds=max(0.0, until - time.monotonic())))

    def at_work(self) -> list[tuple[Download, int | None]]:
        """The rows that run, with the sizes that they know by now."""
        return [(one.download, one.progress.size) for one in self.running.values()]

    def put_down(self) -> None:
        """Stop every transfer at a safe point and give the rows and the lease back."""
        for running in self.running.values():
            running.stop.set()
        deadline = time.monotonic() + PUT_DOWN_WITHIN
        for running in self.running.values():
            running.thread.join(max(0.0, deadline - time.monotonic()))
        for pk, running in self.running.items():
            if running.thread.is_alive():
                log.warning("Download %s did not stop in time; its part file is safe", pk)
                reports.release(self.name, pk)
            else:
                outcomes.settle(self, pk, running)
        self.running.clear()
        lease.give_back(self.name, only_if_idle=False)
