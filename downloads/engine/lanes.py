"""All connections of one transfer: the first proves that the file is still the one, then others join it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from downloads.engine.errors import AddressExpired, NetworkProblem, NotTheFile
from downloads.engine.fetch import Fetch
from downloads.engine.ledger import Ledger
from downloads.engine.opening import Interrupted
from downloads.engine.pace import Pace
from downloads.engine.plan import Segment
from downloads.engine.tools import Halt, Tools
from downloads.engine.width import Width
from hosts.base import Problem, Source

# What one connection may end with while others go on.
BEARABLE = (NetworkProblem, AddressExpired, NotTheFile)
CURED_BY_ADDRESS = (AddressExpired, NotTheFile)
CRAWLING = 8  # times slower than the quickest of its siblings has been
RELIEVED = 3  # crawling connections that one round replaces at most
LOOK = 1.0  # seconds between two looks for them


@dataclass(eq=False)
class Lane:
    segment: Segment | None
    source: Source
    before: int  # bytes of the segment that were there already
    halt: Halt
    began: float
    pace: Pace
    has_agreed: bool = False
    is_dismissed: bool = False  # others need its connection more
    thread: threading.Thread = field(init=False)

    def average(self, now: float) -> float:
        """Bytes a second over its whole life, so at least what the server can do; 0 before it has brought any."""
        return (self.segment.written - self.before) / max(now - self.began, 0.001) if self.segment else 0.0


@dataclass(frozen=True)
class Event:
    """`error` None: `lane` has an answer that fits, or (`is_over`) has fetched what it asked for."""

    lane: Lane
    is_over: bool
    error: BaseException | None = None
    can_share: bool = True


class Lanes:
    """`renew` mints another address in the calling thread."""

    def __init__(self, tools: Tools, ledger: Ledger, source: Source, width: Width, renew: Callable[[], Source]) -> None:
        self._tools = tools
        self._ledger = ledger
        self._source = source
        self._width = width
        self._renew = renew
        self._halt = Halt(tools.stop)
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._active: list[Lane] = []
        self._can_share = False
        self._address_ended = False
        self._best = 0.0  # bytes a second of the quickest connection so far
        self._relieved = 0

    def run(self, *, use_ranges: bool) -> None:
        """Until every byte is written. Raises what the last connection ended with, or what none can bear.

        Problem, OSError (the disk's) or Interrupted; no connection is left when it does.
        """
        self._use_ranges = use_ranges
        try:
            self._start(self._ledger.take())
            while self._active:
                if (event := self._next()) is not None:
                    self._note(event)
                self._fill_up()
        finally:
            self._halt.set()
            while self._active:
                if (event := self._events.get()) is not None:
                    self._end(event)

    def look_again(self) -> None:
        """From any thread: what is allowed has changed."""
        self._events.put(None)

    @property
    def connections(self) -> int:
        return len(self._active)

    def _next(self) -> Event | None:
        """None when it is time to try one connection more, or when what is allowed has changed."""
        wait = self._width.seconds_until_next if self._can_share else None
        if self._has_idle:
            wait = min(LOOK, LOOK if wait is None else wait)
        try:
            return self._events.get(timeout=wait)
        except Empty:
            return None

    def _note(self, event: Event) -> None:
        lane = event.lane
        if not event.is_over:
            lane.has_agreed = True
            self._can_share = event.can_share
            return
        self._end(event)
        if event.error is not None and not (lane.is_dismissed and isinstance(event.error, Interrupted)):
            self._bear(lane, event.error)

    def _end(self, event: Event) -> None:
        if event.is_over:
            event.lane.thread.join()
            self._best = max(self._best, event.lane.average(self._tools.clock()))
            self._active.remove(event.lane)
            self._ledger.release(event.lane.segment if self._active else None)

    def _bear(self, lane: Lane, error: BaseException) -> None:
        """Go on without the connection if others are there; otherwise this was the end."""
        others = [other for other in self._active if other.has_agreed]
        if not others or not isinstance(error, BEARABLE):
            raise error
        if lane.segment is None or lane.segment.written - lane.before < self._tools.limits.overlap:
            self._width.refuse(len(others), error.retry_after)
            self._address_ended = isinstance(error, CURED_BY_ADDRESS)

    def _fill_up(self) -> None:
        """As many connections as are allowed, each with a segment of its own."""
        if not self._active:
            if not self._ledger.is_complete and self._can_go_on():
                self._start(self._ledger.take())
            return
        self._dismiss_surplus()
        if not self._can_share or not any(lane.has_agreed for lane in self._active):
            return
        if self._width.grow() and self._address_ended:
            self._try_another_address()
        while len(self._active) < self._width.now and (segment := self._ledger.take()) is not None:
            self._start(segment)
        if self._has_idle:
            self._relieve()

    @property
    def _has_idle(self) -> bool:
        """Whether a further connection could be had but nothing is left for it to fetch."""
        return self._can_share and len(self._active) < self._width.now and self._relieved < RELIEVED

    def _relieve(self) -> None:
        """End a connection that crawls while quicker ones have nothing to do; the next one goes on from there."""
        now = self._tools.clock()
        self._best = max(self._best, *(lane.average(now) for lane in self._active))
        for lane in self._active:
            if not lane.is_dismissed and self._is_crawling(lane):
                lane.is_dismissed = True
                lane.halt.set()
                self._relieved += 1
                return

    def _is_crawling(self, lane: Lane) -> bool:
        speed = lane.pace.speed
        if speed is None or not lane.has_agreed or lane.segment is None:
            return False
        return speed * CRAWLING < self._best and lane.segment.missing > speed * self._tools.limits.crawl

    def _dismiss_surplus(self) -> None:
        """End the newest connections beyond what is allowed at a safe point; what they have fetched stays."""
        kept = [lane for lane in self._active if not lane.is_dismissed]
        if not any(lane.has_agreed for lane in kept[: self._width.now]):
            return
        for lane in kept[self._width.now :]:
            lane.is_dismissed = True
            lane.halt.set()

    def _can_go_on(self) -> bool:
        return self._ledger.plan is not None and self._ledger.plan.size is not None

    def _try_another_address(self) -> None:
        self._address_ended = False
        try:
            self._source = self._renew()
        except Problem as problem:  # the connections that are there do without; the last one to end will tell
            self._width.refuse(len(self._active), problem.retry_after)
            self._address_ended = True

    def _start(self, segment: Segment | None) -> None:
        before, pace = segment.written if segment else 0, Pace(self._tools.limits)
        lane = Lane(segment, self._source, before, Halt(self._halt), self._tools.clock(), pace)
        is_alone = not self._active
        arguments = (lane, self._shares(), is_alone)
        lane.thread = threading.Thread(target=self._work, args=arguments, name="connection", daemon=True)
        lane.thread.start()
        self._active.append(lane)  # only now: a thread that could not be started would be waited for for ever

    def _shares(self) -> int:
        """How many connections may work on the file, now or later; 0 when ranges are not to be asked for."""
        if not self._use_ranges:
            return 0
        plan = self._ledger.plan
        size = plan.size if plan else self._source.size
        is_small = size is not None and size < self._tools.limits.smallest_shared
        return 1 if is_small or self._width.most == 1 else max(2, self._width.now)

    def _work(self, lane: Lane, shares: int, is_alone: bool) -> None:
        fetch = Fetch(self._tools, lane.source, self._ledger, lane.segment, lane.halt, lane.pace, is_alone=is_alone)

        def agreed(can_share: bool) -> None:
            lane.segment = fetch.segment
            self._events.put(Event(lane, is_over=False, can_share=can_share and shares > 1))

        error: BaseException | None = None
        try:
            fetch.run(shares, agreed)
        except BaseException as caught:  # noqa: BLE001 - raised again by the thread that waits
            error = caught
        self._events.put(Event(lane, is_over=True, error=error))
