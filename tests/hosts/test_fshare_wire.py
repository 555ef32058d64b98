"""What goes over the wire to Fshare, and what does not."""

from __future__ import annotations

import json

import pytest

from hosts.base import HostContext, LinkDead
from hosts.guard import guarded_session
from hosts.links import LinkKind
from hosts.sites.fshare import Fshare
from hosts.sites.fshare.address import link_to
from tests.hosts.pages import Pages

FILE = link_to(LinkKind.FILE, "FILE01")


def test_a_page_of_the_website_is_read_without_credentials(pages: Pages, fshare: HostContext) -> None:
    with Pages() as web:
        web.answer("/api/v3/files/folder", 502)
        page = web.answer("/file/FILE01", 200, b"<title>Not Found - Fshare</title>")
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


def test_nothing_secret_shows_in_a_repr(fshare: HostContext) -> None:
    shown = repr(fshare) + repr(fshare.credentials) + repr(fshare.sessions and fshare.sessions.load())
    for secret in ("pass word", "key+0123456789", "token", "'session'"):
        assert secret not in shown.replace("hosts.base.MemorySessions", "")
