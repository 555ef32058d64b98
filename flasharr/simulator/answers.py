"""An answer before it is sent: what it says, what it promises, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from flasharr.simulator.content import Content


class Body(Protocol):
    @property
    def length(self) -> int: ...

    def pieces(self) -> Iterator[memoryview]: ...


@dataclass(frozen=True, slots=True)
class Text:
    data: bytes = b""

    @property
    def length(self) -> int:
        return len(self.data)

    def pieces(self) -> Iterator[memoryview]:
        yield memoryview(self.data)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a virtual file: from `start` up to but not including `end`."""

    content: Content
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def pieces(self) -> Iterator[memoryview]:
        return self.content.pieces(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Padded:
    """A text filled with spaces up to a length, or cut to it."""

    data: bytes
    length: int

    def pieces(self) -> Iterator[memoryview]:
        yield memoryview(self.data[: self.length])
        left = self.length - len(self.data)
        blank = memoryview(b" " * 65536)
        while left > 0:
            yield blank[:left]
            left -= len(blank)


@dataclass(frozen=True, slots=True)
class Joined:
    first: Body
    second: Body

    @property
    def length(self) -> int:
        return self.first.length + self.second.length

    def pieces(self) -> Iterator[memoryview]:
        yield from self.first.pieces()
        yield from self.second.pieces()


class Framing(StrEnum):
    """How the client learns where the body ends."""

    LENGTH = "length"
    CHUNKED = "chunked"
    CHUNKED_OPEN = "chunked, last chunk missing"
    CLOSE = "connection close"


class Ending(StrEnum):
    STALL = "stalled"
    RESET = "reset"
    EARLY = "ended early"


@dataclass(frozen=True, slots=True)
class Cut:
    """After this many bytes of the body something happens.

    A stall lasts for `seconds`, or until the client leaves.
    """

    after: int
    ending: Ending
    seconds: float | None = None


@dataclass
class Answer:
    """`promised` is the Content-Length when it is not the body's; `rate` in bytes a second, 0 for no cap."""

    status: int
    body: Body = field(default_factory=Text)
    headers: dict[str, str] = field(default_factory=dict)
    framing: Framing = Framing.LENGTH
    promised: int | None = None
    cut: Cut | None = None
    rate: int = 0
    delay: float = 0.0
    hangs_up: bool = False


def json_answer(status: int, value: Any) -> Answer:
    """JSON as the real API writes it: non-ASCII and slashes escaped."""
    text = json.dumps(value, separators=(",", ":")).replace("/", "\\/")
    return Answer(status, Text(text.encode()), {"Content-Type": "application/json; charset=UTF-8"})


def html_answer(status: int, page: str) -> Answer:
    return Answer(status, Text(page.encode()), {"Content-Type": "text/html; charset=UTF-8"})


def code_answer(status: int, code: int | str, message: str) -> Answer:
    return json_answer(status, {"code": code, "msg": message})


def nginx_answer(status: int) -> Answer:
    """The front end's own error page."""
    title = f"{status} {NGINX_TITLES.get(status, 'Error')}"
    return html_answer(
        status,
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
    )


NGINX_TITLES = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    410: "Gone",
    416: "Requested Range Not Satisfiable",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
