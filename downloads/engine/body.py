"""The three ways in which a server says where a body ends."""

from __future__ import annotations

import re
from typing import Protocol

from downloads.engine.answer import Answer
from downloads.engine.errors import CutShort, WrongAnswer
from downloads.engine.wire import Wire

LONGEST_LINE = 8192
MOST_TRAILERS = 100
CHUNK_SIZE = re.compile(rb"[0-9a-fA-F]{1,16}")


class Body(Protocol):
    """`read_into` gives at least one byte, or 0 at an end that the server meant. CutShort when it did not."""

    def read_into(self, view: memoryview) -> int: ...


class Counted:
    """Content-Length: exactly this many bytes."""

    def __init__(self, wire: Wire, length: int, server: str) -> None:
        self._wire = wire
        self._left = length
        self._server = server

    def read_into(self, view: memoryview) -> int:
        view = view[: self._left]
        if not view:
            return 0
        self._wire.wake_at(len(view))
        self._wire.left = self._left
        count = self._wire.receive(view)
        if not count:
            raise CutShort(server=self._server)
        self._left -= count
        return count


class Chunked:
    """Transfer-Encoding: chunked. Only the empty last chunk is an end."""

    def __init__(self, wire: Wire, server: str) -> None:
        self._wire = wire
        self._server = server
        self._left = 0  # of the current chunk
        self._is_first = True
        self._is_over = False
        self._spare = bytearray(4096)
        self._read = memoryview(b"")

    def read_into(self, view: memoryview) -> int:
        if not self._left and not self._is_over:
            self._next_chunk()
        if self._is_over:
            return 0
        view = view[: self._left]
        count = min(len(view), len(self._read))
        if count:
            view[:count] = self._read[:count]
            self._read = self._read[count:]
        else:
            count = self._wire.receive(view)
            if not count:
                raise CutShort(server=self._server)
        self._left -= count
        return count

    def _next_chunk(self) -> None:
        if not self._is_first and self._line():
            raise WrongAnswer(server=self._server, detail="broken chunks")
        self._is_first = False
        digits = self._line().partition(b";")[0].strip()
        if not CHUNK_SIZE.fullmatch(digits):
            raise WrongAnswer(server=self._server, detail="broken chunks")
        self._left = int(digits, 16)
        if self._left == 0:
            self._skip_trailers()
            self._is_over = True

    def _skip_trailers(self) -> None:
        for _ in range(MOST_TRAILERS):
            if not self._line():
                return
        raise WrongAnswer(server=self._server, detail="broken chunks")

    def _line(self) -> bytes:
        line = bytearray()
        while not line.endswith(b"\n"):
            if not self._read:
                count = self._wire.receive(memoryview(self._spare))
                if not count:
                    raise CutShort(server=self._server)
                self._read = memoryview(bytes(self._spare[:count]))
            line += self._read[:1]
            self._read = self._read[1:]
            if len(line) > LONGEST_LINE:
                raise WrongAnswer(server=self._server, detail="broken chunks")
        return bytes(line).rstrip(b"\r\n")


class UntilClosed:
    """Neither: the body ends where the connection is closed in good order. A reset is CutShort."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def read_into(self, view: memoryview) -> int:
        return self._wire.receive(view)


class Headed:
    """Another body whose first bytes have been looked at; they come out again."""

    def __init__(self, body: Body, length: int) -> None:
        self._body = body
        buffer = bytearray(length)
        filled = 0
        while filled < length and (count := body.read_into(memoryview(buffer)[filled:])):
            filled += count
        self.head = bytes(buffer[:filled])
        self._left = memoryview(self.head)

    def read_into(self, view: memoryview) -> int:
        if not self._left:
            return self._body.read_into(view)
        count = min(len(view), len(self._left))
        view[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def framed(wire: Wire, answer: Answer, server: str) -> Body:
    """What of a wire is the body, as the answer says; it has one."""
    if answer.is_chunked:
        return Chunked(wire, server)
    if answer.length is None:
        return UntilClosed(wire)
    return Counted(wire, answer.length, server)
