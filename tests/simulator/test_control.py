from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from flasharr.simulator import Simulator
from tests.simulator.conftest import CODE, SIZE
from tests.simulator.watching import fetch, fetch_json


def control(simulator: Simulator, path: str, method: str = "GET", value: Any = None) -> Any:
    url = f"{simulator.url}/__sim/{path}"
    seen = fetch(url, method=method) if value is None else fetch_json(url, value, method)
    assert seen.status == 200, seen.body
    return seen.json()


def test_it_tells_that_it_is_well(simulator: Simulator) -> None:
    assert control(simulator, "health")["status"] == "ok"


def test_a_world_replaces_what_was_there(simulator: Simulator) -> None:
    world = {
        "accounts": [{"email": "a@example.com", "password": "long-password"}],
        "files": [{"code": "NEW", "name": "mới.mkv", "size": 5}],
        "folders": [{"code": "DIR", "name": "Phim", "items": ["NEW"]}],
        "apps": {"Key": "Agent"},
        "rules": {"link_ttl": 60, "expired": "200"},
    }
    control(simulator, "world", "POST", world)
    assert list(simulator.world.files) == ["NEW"]
    assert simulator.world.rules.expired == "200"
    assert simulator.environment()["FSHARE_USER_AGENT"] == "Agent"
    assert len(simulator.journal) == 0


def test_faults_are_set_listed_and_cleared(simulator: Simulator) -> None:
    fault = {"name": "server_error", "call": "cdn", "code": CODE, "count": None, "value": 503}
    control(simulator, "fault", "POST", fault)
    assert [fetch(simulator.direct_url(CODE)).status for _ in range(2)] == [503, 503]
    assert [(f["name"], f["hits"]) for f in control(simulator, "faults")] == [("server_error", 2)]
    control(simulator, "faults", "DELETE")
    assert fetch(simulator.direct_url(CODE)).status == 200


def test_the_kinds_of_faults_are_listed_and_documented(simulator: Simulator) -> None:
    page = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")
    tables = page.partition("API and web listing:")[2]
    rows = dict(re.findall(r"^\| `(\w+)` \| .*? \| (.*) \|$", tables, re.M))
    assert rows == {name: kind["about"] for name, kind in control(simulator, "kinds").items()}


def test_time_and_rules_can_be_changed(simulator: Simulator) -> None:
    before = control(simulator, "health")["now"]
    assert control(simulator, "advance", "POST", {"seconds": 3600})["now"] >= before + 3600
    assert control(simulator, "rules", "POST", {"speed": 5_000_000})["speed"] == 5_000_000
    assert simulator.world.rules.speed == 5_000_000


def test_the_journal_can_be_read_and_emptied(simulator: Simulator) -> None:
    fetch(simulator.direct_url(CODE))
    shown = control(simulator, "journal")
    assert [(r["call"], r["code"], r["bytes_sent"], r["ended"]) for r in shown] == [("file", CODE, SIZE, "complete")]
    control(simulator, "journal", "DELETE")
    assert control(simulator, "journal") == []


def test_files_are_listed_with_their_sums(simulator: Simulator) -> None:
    simulator.add_file("OTHER", "a.mkv", 1)
    listed = control(simulator, f"files?code={CODE}")
    assert [(f["code"], f["size"], f["sha256"]) for f in listed] == [(CODE, SIZE, simulator.sha256(CODE))]
    assert ["sha256" in f for f in control(simulator, "files?sha256=0")] == [False, False]


def test_the_numbers_can_be_read(simulator: Simulator) -> None:
    fetch(simulator.direct_url(CODE))
    stats = control(simulator, "stats")
    assert stats["open_connections"] >= 1
    assert (stats["open_transfers"], stats["max_concurrent_by_file"]) == (0, {CODE: 1})
    assert (stats["bytes_sent"], stats["logins"], stats["sessions"]) == (SIZE, 0, 0)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("fault", {"name": "nonsense"}, "Choose from"),
        ("fault", {"nome": "stall"}, "nome"),
        ("advance", {}, "seconds"),
        ("rules", {"spede": 3}, "spede"),
        ("world", {"filse": []}, "filse"),
        ("world", {"files": [{"code": "A"}]}, "missing"),
        ("world", [1], "not a JSON object"),
        ("world", "{", "not a JSON object"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    simulator: Simulator, path: str, value: Any, words: str
) -> None:
    url = f"{simulator.url}/__sim/{path}"
    seen = fetch(url, method="POST", body=value.encode()) if isinstance(value, str) else fetch_json(url, value)
    assert (seen.status, words in seen.json()["error"]) == (400, True)
    assert list(simulator.world.files) == [CODE]


def test_an_unknown_control_names_the_known_ones(simulator: Simulator) -> None:
    seen = fetch(f"{simulator.url}/__sim/helth")
    assert (seen.status, "GET /__sim/health" in seen.json()["error"]) == (404, True)
