from __future__ import annotations

import pytest

from downloads.engine.answer import Answer, RangeRefused, Span, if_range, read_answer, require_same_file
from downloads.engine.content import is_page
from downloads.engine.errors import AddressExpired, RemoteChanged, ServerBusy, WrongAnswer
from downloads.engine.journal import Record
from downloads.engine.plan import Plan

HTML = "text/html; charset=UTF-8"
OCTET = "application/octet-stream"
PAGE = "<html><body>Quý khách đã vượt quá số lượt tải trong ngày</body></html>".encode()
EBML = b"\x1a\x45\xdf\xa3" + bytes(range(256))

HEADS = [
    (PAGE, HTML, "film.mkv", True),
    (PAGE, OCTET, "film.mkv", True),
    (PAGE, "video/x-matroska", "film.mkv", True),
    (b"\xef\xbb\xbf \r\n <!DOCTYPE html>\n<html>", OCTET, "film.mkv", True),
    (b"<?xml version='1.0'?><!-- x --><html>", OCTET, "film.mkv", True),
    (b"Tai nguyen khong tim thay", HTML, "film.mkv", True),
    (b"<html>", HTML, "no extension", True),
    (PAGE, HTML, "page.html", False),
    (b"<html>", HTML, "book.xhtml", False),
    (EBML, HTML, "film.mkv", False),
    (EBML, OCTET, "film.mkv", False),
    (b"", HTML, "film.mkv", False),
    (b"1\n00:00:01,000 --> 00:00:02,000\n<i>Hello</i>", HTML, "film.srt", False),
    (b"[Script Info]\nTitle: x", OCTET, "film.ass", False),
    (b'{"code":404,"msg":"gone"}', "application/json", "film.mkv", True),
    (b'{"code":404,"msg":"gone"}', OCTET, "film.mkv", True),
    (b' [ {"code": 404}]', OCTET, "film.zip", True),
    (b'{"a": 1}', "application/json", "data.json", False),
    (b'{"a": 1}', OCTET, "settings.cfg", False),
    (EBML, "application/json", "film.mkv", False),
    (b"<svg xmlns='http://www.w3.org/2000/svg'>", "image/svg+xml", "logo.svg", False),
    (("a" * 1023 + "ệ").encode()[:1024], HTML, "film.mkv", True),
]


@pytest.mark.parametrize(("head", "content_type", "name", "expected"), HEADS)
def test_it_tells_a_page_from_a_file(head: bytes, content_type: str, name: str, expected: bool) -> None:
    assert is_page(head, content_type, name) is expected


REFUSED = [
    (401, {}, None, AddressExpired),
    (403, {}, 100, AddressExpired),
    (404, {}, None, AddressExpired),
    (410, {}, None, AddressExpired),
    (416, {"Content-Range": "bytes */100"}, 100, RangeRefused),
    (429, {"Retry-After": "7"}, None, ServerBusy),
    (429, {"Retry-After": "Fri, 31 Dec 99999999999999999999 23:59:59 GMT"}, None, ServerBusy),
    (471, {}, None, ServerBusy),
    (400, {}, None, ServerBusy),
    (500, {}, None, ServerBusy),
    (503, {}, None, ServerBusy),
    (204, {}, None, ServerBusy),
    (200, {"Content-Encoding": "gzip"}, None, WrongAnswer),
    (200, {"Content-Length": "5, 5"}, None, WrongAnswer),
    (200, {"Content-Length": "-5"}, None, WrongAnswer),
    (200, {"Content-Length": "9" * 19}, None, WrongAnswer),
    (200, {"Content-Length": "9" * 5000}, None, WrongAnswer),
    (206, {"Content-Range": "bytes 100-199/" + "9" * 20}, 100, RangeRefused),
    (206, {}, 100, RangeRefused),
    (206, {"Content-Range": "bytes 0-99/100", "Content-Length": "100"}, None, RangeRefused),
    (206, {"Content-Range": "bytes 99-199/200"}, 100, RangeRefused),
    (206, {"Content-Range": "bytes 101-199/200"}, 100, RangeRefused),
    (206, {"Content-Range": "bytes 100-200/200"}, 100, RangeRefused),
    (206, {"Content-Range": "bytes 100-99/200"}, 100, RangeRefused),
    (206, {"Content-Range": "bytes 100-199/200", "Content-Length": "101"}, 100, RangeRefused),
    (206, {"Content-Range": "items 100-199/200"}, 100, RangeRefused),
    (206, {"Content-Type": "multipart/byteranges; boundary=x"}, 100, RangeRefused),
]


@pytest.mark.parametrize(("status", "headers", "asked_from", "problem"), REFUSED)
def test_an_answer_that_does_not_fit_is_refused(
    status: int, headers: dict[str, str], asked_from: int | None, problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        read_answer(status, headers, None if asked_from is None else Span(asked_from), "server")


def test_a_range_that_goes_further_than_asked_is_refused() -> None:
    headers = {"Content-Range": "bytes 100-199/300"}
    assert read_answer(206, headers, Span(100, 200), "server").start == 100
    assert read_answer(206, headers, Span(100, 250), "server").start == 100
    with pytest.raises(RangeRefused):
        read_answer(206, headers, Span(100, 199), "server")


def test_it_reads_what_an_answer_claims() -> None:
    headers = {"Content-Range": "bytes 100-199/200", "Content-Length": "100", "ETag": '"a"', "Last-Modified": "x"}
    assert read_answer(206, headers, Span(100), "server") == Answer(100, 100, 200, '"a"', "x", is_whole=False)
    assert read_answer(206, {"Content-Range": "BYTES 100-199/*"}, Span(100), "server") == Answer(
        100, None, None, is_whole=False
    )
    assert read_answer(200, {"Content-Length": "7"}, Span(100), "server") == Answer(0, 7, 7)
    assert read_answer(200, {"Content-Length": "7", "Transfer-Encoding": "chunked"}, None, "server").length is None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(0, 10, 11, '"a"', "Monday"),
        Answer(0, 10, 10, '"b"', "Monday"),
        Answer(0, 10, 10, 'W/"b"', "Monday"),
        Answer(0, 10, 10, '"a"', "Tuesday"),
    ],
)
def test_another_length_or_validator_is_another_file(answer: Answer) -> None:
    with pytest.raises(RemoteChanged):
        require_same_file(answer, Record("part1", Plan.whole(10), '"a"', "Monday"))


@pytest.mark.parametrize(
    "answer", [Answer(0, 10, 10, '"a"', "Monday"), Answer(0, None, None), Answer(0, 10, 10, 'W/"a"', "")]
)
def test_what_is_not_said_is_not_another_file(answer: Answer) -> None:
    require_same_file(answer, Record("part1", Plan.whole(10), '"a"', "Monday"))


def test_only_a_strong_validator_is_asked_with() -> None:
    assert if_range(Record("part1", Plan.whole(1), '"a"')) == {"If-Range": '"a"'}
    assert if_range(Record("part1", Plan.whole(1), 'W/"a"', "Monday")) == {}
