"""The vendor's tables of codes, row by row: what each answer becomes, and what the user reads in both languages.

SIGNING_IN is what login answers, RESOLVING what session/download answers, ELSEWHERE the rest of the known codes, as
they come on any call with a session. `wait` is in seconds, None when the backoff decides or the user must act.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
from django.utils import translation
from django.utils.translation import gettext

from hosts.base import (
    AccountLocked,
    AnswerUnreadable,
    AppRefused,
    HostBusy,
    HostContext,
    HostDown,
    LinkDead,
    LoginRefused,
    PasswordNeeded,
    PasswordWrong,
    Problem,
    SessionTaken,
    TooManySessions,
    VipNeeded,
)
from hosts.links import LinkKind
from hosts.sentences import fill
from hosts.sites.fshare import Fshare
from hosts.sites.fshare.address import link_to
from hosts.sites.fshare.refusals import NoSuchPage
from tests.hosts.pages import Pages

FILE = link_to(LinkKind.FILE, "FILE01")
USER, NOBODY = True, False  # does it wait for the user?


class Row(NamedTuple):
    status: int
    body: str
    kind: type[Problem]
    needs_user: bool
    wait: float | None
    says: str  # a part of the English sentence
    password: str = ""


def page(title: str) -> str:
    return f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center>nginx</body></html>"


def coded(code: Any, message: str = "") -> str:
    return json.dumps({"code": code, "msg": message})


SIGNING_IN = {
    "400 page: the gate": Row(400, page("400 Bad Request"), AppRefused, USER, None, "at the door"),
    "200 words: the gate": Row(200, "Invalid User Agent!", AppRefused, USER, None, "at the door"),
    "400 words: the gate": Row(400, "Invalid User Agent!", AppRefused, USER, None, "at the door"),
    "400/400": Row(400, coded(400), LoginRefused, USER, None, "form of the e-mail"),
    "403/403": Row(403, coded(403, "Application for vip accounts only"), VipNeeded, USER, None, "VIP accounts only"),
    "403/33": Row(403, coded(33), AppRefused, USER, None, "app key"),
    "403/34": Row(403, coded(34), AppRefused, USER, None, "app key"),
    "403/37": Row(403, coded(37), AppRefused, USER, None, "kind of device"),
    "403/38": Row(403, coded(38), AppRefused, USER, None, "kind of device"),
    "403/39": Row(403, coded(39), AppRefused, USER, None, "app key"),
    "405/405": Row(405, coded(405, "Authenticate fail!"), LoginRefused, USER, None, "refused the e-mail"),
    "405/authenticate": Row(405, coded("authenticate"), LoginRefused, USER, None, "refused the e-mail"),
    "405/too many": Row(405, coded("too many"), AccountLocked, USER, None, "too many sign-ins"),
    "406/406": Row(406, coded(406), AccountLocked, USER, None, "not activated or is locked"),
    "408/407": Row(408, coded(407), LoginRefused, USER, None, "a new password"),
    "408/408": Row(408, coded(408), LoginRefused, USER, None, "phone number"),
    "409/409": Row(409, coded(409), AccountLocked, USER, None, "has locked the account"),
    "410/410": Row(410, coded(410), AccountLocked, USER, None, "e-mail provider"),
    "424/424": Row(424, coded(424), AccountLocked, NOBODY, 600, "10 minutes"),
    "500": Row(500, page("500"), AppRefused, USER, None, "banned app key"),
    "500/500": Row(500, coded(500), AppRefused, USER, None, "banned app key"),
    "502": Row(502, page("502 Bad Gateway"), HostDown, NOBODY, None, "does not know your User-Agent"),
}

RESOLVING = {
    "200/123": Row(200, coded(123, "Mật khẩu không đúng"), PasswordNeeded, USER, None, "is protected"),
    "200/123 again": Row(200, coded(123), PasswordWrong, USER, None, "refused the password", "sai"),
    "403/123": Row(403, coded(123), PasswordNeeded, USER, None, "is protected"),
    "403/123 again": Row(403, coded(123), PasswordWrong, USER, None, "refused the password", "sai"),
    "403 words": Row(403, coded(403, "Please insert your password"), PasswordNeeded, USER, None, "is protected"),
    "403 words again": Row(403, coded(403, "Wrong password"), PasswordWrong, USER, None, "refused", "sai"),
    "403/403": Row(403, coded(403, "Application for vip accounts only"), VipNeeded, USER, None, "VIP accounts only"),
    "404/404": Row(404, coded(404, "Tập tin không tồn tại"), LinkDead, NOBODY, None, "no longer on the host"),
    "404 page": Row(404, page("Liên kết bạn chọn không tồn tại"), LinkDead, NOBODY, None, "no longer on the host"),
    "404 page of the web server": Row(404, page("404 Not Found"), NoSuchPage, NOBODY, None, "makes no sense"),
    "200 page of a folder": Row(200, "\n\n <!DOCTYPE html>", AnswerUnreadable, NOBODY, None, "makes no sense"),
    "201/201 twice": Row(201, coded(201, "Not logged in yet!"), SessionTaken, USER, None, "another device"),
    "400/400 twice": Row(400, coded(400), HostBusy, NOBODY, 300, "slow down"),
    "400 page": Row(400, page("400 Bad Request"), AppRefused, USER, None, "at the door"),
    "405 twice": Row(405, coded(405), SessionTaken, USER, None, "another device"),
    "429": Row(429, coded(429), HostBusy, NOBODY, None, "slow down"),
    "471": Row(471, coded(471, "Phiên tải quá nhiều"), TooManySessions, NOBODY, 120, "download sessions"),
    "500": Row(500, page("500"), HostDown, NOBODY, None, "does not answer"),
    "502": Row(502, page("502 Bad Gateway"), HostDown, NOBODY, None, "does not answer"),
    "503": Row(503, page("503"), HostBusy, NOBODY, None, "slow down"),
    "504": Row(504, page("504"), HostDown, NOBODY, None, "does not answer"),
    "200 and no address": Row(200, '{"code":200,"location":""}', AnswerUnreadable, NOBODY, None, "makes no sense"),
}

ELSEWHERE = {
    **{
        f"{status}/{code} twice": Row(status, coded(code), SessionTaken, USER, None, "another device")
        for status, code in [(200, 201), (200, "201"), (202, 202), (401, 401), (200, 420), (421, 421), (422, 422)]
    },
    "423 without a body, twice": Row(423, "", SessionTaken, USER, None, "another device"),
    "33": Row(403, coded("33"), AppRefused, USER, None, "app key"),
    "34": Row(403, coded(34), AppRefused, USER, None, "app key"),
    "37": Row(403, coded(37), AppRefused, USER, None, "kind of device"),
    "38": Row(403, coded(38), AppRefused, USER, None, "kind of device"),
    "39": Row(403, coded(39), AppRefused, USER, None, "app key"),
    "404 inside a 200": Row(200, '{"status":404}', LinkDead, NOBODY, None, "no longer on the host"),
    "406": Row(406, coded(406), AccountLocked, USER, None, "not activated or is locked"),
    "407": Row(408, coded(407), LoginRefused, USER, None, "a new password"),
    "408": Row(408, coded(408), LoginRefused, USER, None, "phone number"),
    "409": Row(409, coded(409), AccountLocked, USER, None, "has locked the account"),
    "410": Row(410, coded(410), AccountLocked, USER, None, "e-mail provider"),
    "424": Row(424, coded(424), AccountLocked, NOBODY, 600, "10 minutes"),
    **{
        str(code): Row(code, page(str(code)), TooManySessions, NOBODY, 120, "download sessions")
        for code in (470, 472, 479)
    },
    "507": Row(507, page("507"), HostDown, NOBODY, None, "does not answer"),
}


def is_told(problem: Problem, row: Row) -> None:
    """The class, the wait, and a sentence that is whole in both languages."""
    assert type(problem) is row.kind
    assert problem.needs_user is row.needs_user
    assert problem.permanent is (row.kind is LinkDead)
    assert problem.retry_after == row.wait
    assert row.says in problem.message
    assert problem.message.endswith(".")
    assert "{" not in problem.message
    with translation.override("vi"):
        vietnamese = gettext(problem.sentence)
    assert vietnamese != problem.sentence
    assert fill(vietnamese, problem.params).endswith(".")
    assert "{" not in fill(vietnamese, problem.params)


@pytest.mark.parametrize("row", SIGNING_IN.values(), ids=SIGNING_IN)
def test_signing_in(pages: Pages, fshare: HostContext, row: Row) -> None:
    assert fshare.sessions is not None
    fshare.sessions.save(None)
    pages.answer("/api/api/user/login", row.status, row.body.encode())
    with pytest.raises(Problem) as raised:
        Fshare().check_account(fshare)
    is_told(raised.value, row)
    assert [asked.path for asked in pages.asked] == ["/api/api/user/login"]


@pytest.mark.parametrize("row", [*RESOLVING.values(), *ELSEWHERE.values()], ids=[*RESOLVING, *ELSEWHERE])
def test_resolving(pages: Pages, fshare: HostContext, row: Row) -> None:
    pages.answer("/api/api/session/download", row.status, row.body.encode())
    with pytest.raises(Problem) as raised:
        Fshare().resolve(FILE, fshare, row.password)
    is_told(raised.value, row)
    asked = [asked.path for asked in pages.asked if asked.path == "/api/api/session/download"]
    assert len(asked) == (2 if row.kind is SessionTaken or row.wait == 300 else 1)
