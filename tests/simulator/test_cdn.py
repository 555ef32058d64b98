from __future__ import annotations

import http.client
from typing import Any
from urllib.parse import quote

import pytest

from flasharr.simulator import Simulator
from tests.simulator.conftest import CODE, SIZE, Member
from tests.simulator.watching import fetch


def test_it_serves_the_whole_file(simulator: Simulator) -> None:
    seen = fetch(simulator.direct_url(CODE))
    assert (seen.status, seen.ended) == (200, "complete")
    assert seen.headers["accept-ranges"] == "bytes"
    assert seen.headers["content-type"] == "application/octet-stream"
    assert seen.body == simulator.world.files[CODE].content().read()


def test_head_says_the_length_and_sends_nothing(simulator: Simulator) -> None:
    seen = fetch(simulator.direct_url(CODE), method="HEAD")
    assert (seen.status, seen.headers["content-length"], seen.body) == (200, str(SIZE), b"")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("0-0", 0, 1), ("100-199", 100, 200), ("299990-", 299_990, SIZE), ("-7", SIZE - 7, SIZE), ("5-999999", 5, SIZE)],
)
def test_it_serves_ranges(simulator: Simulator, asked: str, start: int, end: int) -> None:
    seen = fetch(simulator.direct_url(CODE), {"Range": f"bytes={asked}"})
    assert seen.status == 206
    assert seen.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert seen.body == simulator.world.files[CODE].content().read(start, end)


def test_a_range_beyond_the_end_is_416(simulator: Simulator) -> None:
    seen = fetch(simulator.direct_url(CODE), {"Range": f"bytes={SIZE}-"})
    assert (seen.status, seen.headers["content-range"]) == (416, f"bytes */{SIZE}")


def test_an_empty_file_is_empty(simulator: Simulator) -> None:
    simulator.add_file("EMPTY", "nothing.txt", 0)
    seen = fetch(simulator.direct_url("EMPTY"))
    assert (seen.status, seen.headers["content-length"], seen.body) == (200, "0", b"")


def test_a_file_without_ranges_comes_whole(simulator: Simulator) -> None:
    simulator.add_file("WHOLE", "a.bin", 1000, ranges=False, accept_ranges="none")
    seen = fetch(simulator.direct_url("WHOLE"), {"Range": "bytes=500-"})
    assert (seen.status, len(seen.body), seen.headers["accept-ranges"]) == (200, 1000, "none")


@pytest.mark.parametrize(
    ("options", "condition", "status"),
    [
        ({"etag": "strong"}, '"tagged-0"', 206),
        ({"etag": "strong"}, '"tagged-9"', 200),
        ({"etag": "weak"}, 'W/"tagged-0"', 200),
        ({"last_modified": True}, "Tue, 14 Nov 2023 22:13:20 GMT", 206),
        ({"last_modified": True}, "Tue, 14 Nov 2023 22:13:21 GMT", 200),
        ({}, '"anything"', 200),
    ],
)
def test_it_honours_if_range(simulator: Simulator, options: dict[str, Any], condition: str, status: int) -> None:
    simulator.add_file("TAGGED", "a.bin", 1000, **options)
    seen = fetch(simulator.direct_url("TAGGED"), {"Range": "bytes=10-", "If-Range": condition})
    assert seen.status == status


@pytest.mark.parametrize(
    ("profile", "header"),
    [
        ("none", None),
        ("ascii", 'attachment; filename="Chuy?n.mkv"'),
        ("utf8", 'attachment; filename="Chuyện.mkv"'.encode().decode("latin-1")),
        ("rfc5987", f"attachment; filename=\"file\"; filename*=UTF-8''{quote('Chuyện.mkv')}"),
        ("wrong", 'attachment; filename="another name.bin"'),
        ("traversal", 'attachment; filename="../../../etc/cron.d/evil"'),
        ("code", 'attachment; filename="NAMED"'),
    ],
)
def test_it_names_the_file_as_its_profile_says(simulator: Simulator, profile: str, header: str | None) -> None:
    simulator.add_file("NAMED", "Chuyện.mkv", 10, disposition=profile)
    assert fetch(simulator.direct_url("NAMED")).headers.get("content-disposition") == header


def test_a_line_is_kept_for_the_next_request(simulator: Simulator) -> None:
    connection = http.client.HTTPConnection(simulator.url.removeprefix("http://"))
    for _ in range(3):
        connection.request("GET", simulator.direct_url(CODE).removeprefix(simulator.url))
        assert len(connection.getresponse().read()) == SIZE
    line = connection.sock
    assert line is not None
    connection.close()
    assert [request.ended for request in simulator.journal] == ["complete"] * 3


def test_a_minted_address_works_until_its_time(signed_in: Member) -> None:
    simulator = signed_in.simulator
    address = signed_in.download().json()["location"]
    assert fetch(address).body == simulator.world.files[CODE].content().read()
    simulator.clock.advance(7 * 3600)
    assert fetch(address).status == 403
    assert fetch(signed_in.download().json().get("location", address)).status == 403  # the session is over too
    signed_in.login()
    assert fetch(signed_in.download().json()["location"]).status == 200


def test_an_address_can_be_good_for_one_use(signed_in: Member) -> None:
    signed_in.simulator.world.rules.link_uses = 1
    address = signed_in.download().json()["location"]
    assert [fetch(address, method=m).status for m in ("HEAD", "GET", "GET", "HEAD")] == [200, 200, 403, 403]


def test_an_address_nobody_minted_is_not_there(simulator: Simulator) -> None:
    assert fetch(f"{simulator.url}/cdn/dl/{'x' * 80}/film.mkv").status == 404
    assert fetch(f"{simulator.url}/cdn/file/NOSUCH/film.mkv").status == 404
    assert fetch(f"{simulator.url}/elsewhere").status == 404


def test_more_lines_than_the_account_may_have_are_refused(signed_in: Member) -> None:
    simulator = signed_in.simulator
    simulator.world.accounts["demo@example.com"].max_connections = 1
    simulator.fault("stall", code=CODE)
    first = http.client.HTTPConnection(simulator.url.removeprefix("http://"))
    address = signed_in.download().json()["location"]
    first.request("GET", address.removeprefix(simulator.url))
    response = first.getresponse()
    assert fetch(address).status == 503
    response.close()
    first.close()


def test_a_capped_line_takes_its_time(simulator: Simulator) -> None:
    simulator.world.rules.speed = 1_000_000
    assert len(fetch(simulator.direct_url(CODE)).body) == SIZE
    assert simulator.journal[0].seconds > 0.2
