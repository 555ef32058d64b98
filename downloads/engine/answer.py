"""What an answer claims to be, checked against what was asked and what is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from downloads.engine.errors import AddressExpired, RemoteChanged, ServerBusy, SizeMismatch, WrongAnswer
from downloads.engine.journal import Record
from hosts import retry_after

EXPIRED = frozenset({401, 403, 404, 410})
# At most 18 digits, an exabyte: more is no length of a file but an attempt to overflow one.
LENGTH = re.compile(r"\s*[0-9]{1,18}\s*")
CONTENT_RANGE = re.compile(r"\s*bytes\s+([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)\s*", re.IGNORECASE)
NOT_SATISFIED = re.compile(r"\s*bytes\s+\*/(\d+)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """A 200 or 206. The body holds bytes from `start`; `length` of them, None when the server does not say.

    `total` is the length of the whole file by the server, None when it does not say.
    """

    start: int
    length: int | None
    total: int | None
    etag: str = ""
    modified: str = ""
    content_type: str = ""
    is_chunked: bool = False
    is_whole: bool = True  # a 200


class RangeRefused(WrongAnswer):
    """The server does not do ranges properly: ask for the whole file next time."""


class Overlong(WrongAnswer):
    """The server sent more than it announced, so its length cannot be believed: begin anew."""


@dataclass(frozen=True, slots=True)
class Span:
    """The range [start, end) that is asked for; `end` None: to the end of the file."""

    start: int
    end: int | None = None

    def __str__(self) -> str:
        return f"bytes={self.start}-{'' if self.end is None else self.end - 1}"


def read_answer(status: int, headers: Mapping[str, str], asked: Span | None, server: str, proxy: str = "") -> Answer:
    """`asked` is the range that was asked for, None without one. `proxy` is one that may have answered itself.

    Raises TransferProblem.
    """
    if status in EXPIRED and proxy:
        raise AddressExpired(AddressExpired.doubtful, status=status, proxy=proxy)
    if status in EXPIRED:
        raise AddressExpired(status=status)
    if status == 416:
        raise RangeRefused(server=server, detail="answer 416")
    if status not in (200, 206):
        wait = retry_after.seconds(headers.get("Retry-After"), datetime.now(UTC))
        if proxy:
            raise ServerBusy(ServerBusy.doubtful, retry_after=wait, server=server, status=status, proxy=proxy)
        raise ServerBusy(retry_after=wait, server=server, status=status)
    transfer = headers.get("Transfer-Encoding", "").strip().lower()
    encoding = headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity") or transfer not in ("", "identity", "chunked"):
        raise WrongAnswer(server=server, detail="compressed")
    is_chunked = transfer == "chunked"
    length = None if is_chunked else _length(headers.get("Content-Length"), server)
    start, total = (0, length) if status == 200 else _range(headers, asked, length, server)
    return Answer(
        start,
        length,
        total,
        headers.get("ETag", "").strip(),
        headers.get("Last-Modified", "").strip(),
        headers.get("Content-Type", ""),
        is_chunked,
        status == 200,
    )


def require_same_file(answer: Answer, record: Record) -> None:
    """Raises RemoteChanged when server and journal cannot speak of the same bytes."""
    size = record.plan.size
    if answer.total is not None and size is not None and answer.total != size:
        raise RemoteChanged()
    # A weak validator says nothing about bytes, but another one does say that something changed.
    if answer.etag and record.etag and answer.etag.removeprefix("W/") != record.etag.removeprefix("W/"):
        raise RemoteChanged()
    if answer.modified and record.modified and answer.modified != record.modified:
        raise RemoteChanged()


def require_size(answer: Answer, promised: int | None) -> None:
    """Raises SizeMismatch when the server's length is not the one the host promised."""
    if answer.total is not None and promised is not None and answer.total != promised:
        raise SizeMismatch(expected=promised, actual=answer.total)


def if_range(record: Record) -> dict[str, str]:
    """The header that makes a server answer 200 when the file is another one; needs a strong validator.

    A date is not used: it is weak by its one-second grain, and it is compared by `require_same_file` anyway.
    """
    is_strong = record.etag.startswith('"') and record.etag.endswith('"') and len(record.etag) > 2
    return {"If-Range": record.etag} if is_strong else {}


def _length(value: str | None, server: str) -> int | None:
    if value is None:
        return None
    if not LENGTH.fullmatch(value):
        raise WrongAnswer(server=server, detail="Content-Length")
    return int(value)


def _range(headers: Mapping[str, str], asked: Span | None, length: int | None, server: str) -> tuple[int, int | None]:
    """(start, total) of a 206 that begins as it was asked for and goes no further."""
    found = CONTENT_RANGE.fullmatch(headers.get("Content-Range", ""))
    if not found or asked is None:
        raise RangeRefused(server=server, detail="an unasked part")
    start, last = int(found[1]), int(found[2])
    total = None if found[3] == "*" else int(found[3])
    if start != asked.start or last < start or (total is not None and last >= total):
        raise RangeRefused(server=server, detail="another part")
    if asked.end is not None and last >= asked.end:
        raise RangeRefused(server=server, detail="more bytes than asked")
    if length is not None and length != last - start + 1:
        raise RangeRefused(server=server, detail="more or fewer bytes than asked")
    return start, total
