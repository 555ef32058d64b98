"""One connection: ask for what is missing, prove that it fits what is there, write what comes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import requests

from downloads.engine import space
from downloads.engine.answer import (
    Answer,
    Overlong,
    RangeRefused,
    Span,
    if_range,
    read_answer,
    require_same_file,
    require_size,
)
from downloads.engine.body import Body, Headed, framed
from downloads.engine.content import HEAD, is_page
from downloads.engine.errors import CutShort, NotTheFile, SizeMismatch
from downloads.engine.filling import Filling
from downloads.engine.ledger import Ledger
from downloads.engine.opening import open_answer, server_of
from downloads.engine.pace import Pace
from downloads.engine.plan import Plan, Segment
from downloads.engine.tools import Tools
from downloads.engine.wire import Wire
from hosts.base import Problem, Source
from hosts.guard import forwarder

PAGE = 64 * 1024  # bytes of a page that are read for what it says
SETTLED = 0.1  # seconds in which a server that sends more than it announced gives itself away


class Fetch:
    """`segment` is the one to fetch, claimed already; None for the first connection of all.

    `is_alone`: no other connection is there, so whatever comes may be used: a server without ranges sends the
    whole file, and then this connection fetches all segments, comparing on the way what is written.
    """

    def __init__(
        self,
        tools: Tools,
        source: Source,
        ledger: Ledger,
        segment: Segment | None,
        halt: threading.Event,
        pace: Pace,
        *,
        is_alone: bool,
    ) -> None:
        self._tools = tools
        self._part = tools.part
        self._source = source
        self._server = server_of(source.url)
        self._ledger = ledger
        self.segment = segment
        self._halt = halt
        self._pace = pace
        self._is_alone = is_alone
        self._asked: Span | None = None
        self._is_exclusive = False
        self._wire: Wire | None = None

    def run(self, shares: int, agreed: Callable[[bool], None]) -> None:
        """Until the segment is written, or what was asked for has come.

        `shares` is how many connections may work on the file at once, 0 to ask for the whole file without a
        range. `agreed` is called when the answer has been found to fit, before new bytes are written, with
        whether others may join. Raises Problem, OSError (the disk's) or Interrupted.
        """
        self._asked = self._span(shares)
        response = open_answer(self._tools.http, self._source.url, self._headers(), self._tools.limits, self._halt)
        try:
            self._server = server_of(response.url)
            answer = read_answer(response.status_code, response.headers, self._asked, self._server, forwarder(response))
            body = self._body(response, answer)
            if answer.is_whole or answer.start == 0:
                body = self._require_file(body, answer)
            plan = self._agree(answer, shares)
            self._receive(plan, answer, body, agreed)
            self._require_end(plan, answer)
            if plan.size is None:
                self._ledger.learn_size(plan.written)
        finally:
            response.close()

    def _span(self, shares: int) -> Span | None:
        """What is missing of the segment, with the bytes before it and after it that prove that it fits."""
        overlap = self._tools.limits.overlap
        plan, segment = self._ledger.plan, self.segment
        if plan is None or segment is None:
            size = self._source.size
            if shares < 2 or size is None:
                return None
            return Span(0, (Plan.shared(size, shares).segments[0].end or 0) + overlap)
        if not shares or (not plan.written and len(plan.segments) == 1):
            return None
        is_last = segment.end is None or segment.end == plan.size
        return Span(segment.resume_from(overlap), None if is_last else self._beyond(segment, plan))

    def _beyond(self, segment: Segment, plan: Plan) -> int:
        return min((segment.end or 0) + self._tools.limits.overlap, plan.size or 0)

    def _headers(self) -> dict[str, str]:
        headers = {**self._source.headers, "Accept-Encoding": "identity"}
        if self._asked is None:
            return headers
        condition = if_range(self._part.record) if self._ledger.plan else {}
        return {**headers, "Range": str(self._asked), **condition}

    def _body(self, response: requests.Response, answer: Answer) -> Body:
        self._wire = Wire(response, self._server, self._halt, self._tools.limits, self._tools.clock, self._pace)
        return framed(self._wire, answer, self._server)

    def _require_file(self, body: Body, answer: Answer) -> Body:
        """Look at the first bytes before a single one is believed."""
        headed = Headed(body, HEAD)
        if is_page(headed.head, answer.content_type, self._tools.name):
            raise self._tools.read_page(beginning(headed)) or NotTheFile(server=self._server)
        return headed

    def _agree(self, answer: Answer, shares: int) -> Plan:
        """The plan that this answer goes on with; a new one when nothing is there yet."""
        plan = self._ledger.plan
        if plan is not None:
            require_same_file(answer, self._part.record)
            if answer.is_whole and not self._is_alone:
                raise RangeRefused(server=self._server, detail="the whole file")
            if plan.size is None and answer.total is not None:
                self._ledger.learn_size(answer.total)
            elif plan.size is None and not answer.is_whole:  # where this answer ends says nothing about the file
                raise RangeRefused(server=self._server, detail="a part of an unknown length")
        else:
            require_size(answer, self._source.size)
            size = self._source.size if self._source.size is not None else answer.total
            plan = Plan.whole(size) if answer.is_whole or size is None else Plan.shared(size, shares)
            self._part.begin(plan, answer.etag, answer.modified, self._source.checksum or "")
            self._ledger.begin(plan)
            self.segment = self._ledger.take()
        self._is_exclusive = answer.is_whole and (self._asked is not None or shares < 2 or plan.written > 0)
        if self._is_alone:
            space.require_room(self._part.path, plan.size, self._part.allocated, self._tools.limits.reserve)
            self._part.reserve(plan.size or 0, self._halt)
        return plan

    def _require_end(self, plan: Plan, answer: Answer) -> None:
        """Raises Overlong when the server goes on behind the end that it announced."""
        if self._wire and self._is_unsure(plan, answer) and self._wire.has_more(SETTLED):
            raise Overlong(server=self._server, detail="more bytes than it announced")

    def _is_unsure(self, plan: Plan, answer: Answer) -> bool:
        """Whether only the server's word says where the file ends, and this connection was to reach it."""
        is_last = self._is_exclusive or self.segment is None or self.segment.end == plan.size
        return self._source.size is None and answer.length is not None and is_last

    def _receive(self, plan: Plan, answer: Answer, body: Body, agreed: Callable[[bool], None]) -> None:
        """A range fills its segment; a whole file all of them, one after the other."""
        filling = Filling(self._tools, self._ledger, plan, body, self._server, self._halt, self._is_exclusive)
        filling.at_end = lambda: self._require_end(plan, answer)
        with filling:
            if not self._is_exclusive:
                if self.segment is not None:  # there is none in an empty file
                    filling.prove(answer.start, self.segment.position)
                    agreed(True)
                    self._fill(filling, self.segment, answer)
                return
            agreed(False)
            self._ledger.take_all()
            for segment in list(plan.segments):
                filling.prove(segment.start + filling.ahead, segment.position)
                self._fill(filling, segment, answer)

    def _has_all_asked(self, position: int) -> bool:
        return self._asked is not None and self._asked.end is not None and position >= self._asked.end

    def _fill(self, filling: Filling, segment: Segment, answer: Answer) -> None:
        before = segment.position
        filling.run(segment)
        if segment.end is None or segment.is_complete:
            return
        if not answer.is_whole and segment.position == answer.start + (answer.length or 0):
            gained = segment.position - before
            if gained >= self._tools.limits.overlap or (gained and self._has_all_asked(segment.position)):
                return  # the segment has grown since, or the server sends less at a time
        if answer.is_chunked and answer.is_whole:  # this end was meant
            raise SizeMismatch(expected=segment.end, actual=segment.position)
        raise CutShort(server=self._server)


def beginning(body: Headed) -> str:
    """The text of a page, as far as it comes and is worth reading."""
    page = body.head
    with suppress(Problem):
        page = Headed(body, PAGE).head
    return page.decode("utf-8", errors="replace")
