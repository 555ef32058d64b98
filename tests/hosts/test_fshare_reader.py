"""Whatever shape an answer has, it is read as what it means, or refused as making no sense."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flasharr.simulator import Simulator
from hosts.base import AnswerUnreadable, HostContext, LinkDead
from hosts.links import LinkKind
from hosts.sites.fshare import Fshare
from hosts.sites.fshare.address import link_to
from hosts.sites.fshare.answers import DEEPEST, Answer, decoded, read_body
from hosts.sites.fshare.entries import entries_of
from hosts.sites.fshare.xml_answers import read_xml
from tests.hosts.pages import Pages

FILE = link_to(LinkKind.FILE, "FILE01")
TOP = link_to(LinkKind.FOLDER, "TOP")
NAME = "Mưa Đầu Mùa.mkv"
CURRENT: dict[str, Any] = {"items": [], "current": {"name": NAME, "size": "5", "type": "1"}}
TEXT = json.dumps(CURRENT, ensure_ascii=False)
BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><response><name>&b;</name></response>'
XML = (
    '<?xml version="1.0" encoding="ISO-8859-1"?>\n<response><items></items><current><linkcode>FILE01</linkcode>'
    f"<name>{NAME}</name><type>1</type><size>5</size></current><_links><self>/v3?a=1&amp;page=1</self></_links></response>"
)
BODIES = {
    "as it should be": TEXT.encode(),
    "escaped": json.dumps(CURRENT).replace("/", "\\/").encode(),
    "with a byte order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "with white space around": b"\n\n  " + TEXT.encode() + b"\r\n",
    "UTF-16 with a mark": TEXT.encode("utf-16"),
    "UTF-16 without one": TEXT.encode("utf-16-le"),
    "wrapped": json.dumps({"code": 200, "data": CURRENT}).encode(),
    "a code as a string": json.dumps({"code": "200", **CURRENT}).encode(),
    "sizes as floats": json.dumps({**CURRENT, "current": {"name": NAME, "size": 5.0, "type": 1.0}}).encode(),
    "XML": XML.encode(),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_an_answer_in_any_shape_is_read(pages: Pages, fshare: HostContext, body: bytes) -> None:
    pages.answer("/web/api/v3/files/folder", 200, body)
    entry = Fshare().describe(FILE, fshare)
    assert (entry.name, entry.size) == (NAME, 5)


@pytest.mark.parametrize(
    ("charset", "raw", "name"),
    [
        ("windows-1252", b"Caf\xe9.mkv", "Café.mkv"),
        ("windows-1258", b"\xd0\xeam.mkv", "Đêm.mkv"),
        ("no-such-charset", b"Caf\xe9.mkv", "Caf\ufffd.mkv"),
        ("UTF-8", b"Caf\xe9.mkv", "Caf\ufffd.mkv"),
    ],
)
def test_a_charset_other_than_the_promised_one(
    pages: Pages, fshare: HostContext, charset: str, raw: bytes, name: str
) -> None:
    """Bytes that are no UTF-8 are read as what the header says; where that is nonsense too, the rest still counts."""
    body = json.dumps({"items": [], "current": {"name": "@", "size": 5, "type": 1}}).encode().replace(b"@", raw)
    pages.answer("/web/api/v3/files/folder", 200, body, Content_Type=f"application/json; charset={charset}")
    entry = Fshare().describe(FILE, fshare)
    assert (entry.name, entry.size) == (name, 5)


def test_utf_8_counts_whatever_the_header_says(pages: Pages, fshare: HostContext) -> None:
    pages.answer("/web/api/v3/files/folder", 200, TEXT.encode(), Content_Type="application/json; charset=iso-8859-1")
    assert Fshare().describe(FILE, fshare).name == NAME


@pytest.mark.parametrize("levels", [DEEPEST - 2, DEEPEST + 2, 900, 100_000])
def test_nesting_has_an_end(levels: int) -> None:
    nested = '{"code":200,"x":' + "[" * levels + "]" * levels + "}"
    assert (read_body(nested) is None) is (levels > DEEPEST)


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "null",
        "<html></html>",
        "OK",
        "{",
        '{"a":',
        BOMB,
        "<?xml?>",
        "<response>",
        "<rss></rss>",
        "\0",
        "\ufeff",
    ],
)
def test_what_is_no_answer_is_none(body: str) -> None:
    assert read_body(body) is None


def test_an_error_in_xml_is_the_same_error(pages: Pages, fshare: HostContext) -> None:
    body = (
        b"<?xml version='1.0'?><response><name>Not Found</name><message/><code>0</code><status>404</status></response>"
    )
    pages.answer("/web/api/v3/files/folder", 200, body)
    with pytest.raises(LinkDead):
        Fshare().describe(FILE, fshare)


def test_a_listing_in_xml_leads_to_its_next_page() -> None:
    read = read_xml(
        "<response><items><item><linkcode>A</linkcode><size/></item><item><linkcode>B</linkcode></item></items>"
        "<_links><next><href>/v3/files/folder?page=2&amp;per-page=50</href></next></_links></response>"
    )
    assert read == {
        "items": [{"linkcode": "A", "size": ""}, {"linkcode": "B"}],
        "_links": {"next": "/v3/files/folder?page=2&per-page=50"},
    }


def test_a_whole_folder_in_xml_is_that_folder(
    simulator: Simulator, stranger: HostContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator.add_folder("TOP", "Top & Co", ["SUB", *(f"F{number}" for number in range(120))])
    simulator.add_folder("SUB", "Sub", [])
    for number in range(120):
        simulator.add_file(f"F{number}", f"{number} <b> & c.mkv", number)
    as_json = list(Fshare().list_folder(TOP, stranger))
    monkeypatch.setattr("hosts.sites.fshare.wire.ACCEPT", "text/html")
    assert list(Fshare().list_folder(TOP, stranger)) == as_json
    assert len(as_json) == 121


@pytest.mark.parametrize("wrapper", ["items", "files", "folders"])
def test_a_list_is_found_in_any_wrapper(wrapper: str) -> None:
    row = {"linkcode": "A"}
    for body in ([row, "junk"], {"code": 200, wrapper: [row]}, {"data": {wrapper: [row]}}, {"data": [row]}):
        assert Answer(200, body, "").items == [row]


@pytest.mark.parametrize("code", ["", None, "A/B", "A B", "x" * 65, "É1", ["A"]])
def test_a_row_with_a_code_that_cannot_be_one_leads_nowhere(code: Any) -> None:
    row = {"name": "x", "type": 1}
    assert [entry.link.code for entry in entries_of([{**row, "linkcode": code}, {**row, "linkcode": "B"}], TOP)] == [
        "B"
    ]


@pytest.mark.parametrize("body", [{"data": {"a": 1}}, {"user": {"a": 1}}, {"data": {"user": {"a": 1, "code": 9}}}])
def test_an_object_is_found_in_any_wrapper_and_what_is_outside_counts(body: dict[str, Any]) -> None:
    fields = Answer(200, {"code": 200, **body}, "").fields
    assert (fields["a"], fields["code"]) == (1, 200)


def test_an_empty_answer_is_no_folder(pages: Pages, fshare: HostContext) -> None:
    """A bare link code makes the API answer 200 and nothing, which must not look like an empty folder."""
    pages.answer("/api/api/fileops/getFolderList", 200, b"")
    with pytest.raises(AnswerUnreadable):
        list(Fshare().list_folder(TOP, fshare))


def test_bytes_that_are_no_text_are_still_read() -> None:
    assert decoded(b'{"a":"\xff"}') == '{"a":"\ufffd"}'
    assert decoded(b"") == ""
