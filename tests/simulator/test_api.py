from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest

from flasharr.simulator import Simulator
from flasharr.simulator.accounts import LOGIN_ERRORS
from tests.simulator.conftest import CODE, SIZE, Member
from tests.simulator.watching import fetch

HOUR = 3600


def code(seen: Any) -> tuple[int, Any]:
    return seen.status, seen.json().get("code")


def test_a_login_answers_like_the_real_one(member: Member) -> None:
    seen = member.login()
    assert seen.status == 200
    assert list(seen.json()) == ["code", "msg", "token", "session_id"]
    assert re.fullmatch(r"[0-9a-f]{40}", seen.json()["token"])
    assert re.fullmatch(r"[a-z0-9]{26}", seen.json()["session_id"])
    assert seen.headers["set-cookie"].startswith("PHPSESSID=")


def test_a_login_is_lenient_about_its_form(member: Member) -> None:
    given = member.simulator.environment()
    assert member.login(user_email="DEMO@Example.COM").status == 200
    fields = {"user_email": "demo@example.com", "password": "demo-password", "app_key": given["FSHARE_APP_KEY"]}
    agent = {"User-Agent": given["FSHARE_USER_AGENT"]}
    url = f"{given['FSHARE_API_URL']}/api/user/login/"
    assert fetch(url, agent, "POST", urlencode(fields).encode()).status == 200


@pytest.mark.parametrize("row", LOGIN_ERRORS)
def test_an_account_can_be_refused_in_every_known_way(member: Member, row: str) -> None:
    status, number, _ = LOGIN_ERRORS[row]
    member.simulator.add_account("odd@example.com", "odd-password", login_error=row)
    seen = member.login(user_email="odd@example.com", password="odd-password")
    assert seen.status == status
    assert (b"<html>" in seen.body) if number is None else (seen.json()["code"] == number)


def test_three_wrong_passwords_lock_the_account_for_ten_minutes(member: Member) -> None:
    assert [code(member.login(password="wrong")) for _ in range(3)] == [(405, 405)] * 3
    assert code(member.login()) == (424, 424)
    member.simulator.clock.advance(599)
    assert code(member.login()) == (424, 424)
    member.simulator.clock.advance(2)
    assert code(member.login()) == (200, 200)


def test_a_login_needs_the_app_key_and_vip(member: Member) -> None:
    assert code(member.login(app_key="wrong")) == (405, 405)
    assert code(member.login(password="")) == (400, 400)
    member.simulator.add_account("free@example.com", "free-password", kind="Member", vip_until=None)
    assert code(member.login(user_email="free@example.com", password="free-password")) == (403, 403)


@pytest.mark.parametrize(
    "headers", [{"User-Agent": "curl/8"}, {"Referer": "https://api.fshare.vn/api/user/login"}, {"User-Agent": ""}]
)
@pytest.mark.parametrize(
    ("shape", "status", "text"), [("400", 400, b"nginx"), ("502", 502, b"nginx"), ("text", 200, b"Invalid")]
)
def test_the_gate_lets_only_known_clients_in(
    member: Member, headers: dict[str, str], shape: str, status: int, text: bytes
) -> None:
    member.simulator.world.rules.gate = shape
    member.headers = headers
    seen = member.login()
    assert (seen.status, text in seen.body) == (status, True)
    assert seen.headers["content-type"].startswith("text/html")


def test_an_app_key_is_bound_to_its_user_agent(member: Member) -> None:
    member.simulator.world.apps["OtherKey"] = "Other-Agent"
    assert member.login(app_key="OtherKey").status == 400
    member.headers = {"User-Agent": "Other-Agent"}
    assert member.login(app_key="OtherKey").status == 200


def test_a_direct_address_is_minted_anew_each_time(signed_in: Member) -> None:
    first, second = (signed_in.download().json() for _ in range(2))
    assert list(first) == ["location"]
    assert first != second
    assert re.search(r"/cdn/dl/[A-Za-z0-9+-]{80}/Phim%20hay%20%E2%80%93%20t%E1%BA%ADp%201\.mkv$", first["location"])
    raw = signed_in.post("/api/session/download", {"token": signed_in.token, "url": f"fshare.vn/file/{CODE}"})
    assert b"\\/cdn\\/dl\\/" in raw.body


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.fshare.vn/file/{CODE}",
        f"http://fshare.vn/file/{CODE}/",
        f"https://www.fshare.vn/file/{CODE}?token=1613735234",
        f"https://www.fshare.vn/file/{CODE.lower()}?share=8888",
    ],
)
def test_it_takes_a_link_in_any_spelling(signed_in: Member, url: str) -> None:
    assert signed_in.download(url=url).status == 200


def test_a_session_needs_both_cookie_and_token(signed_in: Member) -> None:
    assert code(signed_in.download(token="0" * 40)) == (400, 400)
    signed_in.session_id = "unknown"
    assert code(signed_in.download()) == (201, 201)


def test_a_session_lives_six_hours_after_its_last_use(signed_in: Member) -> None:
    clock = signed_in.simulator.clock
    for _ in range(3):
        clock.advance(5 * HOUR)
        assert signed_in.get("/api/user/get").status == 200
    clock.advance(6 * HOUR + 1)
    assert code(signed_in.get("/api/user/get")) == (201, 201)


def test_a_session_may_not_slide(signed_in: Member) -> None:
    signed_in.simulator.world.rules.session_slides = False
    signed_in.simulator.clock.advance(5 * HOUR)
    assert signed_in.download().status == 200
    signed_in.simulator.clock.advance(2 * HOUR)
    assert signed_in.download().status == 201


def test_a_new_login_may_end_the_old_session(signed_in: Member) -> None:
    signed_in.simulator.world.rules.single_session = True
    other = Member(signed_in.simulator)
    other.login()
    assert (signed_in.download().status, other.download().status) == (201, 200)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [("201", (201, 201)), ("200", (200, 201)), ("401", (401, 401)), ("string", (201, "201")), ("202", (202, 202))],
)
def test_an_ended_session_shows_in_its_shape(signed_in: Member, shape: str, expected: tuple[int, Any]) -> None:
    signed_in.simulator.world.rules.expired = shape
    signed_in.simulator.state.sessions.end_all("demo@example.com")
    assert code(signed_in.download()) == expected


def test_logging_out_twice_is_told(signed_in: Member) -> None:
    assert [code(signed_in.get("/api/user/logout")) for _ in range(2)] == [(200, 200), (201, 201)]


def test_a_token_can_be_refreshed_where_that_exists(signed_in: Member) -> None:
    fields = {"token": signed_in.token, "app_key": signed_in.simulator.environment()["FSHARE_APP_KEY"]}
    seen = signed_in.post("/api/user/refreshToken", fields)
    assert seen.json()["token"] != signed_in.token
    assert code(signed_in.post("/api/user/refreshToken", fields)) == (403, 34)
    signed_in.simulator.world.rules.refresh = False
    assert signed_in.post("/api/user/refreshToken", fields).status == 404


def test_account_information_is_all_strings(signed_in: Member) -> None:
    info = signed_in.get("/api/user/get").json()
    assert all(isinstance(value, str) for value in info.values())
    assert (info["account_type"], info["email"], info["level"]) == ("Vip", "demo@example.com", "3")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"kind": "Forever", "vip_until": "Forever"}, "Forever"),
        ({"kind": "Bundle", "vip_until": 9e9}, "9000000000"),
        ({"kind": "Bundle", "vip_until": 9e9, "shape": "ints"}, 9_000_000_000),
    ],
)
def test_account_information_varies(member: Member, options: dict[str, Any], expected: Any) -> None:
    member.simulator.add_account("other@example.com", "other-password", **options)
    member.login(user_email="other@example.com", password="other-password")
    info = member.get("/api/user/get").json()
    assert (info["expire_vip"], info["account_type"]) == (expected, options["kind"])


def test_account_information_may_be_nested(signed_in: Member) -> None:
    signed_in.simulator.world.accounts["demo@example.com"].shape = "nested"
    assert signed_in.get("/api/user/get").json()["data"]["email"] == "demo@example.com"


@pytest.mark.parametrize(
    ("shape", "missing", "wrong"), [("200", (200, 123), (200, 123)), ("403", (403, 403), (403, 123))]
)
def test_a_passworded_file_asks_for_it(signed_in: Member, shape: str, missing: Any, wrong: Any) -> None:
    signed_in.simulator.world.rules.password = shape
    signed_in.simulator.add_file("SECRET", "a.mkv", 10, password="open sesame")
    assert code(signed_in.download("SECRET")) == missing
    assert code(signed_in.download("SECRET", password="")) == missing
    assert code(signed_in.download("SECRET", password="wrong")) == wrong
    assert signed_in.download("SECRET", password="open sesame").status == 200


def test_vip_may_lapse(signed_in: Member) -> None:
    signed_in.simulator.world.accounts["demo@example.com"].vip_until = 1.0
    assert code(signed_in.download()) == (403, 403)


def test_dead_files_say_so_in_several_ways(signed_in: Member) -> None:
    simulator = signed_in.simulator
    for shape in ("json", "html", "redirect", "deleted"):
        simulator.add_file(f"DEAD{shape}", "a.mkv", 10, dead=shape)
    assert code(signed_in.download("NOSUCH")) == (404, 404)
    assert code(signed_in.download("DEADJSON")) == (404, 404)
    assert b"<html" in signed_in.download("DEADHTML").body
    assert code(signed_in.download("DEADDELETED")) == (404, 404)
    moved = signed_in.download("DEADREDIRECT")
    page = fetch(moved.headers["location"])
    assert (moved.status, page.status, "không tồn tại" in page.body.decode()) == (302, 200, True)


def test_a_folder_link_is_answered_with_a_page(signed_in: Member) -> None:
    seen = signed_in.download(url="https://www.fshare.vn/folder/ABC")
    assert (seen.status, seen.body[:1].isspace(), seen.body.lstrip()[:1]) == (200, True, b"<")


def test_a_gated_share_needs_its_token(signed_in: Member) -> None:
    signed_in.simulator.add_file("GATED", "a.mkv", 10, token="1613735234")
    link = "https://www.fshare.vn/file/GATED"
    assert signed_in.download(url=link).status == 403
    assert signed_in.download(url=f"{link}?token=1613735234").status == 200


def test_file_information_is_all_strings(signed_in: Member) -> None:
    fields = {"token": signed_in.token, "url": f"https://www.fshare.vn/file/{CODE}"}
    info = signed_in.post("/api/fileops/get", fields).json()
    assert (info["size"], info["file_type"], info["deleted"], info["pwd"]) == (str(SIZE), "1", "0", None)
    signed_in.simulator.world.files[CODE].dead = "deleted"
    assert signed_in.post("/api/fileops/get", fields).json()["deleted"] == "1"
    signed_in.simulator.world.files[CODE].dead = "json"
    assert code(signed_in.post("/api/fileops/get", fields)) == (404, 404)


def test_a_folder_is_listed_in_pages(signed_in: Member) -> None:
    simulator = signed_in.simulator
    codes = [simulator.add_file(f"ITEM{n}", f"{n}.mkv", n).code for n in range(5)]
    simulator.add_folder("INNER", "Bên trong")
    simulator.add_folder("OUTER", "Bên ngoài", ["INNER", *codes])
    fields = {"token": signed_in.token, "url": "https://www.fshare.vn/folder/OUTER", "dirOnly": 0, "limit": 4}
    pages = [signed_in.post("/api/fileops/getFolderList", {**fields, "pageIndex": n}).json() for n in range(3)]
    assert [[row["linkcode"] for row in page] for page in pages] == [["INNER", *codes[:3]], codes[3:], []]
    assert [row["type"] for row in pages[0]] == ["0", "1", "1", "1"]
    only_folders = signed_in.post("/api/fileops/getFolderList", {**fields, "pageIndex": 0, "dirOnly": 1})
    assert [row["name"] for row in only_folders.json()] == ["Bên trong"]
    total = signed_in.post("/api/fileops/getTotalFileInFolder", fields)
    assert total.json() == {"total": "6"}


def test_a_bare_code_lists_nothing_at_all(signed_in: Member) -> None:
    signed_in.simulator.add_folder("OUTER", "x", [CODE])
    for url, body in (("OUTER", b""), ("https://www.fshare.vn/folder/OUTER", CODE.encode())):
        fields = {"token": signed_in.token, "url": url, "page_index": 0, "page_size": 50}
        seen = signed_in.post("/api/fileops/getFolderListPaging", fields)
        assert seen.status == 200
        assert body in seen.body
        assert bool(body) == bool(seen.body)


def test_latency_delays_the_answer(simulator: Simulator, signed_in: Member) -> None:
    simulator.world.rules.latency = 0.1
    signed_in.download()
    assert simulator.journal[-1].seconds >= 0.1
