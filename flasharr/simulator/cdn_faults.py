"""Lies of the file servers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flasharr.simulator.answers import (
    Answer,
    Cut,
    Ending,
    Framing,
    Joined,
    Padded,
    Stretch,
    Text,
    html_answer,
    nginx_answer,
)
from flasharr.simulator.cdn import LIMIT_PAGE, file_answer, unsatisfiable
from flasharr.simulator.faults import Turn

BROKEN_PAGE = "<!DOCTYPE html>\n<html><body><p>Đã có lỗi xảy ra</p></body></html>\n"
PAGES = {
    "limit": LIMIT_PAGE,
    "error": BROKEN_PAGE,
    "missing": BROKEN_PAGE.replace("Đã có lỗi xảy ra", "Tài nguyên bạn yêu cầu không tìm thấy"),
    "guest": BROKEN_PAGE.replace("Đã có lỗi xảy ra", "Tài khoản của bạn thuộc GUEST nên chỉ tải xuống 1 lần"),
}
EXTRA = 1000


def slow(turn: Turn) -> Answer:
    """Value: bytes a second, default 1024."""
    return _change(turn, rate=int(turn.fault.value or 1024))


def stall(turn: Turn) -> Answer:
    """The socket stays open and nothing comes. Value: for how many seconds, default until the client leaves."""
    return _cut(turn, Ending.STALL, turn.fault.value)


def reset(turn: Turn) -> Answer:
    """The bytes before the place arrive, then a RST."""
    return _cut(turn, Ending.RESET)


def early_end(turn: Turn) -> Answer:
    """The bytes before the place arrive, then a FIN."""
    return _cut(turn, Ending.EARLY)


def range_ignored(turn: Turn) -> Answer:
    """200 and the whole file."""
    file = turn.state.world.files.get(turn.visit.code)
    usual = turn.go()
    return file_answer(turn.visit, file, ignore_range=True) if file and usual.status == 206 else usual


def html_page(turn: Turn) -> Answer:
    """A page with status 200. Value: html, octet (as octet-stream), same_length, same_length_octet, or one of the
    pages limit, error, missing and guest.
    """
    shape = str(turn.fault.value or "html")
    text = PAGES.get(shape, LIMIT_PAGE)
    page = html_answer(200, text)
    if shape.startswith("same_length"):
        page.body = Padded(text.encode(), turn.go().body.length)
    if shape.endswith("octet"):
        page.headers["Content-Type"] = "application/octet-stream"
    return page


def link_expired(turn: Turn) -> Answer:
    """The address is over for good; a newly minted one works. Value: 403, 404, 410, 401 or html."""
    if turn.visit.call == "dl":
        turn.state.addresses.end(turn.visit.path.split("/")[2])
    if turn.fault.value == "html":
        return html_answer(200, BROKEN_PAGE)
    return nginx_answer(int(turn.fault.value or 403))


def changed_file(turn: Turn) -> Answer:
    """The file really becomes another one, from this request on.

    Value: etag (new validators), bytes (same size and validators), size (longer), smaller (validators kept).
    """
    file = turn.state.world.files.get(turn.visit.code)
    if file is not None:
        shape = str(turn.fault.value or "etag")
        file.revision += 1
        if shape == "etag":
            file.validator += 1
        elif shape == "size":
            file.size += EXTRA
        elif shape == "smaller":
            file.size -= file.size // 4
    return turn.go()


def wrong_content_range(turn: Turn) -> Answer:
    """Value: start (another start than asked for) or total (another file size)."""
    answer = turn.go()
    if answer.status != 206 or turn.visit.span is None:
        return answer
    start, end = turn.visit.span
    total = int(answer.headers["Content-Range"].rpartition("/")[2])
    if turn.fault.value == "total":
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{total + EXTRA}"
    else:
        lie = start - 1 if start else 1
        answer.headers["Content-Range"] = f"bytes {lie}-{lie + end - start - 1}/{total}"
    return answer


def multipart(turn: Turn) -> Answer:
    """206 as multipart/byteranges although one range was asked for."""
    answer = turn.go()
    if answer.status != 206:
        return answer
    head = f"--SIM\r\nContent-Type: video/x-matroska\r\nContent-Range: {answer.headers.pop('Content-Range')}\r\n\r\n"
    answer.body = Joined(Text(head.encode()), Joined(answer.body, Text(b"\r\n--SIM--\r\n")))
    answer.headers["Content-Type"] = "multipart/byteranges; boundary=SIM"
    return answer


def ip_changed(turn: Turn) -> Answer:
    """The client gets another IP address, which addresses minted before do not serve: 403 (with rules.ip_bound)."""
    turn.state.world.rules.ip_bound = True
    if turn.visit.call == "dl":
        turn.state.addresses.move(turn.visit.path.split("/")[2])
    return turn.go()


def wrong_bytes(turn: Turn) -> Answer:
    """The headers are right, the body begins elsewhere in the file. Value: how many bytes later, default 1."""
    answer = turn.go()
    if isinstance(answer.body, Stretch):
        shift = int(turn.fault.value or 1)
        body = answer.body
        answer.body = replace(
            body,
            content=replace(body.content, size=body.end + shift),
            start=body.start + shift,
            end=body.end + shift,
        )
    return answer


def extra_bytes(turn: Turn) -> Answer:
    """More than asked for, and Content-Length admits it. Value: how many (default 1000)."""
    answer = turn.go()
    answer.body = Joined(answer.body, Text(b"\xee" * int(turn.fault.value or EXTRA)))
    return answer


def not_satisfiable(turn: Turn) -> Answer:
    """416, whatever was asked for."""
    file = turn.state.world.files.get(turn.visit.code)
    return unsatisfiable(file.size if file else 0)


def length_too_large(turn: Turn) -> Answer:
    """Content-Length promises more than comes, then it closes. Value: by how much, default 1000."""
    answer = turn.go()
    return replace(answer, promised=answer.body.length + int(turn.fault.value or EXTRA))


def length_too_small(turn: Turn) -> Answer:
    """Content-Length promises less than comes. Value: by how much (default 1000)."""
    answer = turn.go()
    return replace(answer, promised=max(0, answer.body.length - int(turn.fault.value or EXTRA)))


def chunked(turn: Turn) -> Answer:
    """No Content-Length. Value: open leaves the last chunk out, close uses no framing at all."""
    framings = {"open": Framing.CHUNKED_OPEN, "close": Framing.CLOSE}
    return _change(turn, framing=framings.get(str(turn.fault.value), Framing.CHUNKED))


def corrupt(turn: Turn) -> Answer:
    """One byte is wrong, at the fault's place."""
    answer = turn.go()
    if isinstance(answer.body, Stretch) and answer.body.length:
        body = answer.body
        place = min(turn.fault.place(body), body.length - 1)
        answer.body = replace(body, content=replace(body.content, flipped=body.start + place))
    return answer


def gzip_claimed(turn: Turn) -> Answer:
    """The header says gzip; the bytes are not."""
    answer = turn.go()
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def connection_close(turn: Turn) -> Answer:
    """A good answer, after which the server hangs up."""
    return _change(turn, hangs_up=True)


def _change(turn: Turn, **changes: Any) -> Answer:
    return replace(turn.go(), **changes)


def _cut(turn: Turn, ending: Ending, seconds: float | None = None) -> Answer:
    answer = turn.go()
    return replace(answer, cut=Cut(turn.fault.place(answer.body), ending, seconds))
