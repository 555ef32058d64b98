"""What goes over the wire to Fshare, and what does not."""

from __future__ import annotations

import json
from threading import Event
from typing import Any

import pytest

from flasharr.simulator.dead import GONE_PAGE
from hosts.base import AnswerUnreadable, HostContext, HostDown, LinkDead
from hosts.guard import guarded_session
from hosts.links import LinkKind
from hosts.sites.fshare import Fshare
from hosts.sites.fshare.address import link_to
from tests.hosts.pages import Pages

FILE = link_to(LinkKind.FILE, "FILE01")


def test_a_page_of_the_website_is_read_without_credentials(pages: Pages, fshare: HostContext) -> None:
    with Pages() as web:
        web.answer("/api/v3/files/folder", 502)
        page = web.answer("/file/FILE01", 200, GONE_PAGE.encode())
        pages.answer("/api/api/session/download", 302, Location=page)
        config = {**fshare.config, "FSHARE_WEB_URL": web.url}
        http = guarded_session(False, Fshare().trusted_origins(config))
        with pytest.raises(LinkDead):
            Fshare().resolve(FILE, HostContext(http, config, fshare.credentials, fshare.sessions, fshare.now))
        asked = web.asked[-1]
    assert (asked.method, asked.path, asked.body) == ("GET", "/file/FILE01", b"")
    assert "Cookie" not in asked.headers


def test_signing_in_sends_what_the_api_wants(pages: Pages, fshare: HostContext) -> None:
    assert fshare.sessions is not None
    fshare.sessions.save(None)
    pages.answer("/api/api/user/get", 200, b'{"email":"me@example.com","expire_vip":"Forever"}')
    Fshare().check_account(fshare)
    login, get = pages.asked
    assert json.loads(login.body) == {
        "user_email": "me@example.com",
        "password": "pass word",
        "app_key": "key+0123456789",
    }
    assert login.headers["User-Agent"] == get.headers["User-Agent"] == "Flasharr-TEST"
    assert login.headers["Referer"] == "https://fshare.vn/"
    assert login.headers["Content-Type"] == "application/json"
    assert "Cookie" not in login.headers
    assert get.headers["Cookie"] == "session_id=session2"


def test_the_listing_gets_no_credentials(pages: Pages, fshare: HostContext) -> None:
    pages.answer("/web/api/v3/files/folder", 200, b'{"items":[],"current":{"name":"a.mkv","size":"5","type":"1"}}')
    assert Fshare().describe(FILE, fshare).size == 5
    assert "Cookie" not in pages.asked[0].headers
    assert "application/json" in pages.asked[0].headers["Accept"]


def test_a_file_name_that_reads_like_an_error_page_is_a_file_name(pages: Pages, fshare: HostContext) -> None:
    name = "Not Found - Fshare too many download sessions.mkv"
    body = json.dumps({"items": [], "current": {"name": name, "size": 5, "type": 1}})
    pages.answer("/web/api/v3/files/folder", 200, body.encode())
    assert Fshare().describe(FILE, fshare).name == name


@pytest.mark.parametrize(
    "body", [b'{"data":"', b"chunk", b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03"], ids=["plain", "chunked", "gzip"]
)
def test_a_server_that_trickles_is_cut_off(
    pages: Pages, fshare: HostContext, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr("hosts.sites.fshare.wire.LONGEST", 0.4)
    gone = Event()

    def trickle(out: Any) -> None:
        piece = b"1\r\na\r\n" if body == b"chunk" else b"a"
        out.write(b"" if body == b"chunk" else body)
        while not gone.wait(0.05):
            out.write(piece)

    headers = {"Transfer_Encoding": "chunked"} if body == b"chunk" else {}
    headers |= {"Content_Encoding": "gzip"} if body[:1] == b"\x1f" else {}
    pages.answer("/api/api/session/download", 200, trickle, **headers)
    try:
        with pytest.raises(HostDown):
            Fshare().resolve(FILE, fshare)
    finally:
        gone.set()


@pytest.mark.parametrize("target", [b"http://[bad/", b"http://example.com:99999/a", b"http://caf\xe9.example/"])
def test_a_redirect_to_what_is_no_address_makes_no_sense(pages: Pages, fshare: HostContext, target: bytes) -> None:
    pages.answer("/api/api/session/download", 302, Location=target)
    with pytest.raises(AnswerUnreadable):
        Fshare().resolve(FILE, fshare)


@pytest.mark.parametrize("address", ["http://[bad/a", "http://example.com:99999/a", "http:///a"])
def test_a_minted_address_that_is_none_makes_no_sense(pages: Pages, fshare: HostContext, address: str) -> None:
    pages.answer("/api/api/session/download", 200, json.dumps({"location": address}).encode())
    with pytest.raises(AnswerUnreadable):
        Fshare().resolve(FILE, fshare)


@pytest.mark.parametrize(
    "size",
    ["1e999", "-1e999", "NaN", "Infinity", "1" + "0" * 30, "1e30", "-5", '"-5"', '"--5"', str(2**63), "null"],
)
def test_a_size_that_is_none_is_unknown(pages: Pages, fshare: HostContext, size: str) -> None:
    body = '{"items":[],"current":{"name":"\\ud800a\\u0000.mkv","size":' + size + ',"type":1}}'
    pages.answer("/web/api/v3/files/folder", 200, body.encode())
    entry = Fshare().describe(FILE, fshare)
    assert (entry.name, entry.size) == ("\ufffda\ufffd.mkv", None)


def test_the_largest_size_is_one(pages: Pages, fshare: HostContext) -> None:
    body = json.dumps({"items": [], "current": {"name": "a.mkv", "size": str(2**63 - 1), "type": 1}})
    pages.answer("/web/api/v3/files/folder", 200, body.encode())
    assert Fshare().describe(FILE, fshare).size == 2**63 - 1


def test_a_next_page_that_is_no_address_is_read_all_the_same(pages: Pages, fshare: HostContext) -> None:
    folder = link_to(LinkKind.FOLDER, "TOP")
    for following, pages_read in (("http://[bad?page=1", 1), ("http://[bad?page=--2", 1), ("//[x?page=9#a", 2)):
        body = {"items": [{"linkcode": "FILE01", "name": "a\udfff", "type": 1}], "_links": {"next": following}}
        pages.asked.clear()
        pages.answer("/web/api/v3/files/folder", 200, json.dumps(body).encode())
        assert [entry.name for entry in Fshare().list_folder(folder, fshare)] == ["a\ufffd"]
        assert len(pages.asked) == pages_read


def test_what_an_account_is_called_can_be_stored(pages: Pages, fshare: HostContext) -> None:
    kind = "Vip\ud800" + "x" * 100
    pages.answer("/api/api/user/get", 200, json.dumps({"account_type": kind, "expire_vip": "1e999"}).encode())
    info = Fshare().check_account(fshare)
    assert info.kind.encode()
    assert len(info.kind) == 40
    assert not info.is_vip


def test_nothing_secret_shows_in_a_repr(fshare: HostContext) -> None:
    shown = repr(fshare) + repr(fshare.credentials) + repr(fshare.sessions and fshare.sessions.load())
    for secret in ("pass word", "key+0123456789", "token", "'session'"):
        assert secret not in shown.replace("hosts.base.MemorySessions", "")
