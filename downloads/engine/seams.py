"""Two connections disagree where their segments meet: a third one says which of them has another file.

The side that stands against two is dropped as a whole, for nothing but the bytes themselves says where its lie
begins. What it touched is open again afterwards, so every seam of the file that comes of it is compared anew, and
a wrong verdict costs bytes and never a wrong file.
"""

from __future__ import annotations

from downloads.engine.answer import Span, if_range, read_answer, require_same_file
from downloads.engine.body import framed
from downloads.engine.errors import RemoteChanged
from downloads.engine.opening import open_answer, server_of
from downloads.engine.plan import GRAIN, Plan
from downloads.engine.tools import Tools
from downloads.engine.wire import Wire
from hosts.base import Problem, Source


class SeamDiffers(RemoteChanged):
    """`came` is what the connection before `at` has there; the disk holds what the other one wrote."""

    def __init__(self, at: int, came: bytes) -> None:
        super().__init__()
        self.at = at
        self.came = came


def settle(problem: SeamDiffers, plan: Plan, tools: Tools, source: Source) -> bool:
    """Drop the side that is alone with its bytes; False when no two agree or no third opinion is to be had.

    No connection of the transfer may be open. The plan without the dropped bytes is durable when this returns.
    Raises OSError or Interrupted.
    """
    there = tools.part.read(len(problem.came), problem.at)
    try:
        third = _ask(problem, tools, source)
    except Problem:
        return False
    if third == problem.came != there:
        _drop_after(plan, problem.at)
    elif third == there != problem.came:
        _drop_before(plan, problem.at)
    else:
        return False
    tools.part.checkpoint(plan.snapshot())  # before anything is written there again
    return True


def _ask(problem: SeamDiffers, tools: Tools, source: Source) -> bytes:
    """The same bytes over a connection of their own. Raises Problem or Interrupted."""
    asked = Span(problem.at, problem.at + len(problem.came))
    headers = {**source.headers, "Accept-Encoding": "identity", "Range": str(asked), **if_range(tools.part.record)}
    response = open_answer(tools.http, source.url, headers, tools.limits, tools.stop)
    try:
        server = server_of(response.url)
        answer = read_answer(response.status_code, response.headers, asked, server)
        require_same_file(answer, tools.part.record)
        if answer.is_whole:
            raise RemoteChanged()
        body = framed(Wire(response, server, tools.stop, tools.limits, tools.clock), answer, server)
        got = bytearray(len(problem.came))
        filled = 0
        while filled < len(got) and (count := body.read_into(memoryview(got)[filled:])):
            tools.throttle.take(count, tools.stop)
            filled += count
        return bytes(got[:filled])
    finally:
        response.close()


def _drop_after(plan: Plan, at: int) -> None:
    """The segment before `at` still misses its last bytes and will be compared again."""
    for segment in plan.segments:
        if segment.start == at:
            segment.written = 0


def _drop_before(plan: Plan, at: int) -> None:
    """The one before the dropped segment has been compared with it: its end has to be fetched again."""
    before = [segment for segment in plan.segments if segment.end is not None and segment.end <= at]
    before.pop().written = 0
    while before and (neighbour := before.pop()).is_complete:
        neighbour.written = max(0, neighbour.written - GRAIN)
        if neighbour.written:  # otherwise its own beginning is open, too
            return
