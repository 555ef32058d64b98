"""Boxes of the checklist of a faithful simulator: its API and website. One short proof each; tests beside go deeper."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable
from email.message import Message
from typing import Any

import pytest

from flasharr.simulator import Fault, folder_worlds
from flasharr.simulator.accounts import EXPIRED, LOGIN_ERRORS
from flasharr.simulator.answers import Answer
from flasharr.simulator.api import at_leisure
from flasharr.simulator.faults import FaultBook
from flasharr.simulator.registry import KINDS
from flasharr.simulator.visit import Visit
from flasharr.simulator.web import LISTING
from tests.simulator.conftest import CODE, Member
from tests.simulator.watching import Seen, fetch

Box = Callable[[Member], None]
BOXES: dict[str, Box] = {}


def box(name: str) -> Callable[[Box], Box]:
    def put(proof: Box) -> Box:
        BOXES[name] = proof
        return proof

    return put


def listing(member: Member, code: str = CODE, **query: Any) -> Seen:
    asked = "".join(f"&{name.replace('_', '-')}={value}" for name, value in query.items())
    return fetch(f"{member.simulator.url}/web{LISTING}?linkcode={code}{asked}", {"Accept": "application/json"})


def refused(member: Member, **headers: str) -> Seen:
    member.headers = headers
    seen = member.login()
    member.headers = {}
    return seen


@box("15.1 the gate: agent, app key, Referer, two cookies, in four shapes")
def _gate(member: Member) -> None:
    rules = member.simulator.world.rules
    for shape, status in (("400", 400), ("502", 502), ("text", 200)):
        rules.gate = shape
        assert refused(member, **{"User-Agent": "Mozilla"}).status == status
    rules.gate = "400"
    assert refused(member, Referer="https://api.fshare.vn/api").status == 400
    member.simulator.world.apps["other key"] = "Other"
    assert member.login(app_key="other key").status == 400
    assert member.login().status == 200


@box("15.1 bodies as JSON with and without a type, and as forms; a slash at the end")
def _bodies(member: Member) -> None:
    given = member.simulator.environment()
    agent = {"User-Agent": given["FSHARE_USER_AGENT"]}
    form = f"user_email=DEMO%40example.com&password=demo-password&app_key={given['FSHARE_APP_KEY'].replace('+', '%2B')}"
    url = f"{member.simulator.url}/api/api/user/login"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert fetch(url, {**agent, **kind}, "POST", form.encode()).status == 200
    assert fetch(url + "/", agent, "POST", form.encode()).status == 200


@box("15.1 signing in: token, id, cookie, lock after three wrong passwords for ten minutes")
def _login(member: Member) -> None:
    seen = member.login()
    assert re.fullmatch(r"[0-9a-f]{40}", seen.json()["token"])
    assert re.fullmatch(r"[0-9a-z]{26}", seen.json()["session_id"])
    assert "PHPSESSID=" in seen.headers["set-cookie"]
    assert [member.login(password="wrong").status for _ in range(3)] == [405, 405, 405]
    assert member.login().status == 424
    member.simulator.clock.advance(601)
    assert member.login().status == 200


@box("15.1 every refusal of signing in, for one account")
def _refusals(member: Member) -> None:
    account = member.simulator.world.accounts["demo@example.com"]
    for name, (status, code, _) in LOGIN_ERRORS.items():
        account.login_error = name
        seen = member.login()
        assert seen.status == status
        assert code is None or seen.json()["code"] == code
    assert len(LOGIN_ERRORS) >= 19


@box("15.1 cookie and token both: no cookie 201, wrong token 400")
def _both(member: Member) -> None:
    member.login()
    assert member.download().status == 200
    assert member.download(token="0" * 40).status == 400
    member.session_id = ""
    assert member.download().status == 201


@box("15.1 sessions end: sliding, fixed, by another device, by a new password")
def _ends(member: Member) -> None:
    rules, clock = member.simulator.world.rules, member.simulator.clock
    member.login()
    for _ in range(3):
        clock.advance(5 * 3600)
        assert member.download().status == 200
    rules.session_slides = False
    assert member.download().status == 201
    member.login()
    rules.single_session = True
    Member(member.simulator).login()
    assert member.download().status == 201
    member.login()
    member.simulator.change_password("demo@example.com", "another-password")
    assert [member.download().status, member.login(password="another-password").status] == [201, 200]


@box("15.1 an ended session in every shape")
def _expired(member: Member) -> None:
    for shape, (status, code) in EXPIRED.items():
        member.simulator.world.rules.expired = shape
        seen = member.download()
        assert seen.status == status
        assert code is None or seen.json()["code"] == code
    assert {"201", "200", "401", "string"} <= EXPIRED.keys()


@box("15.1 signing out twice; refreshing, where it exists")
def _out(member: Member) -> None:
    member.login()
    fields = {"token": member.token, "app_key": member.simulator.environment()["FSHARE_APP_KEY"]}
    fresh = member.post("/api/user/refreshToken", fields).json()
    assert fresh["token"] != member.token
    member.session_id = fresh["session_id"]
    assert [member.get("/api/user/logout").json()["code"] for _ in range(2)] == [200, 201]
    member.simulator.world.rules.refresh = False
    assert member.post("/api/user/refreshToken", fields).status == 404


@box("15.1 the account in every shape")
def _account(member: Member) -> None:
    account = member.simulator.world.accounts["demo@example.com"]
    member.login()

    def info(**changes: Any) -> dict[str, Any]:
        for name, value in changes.items():
            setattr(account, name, value)
        answer: dict[str, Any] = member.get("/api/user/get").json()
        return answer

    assert isinstance(info()["expire_vip"], str)
    assert isinstance(info(shape="ints")["expire_vip"], int)
    assert "expire_vip" in info(shape="nested")["data"]
    assert "expire_vip" not in info(shape="level")
    assert info(shape="strings", vip_until="Forever")["expire_vip"] == "Forever"
    assert info(vip_until=None)["expire_vip"] == ""
    assert info(vip_until=1.0, kind="Bundle", info={"traffic": "5"})["account_type"] == "Bundle"
    assert info()["traffic"] == "5"


@box("15.1 addresses: any spelling of the link, variants of the answer, always a new one")
def _addresses(member: Member) -> None:
    member.login()
    spellings = (f"http://fshare.vn/file/{CODE}", f"https://www.fshare.vn/file/{CODE}?share=1")
    assert [member.download(url=url).status for url in spellings] == [200, 200]
    for extra in ({"zipflag": False}, {"password": ""}, {"password": None}):
        assert member.download(**extra).status == 200
    seen = [member.download().json()["location"] for _ in range(3)]
    assert len({re.fullmatch(r".*/dl/([A-Za-z0-9+-]{80})/(.+)", it)[1] for it in seen}) == 3  # type: ignore[index]
    assert "%E1%BA%ADp%201.mkv" in seen[0]
    assert {"with_code", "other_location_key"} <= KINDS.keys()


@box("15.1 fileops and lists: strings, escapes, pages from 0, the bare code's empty answer")
def _lists(member: Member) -> None:
    member.login()
    folder_worlds.full(member.simulator.world, 7)
    fields = {"token": member.token, "url": "https://www.fshare.vn/folder/TOP"}
    info = member.post("/api/fileops/get", {**fields, "url": f"https://www.fshare.vn/file/{CODE}"}).json()
    assert {type(value) for value in info.values()} <= {str, type(None)}
    page = member.post("/api/fileops/getFolderList", {**fields, "dirOnly": 0, "pageIndex": 1, "limit": 5})
    assert len(page.json()) == 2
    assert b"\\u1eadp" in page.body
    assert b"\\/" in page.body
    assert member.post("/api/fileops/getFolderListPaging", {**fields, "url": "TOP"}).body == b""
    assert len(member.post("/api/fileops/getFolderListPaging", {**fields, "page_index": 0, "page_size": 5}).json()) == 5
    assert member.post("/api/fileops/getTotalFileInFolder", fields).json() == {"total": "7"}
    assert member.get("/api/fileops/list/home").json() == []


@box("15.1 the website's listing: JSON and XML, pages from 1, sizes, descriptions, kinds of nothing")
def _listing(member: Member) -> None:
    rules = member.simulator.world.rules
    folder_worlds.full(member.simulator.world, 7)
    page = listing(member, "TOP", page=2, per_page=5).json()
    assert len(page["items"]) == 2
    assert page["_links"]["first"].startswith("/v3/files/folder?")
    assert "next" not in page["_links"]
    assert listing(member).json()["current"]["linkcode"] == CODE
    assert fetch(f"{member.simulator.url}/web{LISTING}?linkcode={CODE}").body.startswith(b"<?xml")
    for shape, size in (("int", 300_000), ("str", "300000"), ("human", "0 MB")):
        rules.v3_sizes = shape
        assert listing(member).json()["current"]["size"] == size
    rules.v3_description = ""
    assert "descrption" not in listing(member).json()["current"]
    for mimetype in (None, ""):
        rules.folder_mimetype = mimetype
        assert listing(member, "TOP").json()["current"]["mimetype"] == mimetype
    assert listing(member, "NOSUCH").status == 404
    rules.v3_dead = "body"
    assert (listing(member, "NOSUCH").status, listing(member, "NOSUCH").json()["status"]) == (200, 404)


@box("15.1 shares that want their token, at every level; addresses that want nothing but the code")
def _gated(member: Member) -> None:
    folder_worlds.deep(member.simulator.world, 3, "1613735234")
    assert listing(member, "TOP").json()["items"] == []
    assert len(listing(member, "LEVEL02", token="1613735234").json()["items"]) == 2
    member.simulator.world.rules.gated = "403"
    assert listing(member, "LEVEL02").status == 403
    member.simulator.fault("strict_address")
    assert listing(member, "TOP", token="1613735234").status == 404


@box("15.1 folders: empty, deep, in circles, repeated, deleted, passworded, shifting, full to the page")
def _folders(member: Member) -> None:
    world = member.simulator.world
    folder_worlds.tangled(world)
    rows = {row["linkcode"]: row for row in _rows(member, "TOP")}
    assert (rows["DELETED"]["deleted"], rows["SECRET"]["pwd"], _rows(member, "EMPTY")) == ("1", "1", [])
    assert rows["TWICE"]["name"] == rows["SAMENAME"]["name"]
    folder_worlds.deep(world)
    assert world.folders["LEVEL25"].items[-1] == "TOP"
    folder_worlds.full(world, 5000)
    assert [len(_rows(member, "TOP", pageIndex=page)) for page in (0, 4, 5)] == [1000, 1000, 0]
    member.simulator.fault("list_shifts")
    _rows(member, "TOP")
    assert len(world.folders["TOP"].items) == 4999


def _rows(member: Member, code: str, **fields: Any) -> list[dict[str, Any]]:
    member.login()
    url = f"https://www.fshare.vn/folder/{code}"
    asked = {"token": member.token, "url": url, "limit": 1000, **fields}
    rows: list[dict[str, Any]] = member.post("/api/fileops/getFolderList", asked).json()
    return rows


@box("15.1 pages for people: signing in, free download, password form, pages of the dead")
def _site(member: Member) -> None:
    site, world = f"{member.simulator.url}/web", member.simulator.world

    def sign_in(password: str) -> Seen:
        csrf = re.search(rb'csrf-token" content="([^"]+)', fetch(f"{site}/site/login").body)
        assert csrf
        form = f"_csrf-app={csrf[1].decode()}&LoginForm[email]=demo@example.com&LoginForm[password]={password}"
        return fetch(f"{site}/site/login", {}, "POST", form.encode())

    assert sign_in("wrong").status == 200
    welcome = sign_in("demo-password")
    assert (welcome.status, welcome.headers["location"]) == (302, f"{site}/account/profile")
    cookie = {"Cookie": welcome.headers["set-cookie"].partition(";")[0]}
    assert [fetch(f"{site}/account/profile", it).status for it in (cookie, {})] == [200, 302]
    assert fetch(f"{site}/site/login", cookie).status == 302
    for trouble, said in (("captcha", "verifyCode"), ("devices", "nhiều thiết bị")):
        world.rules.web_login = trouble
        assert said in sign_in("demo-password").body.decode()
    member.simulator.add_file("SECRET", "a.mkv", 10, password="mở")
    assert b"password-form" in fetch(f"{site}/file/SECRET").body
    wrong = fetch(f"{site}/file/SECRET", {}, "POST", b"DownloadPasswordForm[password]=x")
    assert "Sai mật khẩu" in wrong.body.decode()
    free = {"_csrf-app": "c3JmLXRva2Vu", "linkcode": CODE}
    answer = _free(member, free)
    assert answer["wait_time"] == "35"
    assert len(fetch(answer["url"]).body) == 300_000
    world.files[CODE].vip_only = True
    assert _free(member, free) == {"policydowload": True}
    assert "không tồn tại" in _free(member, {**free, "linkcode": "NOSUCH"})["msg"]
    for path, words in (("/file/NOSUCH", "Tập tin của bạn"), ("/folder/NOSUCH", "Thư mục của bạn")):
        assert words in fetch(site + path).body.decode()


def _free(member: Member, fields: dict[str, str]) -> dict[str, Any]:
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    answer: dict[str, Any] = fetch(f"{member.simulator.url}/web/download/get", {}, "POST", body).json()
    return answer


@box("15.1 latency as measured, the same in every run, or none")
def _latency(member: Member) -> None:
    state = member.simulator.state
    assert at_leisure(Answer(200), state).delay == 0
    state.world.rules.latency = -1
    delays = sorted(at_leisure(Answer(200), state).delay for _ in range(2000))
    assert 0.6 < statistics.median(delays) < 0.95
    assert 4 < delays[1900] < 9
    assert delays[-1] <= 11.3


@box("15.3 sessions that end at each step, once more, and while signing in is locked")
def _steps(member: Member) -> None:
    member.login()
    member.simulator.fault("session_expired", call="download", count=2)
    assert [member.download().status, member.login().status, member.download().status] == [201, 200, 201]
    member.simulator.fault("login_error", value="424")
    assert member.login().status == 424
    member.simulator.state.sessions.end_all("demo@example.com")  # another device


@box("15.3 stale tokens, gates, dead and locked links, odd answers, bursts, waits, redirects")
def _faults(member: Member) -> None:
    needed = (
        "stale_token gate link_dead password_wrong vip_lapsed too_many_sessions empty_body empty_object empty_location "
        "html_answer truncated_json wrong_charset code_as_string wrapped huge_body server_error busy rate_limited "
        "redirect silence stall reset early_end"
    )
    assert set(needed.split()) <= KINDS.keys()


@box("15.3 a fault that lasts for a time, and one that strikes by chance, the same in every run")
def _chance(member: Member) -> None:
    member.login()
    member.simulator.fault("too_many_sessions", count=None, seconds=60)
    assert member.download().status == 471
    member.simulator.clock.advance(61)
    assert member.download().status == 200
    patterns = []
    for _ in range(2):
        book = FaultBook(KINDS, member.simulator.clock)
        book.add(Fault("server_error", count=None, chance=0.3))
        visit = Visit("GET", "/api/api/user/get", Message(), call="user")
        patterns.append([bool(book.take(visit)) for _ in range(200)])
    assert patterns[0] == patterns[1]
    assert 40 <= sum(patterns[0]) <= 80


@pytest.mark.parametrize("proof", BOXES.values(), ids=BOXES)
def test_the_box_is_there(member: Member, proof: Box) -> None:
    proof(member)
