"""From the bytes of one answer into a segment: compared where something is there already, written where not."""

from __future__ import annotations

import mmap
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from downloads.engine.body import Body
from downloads.engine.errors import CutShort, RemoteChanged, WrongAnswer
from downloads.engine.ledger import Ledger
from downloads.engine.opening import Interrupted
from downloads.engine.partfile import GRAIN
from downloads.engine.plan import Plan, Segment
from downloads.engine.seams import SeamDiffers
from downloads.engine.tools import Tools
from hosts.base import Problem

AHEAD = 2  # buffers that are being written while another fills
NOTICEABLE = 4  # a write that takes more than this part of the time its bytes took to come is done beside receiving
FEW = 2  # connections of the process; among more of them others receive meanwhile, and a hand-over costs for nothing
AT_WORK: set[Filling] = set()


class Filling:
    """`is_exclusive`: no other connection writes; the body goes through all segments.

    Where a connection is about as fast as the disk and nearly alone, buffers are written while the next one fills.
    """

    def __init__(
        self,
        tools: Tools,
        ledger: Ledger,
        plan: Plan,
        body: Body,
        server: str,
        halt: threading.Event,
        is_exclusive: bool,
    ) -> None:
        self._tools = tools
        self._part = tools.part
        self._ledger = ledger
        self._plan = plan
        self._body = body
        self._server = server
        self._halt = halt
        self._is_exclusive = is_exclusive
        self._buffer = new_buffer(tools)
        self._spare: list[memoryview] = []
        self._writer: ThreadPoolExecutor | None = None
        self._writing: deque[tuple[Future[None], memoryview]] = deque()
        self._under_way = 0  # bytes that are being written
        self._is_behind = False
        self._broken: Exception | None = None
        self.at_end: Callable[[], None] = lambda: None  # asked before the last bytes of the file are written
        self.ahead = 0  # bytes of the next segment that have been read and compared already

    def __enter__(self) -> Self:
        AT_WORK.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        AT_WORK.discard(self)
        if self._writer is not None:
            self._writer.shutdown(wait=True)

    def prove(self, position: int, until: int) -> None:
        """What comes again must be what is on the disk; a file that ends or differs here is another one."""
        while position < until:
            count = self._body.read_into(self._buffer[: until - position])
            if not count or self._part.read(count, position) != self._buffer[:count]:
                raise RemoteChanged()
            position += count

    def run(self, segment: Segment) -> None:
        """Write until the segment or the body ends. Raises what the body raises, OSError, or RemoteChanged."""
        self.ahead = 0
        try:
            self._write_all(segment)
        finally:
            self._settle(segment)

    def _write_all(self, segment: Segment) -> None:
        """The hot loop. Another connection may take the end of the segment away at any time."""
        tools, plan, clock = self._tools, self._plan, self._tools.clock
        while not segment.is_complete or segment.end == plan.size:  # the end of the file has to be seen
            began = clock()
            position = segment.position + self._under_way
            if segment.end is not None and position >= segment.end != plan.size:
                return  # its last bytes are on their way to the disk; the body goes on behind them
            count = self._gather(segment, position)
            if not count:
                return
            came = clock() - began
            tools.throttle.take(count, self._halt)
            end = segment.end
            if end is not None and position + count >= end:
                self._settle(segment)
                count = self._last(segment, count)
            if tools.running_hash is not None:
                tools.running_hash.update(self._buffer[:count], position)
            self._write(segment, position, count, came)

    def _gather(self, segment: Segment, position: int) -> int:
        """A whole buffer where the line is fast enough for that, so that writes are few and whole."""
        if self._broken is not None:
            raise self._broken
        view = self._buffer[: self._tools.throttle.portion(len(self._buffer) - position % GRAIN)]
        if self._is_exclusive and segment.end is not None and segment.end != self._plan.size:
            view = view[: segment.end - position]
        filled = self._body.read_into(view)
        until = self._tools.clock() + self._tools.limits.tick
        try:
            while 0 < filled < len(view) and self._tools.clock() < until:
                if not (count := self._body.read_into(view[filled:])):
                    break
                filled += count
        except (Problem, Interrupted) as broken:
            self._broken = broken  # once what has come is written
        return filled

    def _write(self, segment: Segment, position: int, count: int, came: float) -> None:
        """`came` is how long the bytes took to arrive."""
        view = self._buffer[:count]
        if self._is_behind:
            self._settle(segment, AHEAD - 1)
            self._writer = self._writer or ThreadPoolExecutor(max_workers=1, thread_name_prefix="writing")
            self._writing.append((self._writer.submit(self._part.write, view, position), view))
            self._under_way += count
            self._buffer = self._spare.pop() if self._spare else new_buffer(self._tools)
            return
        began = self._tools.clock()
        self._part.write(view, position)
        is_slow = self._tools.clock() - began > came / NOTICEABLE and count == len(self._buffer)
        is_single = self._is_exclusive or self._ledger.connections == 1
        self._is_behind = is_slow and is_single and len(AT_WORK) <= FEW
        self._ledger.advance(segment, count)

    def _settle(self, segment: Segment, left: int = 0) -> None:
        """Until no more than so many writes are under way; those that are done are counted."""
        while len(self._writing) > left:
            writing, view = self._writing.popleft()
            self._under_way -= len(view)
            try:
                writing.result()
            except OSError:
                self._forget_writes()
                raise
            self._ledger.advance(segment, len(view))
            if len(view) == self._tools.limits.buffer:
                self._spare.append(view)

    def _forget_writes(self) -> None:
        """What comes behind a gap must not be counted."""
        for writing, _ in self._writing:
            writing.exception()  # waits
        self._writing.clear()
        self._under_way = 0

    def _last(self, segment: Segment, count: int) -> int:
        """How many of the bytes just read still belong to the segment, once they fit to what follows it.

        The bytes of two connections meet here. Only this keeps a server, or two nodes of one, from giving each
        of them another file. The last bytes are not written before, so that a crash cannot skip the proof.
        """
        if segment.end == self._plan.size:
            if count > segment.missing:
                raise WrongAnswer(server=self._server, detail="more bytes than the file has")
            self.at_end()
            return count
        if not self._is_exclusive and self._ledger.absorb_next(segment):
            return self._last(segment, count) if count >= segment.missing else count
        later = self._ledger.after(segment)
        assert later is not None
        assert later.end is not None
        assert segment.end is not None
        enough = min(self._tools.limits.overlap, later.written if self._is_exclusive else later.end - later.start)
        tail = self._more(bytes(self._buffer[segment.missing : count]), enough)
        there = self._await_neighbour(segment, len(tail))
        if self._part.read(there, segment.end) != tail[:there]:
            raise RemoteChanged() if self._is_exclusive else SeamDiffers(segment.end, tail[:there])
        if not there and not self._is_exclusive:
            raise CutShort(server=self._server)  # the other connection never came to write
        self.ahead = there
        return segment.missing

    def _more(self, begun: bytes, enough: int) -> bytes:
        rest = bytearray(max(0, enough - len(begun)))
        filled = 0
        while filled < len(rest) and (count := self._body.read_into(memoryview(rest)[filled:])):
            filled += count
        return (begun + bytes(rest[:filled]))[:enough]

    def _await_neighbour(self, segment: Segment, enough: int) -> int:
        """How much the other connection has written behind the segment; it may have to begin first."""
        limits, clock = self._tools.limits, self._tools.clock
        until = clock() + limits.stall
        while True:
            there, is_growing = self._ledger.neighbour(segment, enough, limits.tick)
            if self._halt.is_set():
                raise Interrupted
            if not is_growing or clock() >= until:
                return there


def new_buffer(tools: Tools) -> memoryview:
    """Aligned to pages, as writes past the page cache want it."""
    return memoryview(mmap.mmap(-1, tools.limits.buffer))
