"""One connection: ask for what is missing, prove that it fits what is there, write what comes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import requests

from downloads.engine import space
from downloads.engine.answer import Answer, Overlong, if_range, read_answer, require_same_file, require_size
from downloads.engine.body import Body, Chunked, Counted, Empty, Headed, UntilClosed
from downloads.engine.checkpoint import Checkpoints
from downloads.engine.content import HEAD, is_page
from downloads.engine.errors import CutShort, NotTheFile, RemoteChanged, SizeMismatch, WrongAnswer
from downloads.engine.limits import Limits
from downloads.engine.opening import open_answer, server_of
from downloads.engine.partfile import PartFile
from downloads.engine.plan import Plan
from downloads.engine.throttle import Throttle
from downloads.engine.verify import RunningHash
from downloads.engine.wire import Wire
from hosts.base import Source

SETTLED = 0.1  # seconds in which a server that sends more than it announced gives itself away


class Gauge(Protocol):
    """What the fetch keeps up to date for others to read."""

    size: int | None
    downloaded: int


@dataclass
class Tools:
    """What every fetch of one transfer shares."""

    name: str  # of the finished file
    part: PartFile
    http: requests.Session
    stop: threading.Event
    throttle: Throttle
    limits: Limits
    clock: Callable[[], float] = time.monotonic
    running_hash: RunningHash | None = field(default=None, init=False)
    buffer: memoryview = field(init=False)

    def __post_init__(self) -> None:
        self.buffer = memoryview(bytearray(self.limits.buffer))


class Fetch:
    """`plan` is the live one: it grows with every write. None: nothing is on the disk yet."""

    def __init__(self, tools: Tools, source: Source, plan: Plan | None, gauge: Gauge) -> None:
        self._tools = tools
        self._part = tools.part
        self._source = source
        self._server = server_of(source.url)
        self._gauge = gauge
        self.plan = plan

    def run(self, *, use_ranges: bool) -> None:
        """Until every byte is written and journalled. Raises Problem, OSError (the disk's) or Interrupted."""
        asked_from, headers = self._question(use_ranges=use_ranges)
        tools = self._tools
        response = open_answer(tools.http, self._source.url, headers, tools.limits, tools.stop)
        try:
            self._server = server_of(response.url)
            answer = read_answer(response.status_code, response.headers, asked_from, self._server)
            wire, body = self._body(response, answer)
            if answer.start == 0:
                body = self._require_file(body, answer)
            plan = self._agree(answer)
            self._receive(plan, answer, body)
            if wire and self._source.size is None and answer.length is not None and wire.has_more(SETTLED):
                raise Overlong(server=self._server, detail="more bytes than it announced")
            if plan.size is None:
                plan.learn_size(plan.written)
                self._gauge.size = plan.size
                self._part.checkpoint(plan.snapshot())
        finally:
            response.close()

    def _question(self, *, use_ranges: bool) -> tuple[int | None, dict[str, str]]:
        headers = {**self._source.headers, "Accept-Encoding": "identity"}
        if self.plan is None or not self.plan.written or not use_ranges:
            return None, headers
        asked_from = self.plan.segments[0].resume_from(self._tools.limits.overlap)
        return asked_from, {**headers, "Range": f"bytes={asked_from}-", **if_range(self._part.record)}

    def _body(self, response: requests.Response, answer: Answer) -> tuple[Wire | None, Body]:
        if answer.length == 0:
            return None, Empty()
        wire = Wire(response, self._server, self._tools.stop, self._tools.limits, self._tools.clock)
        if answer.is_chunked:
            return wire, Chunked(wire, self._server)
        if answer.length is None:
            return wire, UntilClosed(wire)
        return wire, Counted(wire, answer.length, self._server)

    def _require_file(self, body: Body, answer: Answer) -> Body:
        """Look at the first bytes before a single one is believed."""
        headed = Headed(body, HEAD)
        if is_page(headed.head, answer.content_type, self._tools.name):
            raise NotTheFile(server=self._server)
        return headed

    def _agree(self, answer: Answer) -> Plan:
        """The plan that this answer goes on with; a new one when nothing is there yet."""
        if self.plan is not None:
            require_same_file(answer, self._part.record)
            if self.plan.size is None and answer.total is not None:
                self.plan.learn_size(answer.total)
        else:
            require_size(answer, self._source.size)
            self.plan = Plan.whole(self._source.size if self._source.size is not None else answer.total)
            self._part.begin(self.plan, answer.etag, answer.modified, self._source.checksum or "")
        self._gauge.size, self._gauge.downloaded = self.plan.size, self.plan.written
        space.require_space(self._part.path, space.needed_bytes(self.plan.size, self._part.allocated))
        self._part.reserve(self.plan.size or 0)
        return self.plan

    def _receive(self, plan: Plan, answer: Answer, body: Body) -> None:
        segment = plan.segments[0]
        self._prove(body, answer.start, segment.position)
        checkpoints = Checkpoints(self._part, plan, self._tools.limits, self._tools.clock)
        try:
            self._write_all(plan, body, checkpoints)
        finally:
            checkpoints.finish()
        if segment.end is not None and segment.position < segment.end:
            if answer.is_chunked:  # this end was meant
                raise SizeMismatch(expected=segment.end, actual=segment.position)
            raise CutShort(server=self._server)

    def _prove(self, body: Body, position: int, until: int) -> None:
        """What comes again must be what is on the disk; a file that ends or differs here is another one."""
        while position < until:
            count = body.read_into(self._tools.buffer[: until - position])
            if not count or self._part.read(count, position) != self._tools.buffer[:count]:
                raise RemoteChanged()
            position += count

    def _write_all(self, plan: Plan, body: Body, checkpoints: Checkpoints) -> None:
        """The hot loop."""
        segment, gauge, tools = plan.segments[0], self._gauge, self._tools
        buffer, throttle, stop, part = tools.buffer, tools.throttle, tools.stop, self._part
        end = segment.end
        position = segment.position
        while count := body.read_into(buffer[: throttle.portion(len(buffer))]):
            if end is not None and position + count > end:
                raise WrongAnswer(server=self._server, detail="more bytes than the file has")
            throttle.take(count, stop)
            view = buffer[:count]
            part.write(view, position)
            if tools.running_hash is not None:
                tools.running_hash.update(view, position)
            position += count
            segment.written += count
            gauge.downloaded += count
            checkpoints.after(segment.written)
