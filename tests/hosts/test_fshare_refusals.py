"""Every code of Fshare's that is known, as an answer off the wire, and what it must become."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hosts.base import (
    AccountLocked,
    AnswerUnreadable,
    AppRefused,
    HostBusy,
    HostContext,
    HostDown,
    HostProblem,
    LinkDead,
    LinkRefused,
    LoginRefused,
    MemorySessions,
    PasswordNeeded,
    PasswordWrong,
    Problem,
    QuotaReached,
    SessionTaken,
    TooManySessions,
    VipNeeded,
)
from hosts.guard import guarded_session
from hosts.links import LinkKind
from hosts.sites.fshare import Fshare
from hosts.sites.fshare.address import link_to
from hosts.sites.fshare.refusals import NoSuchPage
from tests.hosts.pages import Pages

FILE = link_to(LinkKind.FILE, "FILE01")
HTML = "<html><head><title>{0}</title></head><body><center>{0}</center>nginx</body></html>"


def html(text: str) -> str:
    return HTML.format(text)


def coded(code: Any, message: str = "") -> str:
    return json.dumps({"code": code, "msg": message})


LOGIN: dict[str, tuple[int, str, type[Problem], float | None]] = {
    "gate": (400, html("400 Bad Request"), AppRefused, None),
    "gate in words": (200, "Invalid User Agent!", AppRefused, None),
    "malformed": (400, coded(400), LoginRefused, None),
    "VIP only": (403, coded(403, "Application for vip accounts only"), VipNeeded, None),
    "app not authorised": (403, coded(33), AppRefused, None),
    "app invalid": (403, coded(34), AppRefused, None),
    "device": (403, coded(37), AppRefused, None),
    "environment": (403, coded(38), AppRefused, None),
    "key invalid": (403, coded(39), AppRefused, None),
    "wrong password": (405, coded(405, "Authenticate fail!"), LoginRefused, None),
    "wrong password in words": (405, coded("authenticate"), LoginRefused, None),
    "wrong password as a string": (405, coded("405"), LoginRefused, None),
    "wrong password in a 200": (200, coded(405), LoginRefused, None),
    "too many tries": (405, coded("too many"), AccountLocked, None),
    "not activated": (406, coded(406), AccountLocked, None),
    "change the password": (408, coded(407), LoginRefused, None),
    "password is the phone number": (408, coded(408), LoginRefused, None),
    "login locked": (409, coded(409), AccountLocked, None),
    "locked or banned": (410, coded(410), AccountLocked, None),
    "locked for a while": (424, coded(424), AccountLocked, 600),
    "rate limited": (429, coded(429), HostBusy, None),
    "banned key": (500, html("500"), AppRefused, None),
    "upstream": (502, html("502 Bad Gateway"), HostDown, None),
    "gateway timeout": (504, html("504"), HostDown, None),
    "request timeout": (408, html("408"), HostDown, None),
    "unavailable": (503, html("503"), HostBusy, None),
    "another device": (200, html("Your account is being used from another device"), SessionTaken, None),
    "stolen": (200, html("Fshare suspect this account has been stolen or is used"), AccountLocked, None),
    "unknown code": (200, coded(999), AnswerUnreadable, None),
    "nothing": (200, "", AnswerUnreadable, None),
    "an empty object": (200, "{}", AnswerUnreadable, None),
    "a list": (200, "[1]", AnswerUnreadable, None),
    "a session without its id": (200, '{"code":200,"token":"x"}', AnswerUnreadable, None),
    "a session that would split a header": (
        200,
        '{"code":200,"token":"x","session_id":"a\\r\\nX: y"}',
        AnswerUnreadable,
        None,
    ),
    "no such address": (404, html("404"), AnswerUnreadable, None),
    "no such address of the website": (404, html("Not Found - Fshare"), NoSuchPage, None),
    "a dead link's page": (404, html("Tập tin của bạn yêu cầu không tồn tại"), AnswerUnreadable, None),
}

DOWNLOAD: dict[str, tuple[int, str, type[Problem], float | None]] = {
    "password in a 200": (200, coded(123, "Mật khẩu không đúng, vui lòng nhập lại"), PasswordNeeded, None),
    "password in a 403": (403, coded(123), PasswordNeeded, None),
    "password as a string": (200, coded("123"), PasswordNeeded, None),
    "password in words": (403, coded(403, "Please insert your password"), PasswordNeeded, None),
    "password in Vietnamese words": (403, coded(403, "Mật khẩu không đúng"), PasswordNeeded, None),
    "password in words in a 200": (200, coded(403, "Please insert your password"), PasswordNeeded, None),
    "password in plain text": (403, "Please insert your password", PasswordNeeded, None),
    "VIP only": (403, coded(403, "Application for vip accounts only"), VipNeeded, None),
    "app": (403, coded(33), AppRefused, None),
    "gone": (404, coded(404, "Tập tin không tồn tại"), LinkDead, None),
    "gone in a 200": (200, coded("404"), LinkDead, None),
    "gone as a status": (200, '{"name":"Not Found","code":0,"status":404}', LinkDead, None),
    "gone as a page": (404, html("Tập tin của bạn yêu cầu không tồn tại"), LinkDead, None),
    "a page of the website": (404, html("Không tìm thấy - Fshare"), NoSuchPage, None),
    "a page of the web server": (404, html("404 Not Found"), NoSuchPage, None),
    "gone in a page that is fine": (200, html("Tập tin của bạn yêu cầu không tồn tại"), LinkDead, None),
    "gone in decomposed Vietnamese": (200, html("Liên kết bạn chọn không tồn tại"), LinkDead, None),
    "folder gone": (200, html("Thư mục của bạn yêu cầu không tồn tại"), LinkDead, None),
    "gone, image": (200, html("<img src=/images/Filenotfound>"), LinkDead, None),
    "gone in English": (200, html("Your requested file does not existed."), LinkDead, None),
    "deleted by its owner": (200, html("The file has been deleted by the user."), LinkDead, None),
    "persistent 400": (400, coded(400), HostBusy, 300),
    "gate": (400, html("400 Bad Request"), AppRefused, None),
    "forbidden by the door": (403, html("403 Forbidden"), AnswerUnreadable, None),
    "busy": (429, coded(429), HostBusy, None),
    "too many sessions": (471, coded(471), TooManySessions, 120),
    "too many sessions as a page": (471, html("471"), TooManySessions, 120),
    "too many sessions, another 47x": (475, coded(475), TooManySessions, 120),
    "too many sessions in words": (200, coded(200, "Quá nhiều phiên tải"), TooManySessions, 120),
    "locked": (410, coded(410), AccountLocked, None),
    "locked for a while": (424, coded(424), AccountLocked, 600),
    "server error": (500, html("500"), HostDown, None),
    "server error in JSON": (200, coded(500), HostDown, None),
    "upstream": (502, html("502 Bad Gateway"), HostDown, None),
    "unavailable": (503, html("503"), HostBusy, None),
    "storage full": (507, html("507"), HostDown, None),
    "daily limit": (200, html("Quý khách đã vượt quá số lượt tải trong ngày"), QuotaReached, 3600),
    "server's own trouble": (200, html("Tài nguyên bạn yêu cầu không tìm thấy"), HostDown, 600),
    "guest": (200, html("Tài khoản của bạn thuộc GUEST nên chỉ tải xuống 1 lần"), VipNeeded, None),
    "some page": (200, "\n\n  <html>", AnswerUnreadable, None),
    "unknown code": (200, coded(777), AnswerUnreadable, None),
    "deep nesting": (200, "[" * 100_000, AnswerUnreadable, None),
    "a number without end": (200, '{"code":' + "9" * 5000 + "}", AnswerUnreadable, None),
    "an address that is none": (200, '{"location":"javascript:alert(1)"}', AnswerUnreadable, None),
    "an address of another type": (200, '{"location":["x"]}', AnswerUnreadable, None),
}

LISTING: dict[str, tuple[int, str, type[Problem], float | None]] = {
    "gone": (404, '{"name":"Not Found","message":"","code":0,"status":404}', LinkDead, None),
    "gone in a 200": (200, '{"status":"404"}', LinkDead, None),
    "gone as a page": (404, html("Liên kết bạn chọn không tồn tại trên hệ thống Fshare"), LinkDead, None),
    "no such address": (404, html("404 Not Found"), AnswerUnreadable, None),
    "no such address of the website": (404, html("Not Found - Fshare"), NoSuchPage, None),
    "gated": (403, '{"status":403}', LinkRefused, None),
    "a wall against bots": (403, html("Attention Required!"), AnswerUnreadable, None),
    "a door": (401, html("401"), AnswerUnreadable, None),
    "busy": (429, html("429"), HostBusy, None),
    "unavailable": (503, html("503"), HostBusy, None),
    "upstream": (502, html("502"), HostDown, None),
    "XML": (200, "<response><items/></response>", AnswerUnreadable, None),
    "nothing": (200, "", AnswerUnreadable, None),
    "an empty object": (200, "{}", AnswerUnreadable, None),
    "half of it": (200, '{"items":[{"linkc', AnswerUnreadable, None),
}


def caught(problem: Problem, kind: type[Problem], wait: float | None) -> None:
    assert type(problem) is kind
    assert problem.retry_after == wait
    assert problem.message.endswith(".")
    assert "{" not in problem.message
    assert "pass word" not in problem.message


@pytest.mark.parametrize(("status", "body", "kind", "wait"), LOGIN.values(), ids=LOGIN)
def test_every_refusal_of_signing_in_is_understood(
    pages: Pages, fshare: HostContext, status: int, body: str, kind: type[Problem], wait: float | None
) -> None:
    assert fshare.sessions is not None
    fshare.sessions.save(None)
    pages.answer("/api/api/user/login", status, body.encode())
    with pytest.raises(Problem) as raised:
        Fshare().check_account(fshare)
    caught(raised.value, kind, wait)
    assert fshare.sessions.load() is None
    assert len(pages.asked) == 1


@pytest.mark.parametrize(("status", "body", "kind", "wait"), DOWNLOAD.values(), ids=DOWNLOAD)
def test_every_refusal_of_an_address_is_understood(
    pages: Pages, fshare: HostContext, status: int, body: str, kind: type[Problem], wait: float | None
) -> None:
    pages.answer("/api/api/session/download", status, body.encode())
    with pytest.raises(Problem) as raised:
        Fshare().resolve(FILE, fshare)
    caught(raised.value, kind, wait)


@pytest.mark.parametrize(("status", "body", "kind", "wait"), LISTING.values(), ids=LISTING)
def test_every_refusal_of_the_listing_is_understood(
    pages: Pages, fshare: HostContext, status: int, body: str, kind: type[Problem], wait: float | None
) -> None:
    pages.answer("/web/api/v3/files/folder", status, body.encode())
    pages.answer("/api/api/fileops/get", 404 if kind is LinkDead else 502)
    with pytest.raises(Problem) as raised:
        Fshare().describe(FILE, HostContext(fshare.http, fshare.config))
    caught(raised.value, kind, wait)


EXPIRED = {
    "201 and 201": (201, coded(201, "Not logged in yet!")),
    "200 and 201": (200, coded(201)),
    "201 as a string": (200, coded("201")),
    "202": (202, coded(202)),
    "201 without a body": (201, ""),
    "401": (401, coded(401)),
    "401 as a page": (401, html("401")),
    "405": (405, coded(405)),
    "420": (200, coded(420)),
}


@pytest.mark.parametrize(("status", "body"), EXPIRED.values(), ids=EXPIRED)
def test_an_expiry_in_any_shape_signs_in_once_and_then_gives_up(
    pages: Pages, fshare: HostContext, status: int, body: str
) -> None:
    pages.answer("/api/api/session/download", status, body.encode())
    with pytest.raises(SessionTaken):
        Fshare().resolve(FILE, fshare)
    assert [asked.path for asked in pages.asked if asked.path.startswith("/api")] == [
        "/api/api/session/download",
        "/api/api/user/login",
        "/api/api/session/download",
    ]


def test_a_wrong_password_is_told_from_a_missing_one(pages: Pages, fshare: HostContext) -> None:
    pages.answer("/api/api/session/download", 200, coded(123).encode())
    with pytest.raises(PasswordWrong):
        Fshare().resolve(FILE, fshare, "sai")


@pytest.mark.parametrize("status", [429, 471, 503])
def test_a_wait_that_the_host_names_is_kept(pages: Pages, fshare: HostContext, status: int) -> None:
    pages.answer("/api/api/session/download", status, Retry_After="77")
    with pytest.raises(Problem) as raised:
        Fshare().resolve(FILE, fshare)
    assert raised.value.retry_after == 77


@pytest.mark.parametrize(
    ("status", "code", "wait"), [(424, 424, 900), (409, 409, None), (410, 410, None), (405, "too many", None)]
)
def test_a_lock_ends_by_itself_only_when_its_end_is_known(
    pages: Pages, fshare: HostContext, status: int, code: Any, wait: float | None
) -> None:
    assert fshare.sessions is not None
    fshare.sessions.save(None)
    pages.answer("/api/api/user/login", status, coded(code).encode(), Retry_After="900")
    with pytest.raises(AccountLocked) as locked:
        Fshare().check_account(fshare)
    assert locked.value.retry_after == wait
    assert locked.value.needs_user == (wait is None)


def test_a_server_that_is_not_there_is_down(fshare: HostContext) -> None:
    config = {**fshare.config, "FSHARE_API_URL": "http://127.0.0.1:9/api", "FSHARE_WEB_URL": "http://127.0.0.1:9"}
    http = guarded_session(False, Fshare().trusted_origins(config))
    with pytest.raises(HostProblem) as raised:
        Fshare().resolve(FILE, HostContext(http, config, fshare.credentials, MemorySessions()))
    caught(raised.value, HostDown, None)
