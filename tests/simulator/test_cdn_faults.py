from __future__ import annotations

from typing import Any

import pytest

from flasharr.simulator import Simulator
from flasharr.simulator.registry import CDN, KINDS
from tests.simulator.conftest import CODE, SIZE, Member
from tests.simulator.watching import Seen, fetch

START, END = 100_000, 200_000
ASKED = {"Range": f"bytes={START}-{END - 1}"}

# What a client that asks for bytes 100,000 to 199,999 sees: (fault, its options, status, body length, ending).
SEEN = [
    ("slow", {"value": 1_000_000}, 206, END - START, "complete"),
    ("stall", {"at": 150_000}, 206, 50_000, "silent"),
    ("stall", {"after": 0}, 206, 0, "silent"),
    ("reset", {"at": 150_000}, 206, 50_000, "reset"),
    ("reset", {"after": 0}, 206, 0, "reset"),
    ("early_end", {"at": 150_000}, 206, 50_000, "short"),
    ("early_end", {}, 206, 50_000, "short"),
    ("range_ignored", {}, 200, SIZE, "complete"),
    ("html_page", {"value": "same_length_octet"}, 200, END - START, "complete"),
    ("link_expired", {"value": 410}, 410, None, "complete"),
    ("link_expired", {"value": "html"}, 200, None, "complete"),
    ("changed_file", {"value": "bytes"}, 206, END - START, "complete"),
    ("wrong_content_range", {}, 206, END - START, "complete"),
    ("wrong_bytes", {}, 206, END - START, "complete"),
    ("extra_bytes", {"value": 7}, 206, END - START + 7, "complete"),
    ("not_satisfiable", {}, 416, None, "complete"),
    ("length_too_large", {}, 206, END - START, "short"),
    ("length_too_small", {"value": 10}, 206, END - START - 10, "complete"),
    ("chunked", {}, 206, END - START, "complete"),
    ("chunked", {"value": "open"}, 206, END - START, "short"),
    ("chunked", {"value": "close"}, 206, END - START, "complete"),
    ("corrupt", {"at": 150_000}, 206, END - START, "complete"),
    ("connection_close", {}, 206, END - START, "complete"),
    ("multipart", {}, 206, None, "complete"),
    ("ip_changed", {}, 206, END - START, "complete"),
    ("gzip_claimed", {}, 206, END - START, "complete"),
    ("server_error", {"call": "cdn", "value": 503}, 503, None, "complete"),
    ("busy", {"call": "cdn"}, 503, None, "complete"),
    ("rate_limited", {"call": "cdn", "value": 3}, 429, None, "complete"),
]


def ask(simulator: Simulator, *, stalls: bool = False) -> Seen:
    return fetch(simulator.direct_url(CODE), ASKED, stalls=stalls)


def right(simulator: Simulator, start: int = START, end: int = END) -> bytes:
    return simulator.world.files[CODE].content().read(start, end)


@pytest.mark.parametrize(("name", "options", "status", "length", "ended"), SEEN)
def test_the_client_sees_the_fault_once(
    simulator: Simulator, name: str, options: dict[str, Any], status: int, length: int | None, ended: str
) -> None:
    simulator.fault(name, code=CODE, **options)
    seen = ask(simulator, stalls=ended == "silent")
    assert (seen.status, seen.ended) == (status, ended)
    assert length is None or len(seen.body) == length
    assert simulator.journal[0].faults == (name,)
    if "content-length" in seen.headers and ended == "complete":
        assert len(seen.body) == int(seen.headers["content-length"])
    again = ask(simulator)
    assert (again.status, again.ended, again.body) == (206, "complete", right(simulator))


def test_every_fault_of_the_file_servers_is_in_the_table() -> None:
    assert {name for name, kind in KINDS.items() if kind.calls == CDN} <= {row[0] for row in SEEN}


@pytest.mark.parametrize("name", ["stall", "reset", "early_end"])
def test_what_came_before_a_cut_is_right(simulator: Simulator, name: str) -> None:
    simulator.fault(name, code=CODE, at=150_000)
    assert ask(simulator, stalls=name == "stall").body == right(simulator, START, 150_000)
    assert simulator.journal.wait_idle()
    assert simulator.journal[0].bytes_sent == 50_000


def test_a_stall_may_end(simulator: Simulator) -> None:
    simulator.fault("stall", code=CODE, at=150_000, value=0.1)
    seen = ask(simulator)
    assert (seen.body, seen.ended) == (right(simulator), "complete")


@pytest.mark.parametrize(
    ("shape", "content_type"),
    [
        ("html", "text/html; charset=UTF-8"),
        ("octet", "application/octet-stream"),
        ("same_length", "text/html; charset=UTF-8"),
    ],
)
def test_a_page_comes_in_several_guises(simulator: Simulator, shape: str, content_type: str) -> None:
    simulator.fault("html_page", code=CODE, value=shape)
    seen = ask(simulator)
    assert (seen.status, seen.headers["content-type"]) == (200, content_type)
    assert seen.body.startswith(b"<!DOCTYPE html>")
    assert (len(seen.body) == END - START) == (shape == "same_length")


@pytest.mark.parametrize(
    ("shape", "size", "is_new_tag"),
    [("etag", 1000, True), ("bytes", 1000, False), ("size", 2000, False), ("smaller", 750, False)],
)
def test_a_file_changes_for_good(simulator: Simulator, shape: str, size: int, is_new_tag: bool) -> None:
    simulator.add_file("CHANGES", "a.bin", 1000, etag="strong")
    before, sha256 = fetch(simulator.direct_url("CHANGES")), simulator.sha256("CHANGES")
    simulator.fault("changed_file", code="CHANGES", when="resume", value=shape)
    assert fetch(simulator.direct_url("CHANGES")).body == before.body
    resumed = fetch(simulator.direct_url("CHANGES"), {"Range": "bytes=100-"})
    after = fetch(simulator.direct_url("CHANGES"))
    assert resumed.headers["content-range"] == f"bytes 100-{size - 1}/{size}"
    assert resumed.body == after.body[100:] != before.body[100:]
    assert (after.headers["etag"] != before.headers["etag"]) == is_new_tag
    assert simulator.sha256("CHANGES") != sha256


@pytest.mark.parametrize(
    ("value", "lie"),
    [("start", f"bytes {START - 1}-{END - 2}/{SIZE}"), ("total", f"bytes {START}-{END - 1}/{SIZE + 1000}")],
)
def test_content_range_may_lie(simulator: Simulator, value: str, lie: str) -> None:
    simulator.fault("wrong_content_range", code=CODE, value=value)
    seen = ask(simulator)
    assert (seen.headers["content-range"], seen.body) == (lie, right(simulator))


def test_bytes_may_come_from_elsewhere(simulator: Simulator) -> None:
    simulator.fault("wrong_bytes", code=CODE, value=3)
    assert ask(simulator).body == right(simulator, START + 3, END + 3)


def test_one_byte_may_be_wrong(simulator: Simulator) -> None:
    simulator.fault("corrupt", code=CODE, at=150_000)
    wrong = [i for i, (a, b) in enumerate(zip(ask(simulator).body, right(simulator), strict=True)) if a != b]
    assert wrong == [50_000]


def test_an_expired_address_stays_expired_and_a_new_one_works(signed_in: Member) -> None:
    address = signed_in.download().json()["location"]
    signed_in.simulator.fault("link_expired", value=410)
    assert [fetch(address).status, fetch(address).status] == [410, 403]
    assert fetch(signed_in.download().json()["location"]).status == 200


@pytest.mark.parametrize(
    ("options", "statuses"),
    [
        ({"count": 2}, [416, 416, 206]),
        ({"count": None}, [416, 416, 416]),
        ({"skip": 1}, [206, 416, 206]),
        ({"code": "OTHER"}, [206, 206, 206]),
        ({"when": "fresh"}, [206, 206, 206]),
        ({"when": "resume"}, [416, 206, 206]),
        ({"at": END}, [206, 206, 206]),
        ({"at": END - 1}, [416, 206, 206]),
        ({"method": "HEAD"}, [206, 206, 206]),
        ({"call": "file"}, [416, 206, 206]),
        ({"call": "dl"}, [206, 206, 206]),
    ],
)
def test_a_fault_strikes_where_it_should(simulator: Simulator, options: dict[str, Any], statuses: list[int]) -> None:
    simulator.fault("not_satisfiable", **options)
    assert [ask(simulator).status for _ in statuses] == statuses


def test_a_head_request_uses_no_fault_up(simulator: Simulator) -> None:
    simulator.fault("reset", code=CODE, at=0)
    assert fetch(simulator.direct_url(CODE), method="HEAD").status == 200
    assert fetch(simulator.direct_url(CODE)).ended == "reset"


def test_two_faults_strike_together(simulator: Simulator) -> None:
    simulator.fault("early_end", code=CODE, at=150_001)
    simulator.fault("corrupt", code=CODE, at=150_000)
    seen = ask(simulator)
    assert (len(seen.body), seen.ended) == (50_001, "short")
    assert seen.body[:-1] == right(simulator, START, 150_000)
    assert seen.body[-1:] != right(simulator, 150_000, 150_001)


def test_a_slow_line_takes_its_time(simulator: Simulator) -> None:
    simulator.fault("slow", code=CODE, value=500_000)
    ask(simulator)
    assert simulator.journal[0].seconds > 0.15


def test_an_unknown_fault_is_refused_with_the_choice(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match=r"no fault nonsense.*Choose from: .*stall"):
        simulator.fault("nonsense")
