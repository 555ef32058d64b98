from __future__ import annotations

import json
from typing import Any

import pytest

from flasharr.simulator.registry import CDN, KINDS, TIMFSHARE, TMDB
from tests.simulator.conftest import CODE, Member
from tests.simulator.watching import Seen, fetch

# What a signed-in client that asks for a direct address sees: (fault, its options, status, part of the body).
SEEN: list[tuple[str, dict[str, Any], int, bytes]] = [
    ("session_expired", {}, 201, b'"code":201'),
    ("session_expired", {"value": "200"}, 200, b'"code":201'),
    ("session_expired", {"value": "string"}, 201, b'"code":"201"'),
    ("session_expired", {"value": "401"}, 401, b'"code":401'),
    ("stale_token", {}, 400, b'"code":400'),
    ("gate", {}, 400, b"nginx"),
    ("gate", {"value": "text"}, 200, b"Invalid User Agent!"),
    ("login_error", {"call": "download", "value": "500"}, 500, b"nginx"),
    ("link_dead", {}, 404, b'"code":404'),
    ("link_dead", {"value": "html"}, 404, b"<html>"),
    ("link_dead", {"value": "redirect"}, 302, b""),
    ("link_dead", {"value": "v3"}, 200, b'"status":404'),
    ("password_wrong", {}, 200, b'"code":123'),
    ("password_wrong", {"value": "403"}, 403, b"Please insert your password"),
    ("vip_lapsed", {}, 403, b"vip accounts only"),
    ("too_many_sessions", {}, 471, b"471"),
    ("server_error", {}, 502, b"502 Bad Gateway"),
    ("server_error", {"value": 504}, 504, b"<html>"),
    ("busy", {}, 503, b"<html>"),
    ("rate_limited", {}, 429, b"429"),
    ("redirect", {"value": 307}, 307, b""),
    ("empty_body", {}, 200, b""),
    ("empty_object", {}, 200, b"{}"),
    ("empty_location", {}, 200, b'{"location":""}'),
    ("truncated_json", {}, 200, b'{"location":"http'),
    ("html_answer", {}, 200, b"\n\n<!DOCTYPE html>"),
    ("huge_body", {}, 200, b"        "),
    ("wrapped", {}, 200, b'"data":{"location":'),
    ("code_as_string", {}, 200, b'"code":"200"'),
    ("other_location_key", {}, 200, b'"downloadurl":"http'),
    ("with_code", {}, 200, b'{"code":200,"location":"http'),
    ("wrong_charset", {"value": "utf-16"}, 200, b'"\x00l\x00o\x00c\x00a'),
    ("strict_address", {}, 200, b'{"location":'),
]
# Seen in tests of their own.
OTHERS = {"list_shifts", "silence"}


@pytest.mark.parametrize(("name", "options", "status", "text"), SEEN)
def test_the_client_sees_the_fault_once(
    signed_in: Member, name: str, options: dict[str, Any], status: int, text: bytes
) -> None:
    signed_in.simulator.fault(name, code=CODE, **options)
    seen = signed_in.download()
    assert (seen.status, text in seen.body) == (status, True)
    assert signed_in.simulator.journal[-1].faults == (name,)
    signed_in.login()
    assert list(signed_in.download().json()) == ["location"]


def test_every_fault_of_the_api_is_in_the_table() -> None:
    elsewhere = (CDN, TMDB, TIMFSHARE)
    assert {name for name, kind in KINDS.items() if kind.calls not in elsewhere} == {row[0] for row in SEEN} | OTHERS


def test_an_expired_session_stays_expired_until_a_login(signed_in: Member) -> None:
    signed_in.simulator.fault("session_expired", count=1)
    assert [signed_in.download().status, signed_in.download().status] == [201, 201]


def test_a_stale_token_leaves_the_cookie_good(signed_in: Member) -> None:
    signed_in.simulator.fault("stale_token")
    assert [signed_in.download().status, signed_in.download().status] == [400, 400]
    assert signed_in.get("/api/user/get").status == 200


def test_a_deleted_file_is_still_described(signed_in: Member) -> None:
    signed_in.simulator.fault("link_dead", value="deleted", call="fileops")
    fields = {"token": signed_in.token, "url": f"https://www.fshare.vn/file/{CODE}"}
    info = signed_in.post("/api/fileops/get", fields).json()
    assert (info["deleted"], info["linkcode"]) == ("1", CODE)


def test_a_login_can_fail_for_one_account_only(member: Member) -> None:
    member.simulator.add_account("other@example.com", "other-password")
    member.simulator.fault("login_error", account="other@example.com", value="409", count=None)
    assert member.login(user_email="Other@example.com", password="other-password").status == 409
    assert member.login().status == 200


@pytest.mark.parametrize(("value", "header"), [(7, "7"), (None, None), ("date", " GMT")])
def test_retry_after_comes_in_three_shapes(signed_in: Member, value: Any, header: str | None) -> None:
    signed_in.simulator.fault("rate_limited", value=value)
    given = signed_in.download().headers.get("retry-after")
    assert (given is None) if header is None else (given is not None and given.endswith(header))


def test_a_redirected_post_is_served_at_its_new_place(signed_in: Member) -> None:
    simulator = signed_in.simulator
    simulator.fault("redirect", value=308)
    moved = signed_in.download().headers["location"]
    assert moved == f"{simulator.url}/api/api/session/download"
    assert signed_in.post(moved.removeprefix(f"{simulator.url}/api"), _fields(signed_in)).status == 200
    simulator.fault("redirect", value={"status": 302, "to": "http://elsewhere.example/"})
    assert signed_in.download().headers["location"] == "http://elsewhere.example/"


def test_a_redirect_may_go_round_for_ever(signed_in: Member) -> None:
    signed_in.simulator.fault("redirect", count=None)
    assert {signed_in.download().status for _ in range(4)} == {302}


@pytest.mark.parametrize(("name", "ended"), [("stall", "silent"), ("reset", "reset"), ("early_end", "short")])
def test_the_line_to_the_api_can_break_too(signed_in: Member, name: str, ended: str) -> None:
    signed_in.simulator.fault(name, call="download")
    signed_in.expects_stall = name == "stall"
    assert signed_in.download().ended == ended


def test_the_listing_without_login_has_faults_too(signed_in: Member) -> None:
    simulator = signed_in.simulator

    def listing() -> Seen:
        return fetch(f"{simulator.url}/web/api/v3/files/folder?linkcode={CODE}", {"Accept": "application/json"})

    simulator.fault("server_error", call="v3", value=503)
    simulator.fault("link_dead", call="v3", value="v3", skip=1)
    assert [listing().status, listing().json()["status"], listing().json()["current"]["linkcode"]] == [503, 404, CODE]


def _fields(member: Member) -> dict[str, Any]:
    return dict(json.loads(member.simulator.journal[-1].body))


def test_an_address_with_a_query_may_be_refused(signed_in: Member) -> None:
    signed_in.simulator.fault("strict_address", count=None)
    assert signed_in.download().status == 200
    assert signed_in.download(url=f"https://www.fshare.vn/file/{CODE}?share=1").status == 404
    listing = f"{signed_in.simulator.url}/web/api/v3/files/folder?linkcode={CODE}"
    assert [fetch(listing).status, fetch(f"{listing}&token=1").status] == [200, 404]


def test_a_folder_may_change_between_its_pages(signed_in: Member) -> None:
    folder = signed_in.simulator.add_folder("TOP", "Top", [CODE, "GONE"])
    fields = {"token": signed_in.token, "url": "https://www.fshare.vn/folder/TOP"}
    for value, items in ((None, ["GONE"]), ("NEW", ["NEW", "GONE"])):
        signed_in.simulator.fault("list_shifts", value=value)
        signed_in.post("/api/fileops/getFolderList", fields)
        assert folder.items == items


def test_silence_has_not_even_a_status(signed_in: Member) -> None:
    signed_in.simulator.fault("silence", call="download")
    signed_in.expects_stall = True
    with pytest.raises(TimeoutError):
        signed_in.download()
