from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from flasharr.simulator import Simulator
from tests.simulator.conftest import CODE, SIZE
from tests.simulator.watching import Seen, fetch

JSON = {"Accept": "application/json, text/plain, */*"}


def listing(simulator: Simulator, code: str, query: str = "", headers: dict[str, str] = JSON) -> Seen:
    return fetch(f"{simulator.url}/web/api/v3/files/folder?linkcode={code}{query}", headers)


def test_a_file_is_described_without_a_login(simulator: Simulator) -> None:
    value = listing(simulator, CODE).json()
    assert value["items"] == []
    current = value["current"]
    assert (current["name"], current["size"], current["type"]) == ("Phim hay – tập 1.mkv", SIZE, 1)


def test_pages_lead_to_each_other(simulator: Simulator) -> None:
    codes = [simulator.add_file(f"ITEM{n}", f"{n}.mkv", n).code for n in range(5)]
    simulator.add_folder("OUTER", "Phim", codes)
    seen, address = [], "/v3/files/folder?linkcode=OUTER&per-page=2"
    while address:
        value = fetch(f"{simulator.url}/web/api{address}", JSON).json()
        seen.append([item["linkcode"] for item in value["items"]])
        address = value["_links"].get("next", "")
    assert seen == [codes[:2], codes[2:4], codes[4:]]


def test_a_full_last_page_has_no_next(simulator: Simulator) -> None:
    codes = [simulator.add_file(f"ITEM{n}", f"{n}.mkv", n).code for n in range(4)]
    simulator.add_folder("OUTER", "Phim", codes)
    assert "next" not in listing(simulator, "OUTER", "&page=2&per-page=2").json()["_links"]


def test_a_folder_may_hold_itself_and_the_same_twice(simulator: Simulator) -> None:
    simulator.add_folder("LOOP", "Vòng", ["LOOP", CODE, CODE, "NOSUCH"])
    items = listing(simulator, "LOOP").json()["items"]
    assert [(item["linkcode"], item["type"], item["mimetype"]) for item in items] == [
        ("LOOP", 0, None),
        (CODE, 1, "application/octet-stream"),
        (CODE, 1, "application/octet-stream"),
    ]


def test_without_the_right_accept_header_it_is_xml(simulator: Simulator) -> None:
    simulator.add_file("AMP", "Tom & Jerry.mkv", 5)
    simulator.add_folder("OUTER", "Phim", ["AMP"])
    seen = listing(simulator, "OUTER", headers={"Accept": "*/*"})
    root = ElementTree.fromstring(seen.body.decode())
    assert root.findtext("items/item/name") == "Tom & Jerry.mkv"
    assert root.findtext("_links/self") == "/v3/files/folder?linkcode=OUTER&page=1&per-page=50"


@pytest.mark.parametrize(("rule", "status"), [("http", 404), ("body", 200)])
def test_what_is_not_there_says_404_somewhere(simulator: Simulator, rule: str, status: int) -> None:
    simulator.world.rules.v3_dead = rule
    seen = listing(simulator, "NOSUCH")
    assert (seen.status, seen.json()["status"]) == (status, 404)


@pytest.mark.parametrize(("rule", "size"), [("int", 5_000_000), ("str", "5000000"), ("human", "5 MB")])
def test_sizes_come_in_three_shapes(simulator: Simulator, rule: str, size: Any) -> None:
    simulator.world.rules.v3_sizes = rule
    simulator.add_file("SIZED", "a.mkv", 5_000_000)
    assert listing(simulator, "SIZED").json()["current"]["size"] == size


@pytest.mark.parametrize(("rule", "status"), [("empty", 200), ("403", 403)])
def test_a_gated_folder_shows_nothing_without_its_token(simulator: Simulator, rule: str, status: int) -> None:
    simulator.world.rules.gated = rule
    simulator.add_folder("GATED", "Phim", [CODE], token="1613735234")
    closed = listing(simulator, "GATED")
    assert (closed.status, closed.json().get("items", [])) == (status, [])
    assert len(listing(simulator, "GATED", "&token=1613735234").json()["items"]) == 1


def test_pages_for_people_always_answer_200(simulator: Simulator) -> None:
    alive, dead = (fetch(f"{simulator.url}/web/file/{code}") for code in (CODE, "NOSUCH"))
    assert (alive.status, b'id="linkcode"' in alive.body) == (200, True)
    assert (dead.status, b'id="linkcode"' in dead.body) == (200, False)
