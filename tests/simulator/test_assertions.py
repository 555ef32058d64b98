"""Each rule finds its breach, and finds none where there is none."""

from __future__ import annotations

from typing import Any

import pytest

from flasharr.simulator import Journal, Simulator, assertions
from flasharr.simulator.assertions import ALWAYS, breaches
from flasharr.simulator.journal import Request

API = {"user-agent": "Agent", "referer": "https://fshare.vn/"}


def asked(part: str, call: str, began: float = 0.0, **fields: Any) -> Request:
    values: dict[str, Any] = {
        "method": "POST" if part == "api" else "GET",
        "path": f"/{part}/{call}",
        "code": "",
        "account": "a@example.com" if part == "api" else "",
        "headers": dict(API) if part != "cdn" else {"user-agent": "Flasharr"},
        "body": b"",
        "time": began,
        "seconds": 0.1,
        "status": 200,
        **fields,
    }
    return Request(part=part, call=call, began=began, **values)


def journal_of(*requests: Request) -> Journal:
    journal = Journal()
    journal._requests = list(requests)
    journal.keep_secret("secret-token")
    return journal


GOOD = (asked("web", "v3"), asked("api", "login", 1), asked("api", "download", 2), asked("cdn", "dl", 3))
BAD: dict[str, tuple[Request, ...]] = {
    "secrets": (asked("cdn", "dl", headers={"x": "secret-token"}),),
    "secrets elsewhere": (asked("web", "v3", path="/web/v3?x=secret-token"),),
    "agent": (asked("web", "v3"), asked("api", "login", headers={"user-agent": "Flasharr"})),
    "agent elsewhere": (asked("api", "login"), asked("cdn", "dl", headers={"user-agent": "Agent"})),
    "session": (asked("web", "v3", headers={**API, "cookie": "session_id=1"}),),
    "referer": (asked("api", "login", headers={**API, "referer": "https://api.fshare.vn/"}),),
    "logins": (asked("api", "login", 1), asked("api", "login", 1.05)),
}


def test_every_rule_has_its_breach() -> None:
    assert BAD.keys() == ALWAYS.keys()


def test_a_good_client_breaks_none() -> None:
    assert breaches(journal_of(*GOOD)) == []


@pytest.mark.parametrize("name", BAD)
def test_a_breach_is_found_unless_it_is_excused(name: str) -> None:
    journal = journal_of(*BAD[name])
    assert [line.partition(":")[0] for line in breaches(journal)] == [name]
    journal.excused.add(name)
    assert breaches(journal) == []


def test_a_catalogue_may_be_told_its_own_key_and_a_poster_server_may_not() -> None:
    agent = {"user-agent": "Flasharr"}
    for told in (
        {"path": "/tmdb/3/find?api_key=secret-token"},
        {"headers": {**agent, "authorization": "secret-token"}},
    ):
        fields: dict[str, Any] = {"headers": agent, **told}
        assert breaches(journal_of(asked("tmdb", "find", **fields))) == []
        assert len(breaches(journal_of(asked("images", "poster", **fields)))) == 1
    assert len(breaches(journal_of(asked("tmdb", "find", path="/tmdb/3/x?query=secret-token", headers=agent)))) == 1


def test_two_accounts_may_sign_in_at_the_same_time() -> None:
    both = asked("api", "login", 1), asked("api", "login", 1, account="b@example.com")
    assert breaches(journal_of(*both)) == []


def test_no_simulator_of_any_test_closes_with_a_breach() -> None:
    simulator = Simulator().start()
    simulator.journal._requests.extend(BAD["session"])
    with pytest.raises(AssertionError, match="session"):
        simulator.stop()
    with pytest.raises(AssertionError, match="session"):
        simulator.journal.clear()


def test_sign_ins_are_counted_against_expiries() -> None:
    journal = journal_of(asked("api", "login", 1), asked("api", "login", 2))
    assert assertions.more_logins_than(journal, 1) == []
    assert assertions.more_logins_than(journal, 0) == ["2 sign-ins for 0 expiries"]


def test_nothing_is_asked_after_a_refusal() -> None:
    refused = asked("api", "login", 1, status=424)
    others = asked("web", "v3", 2), asked("api", "user", 2, account="b@example.com")
    assert assertions.requests_after_refusal(journal_of(refused, *others)) == []
    assert assertions.requests_after_refusal(journal_of(refused, asked("api", "login", 2))) == ["POST /api/login"]


@pytest.mark.parametrize(
    ("moments", "wait", "says"),
    [
        ([0, 1, 3, 7], None, ""),
        ([0, 1, 2], None, "do not grow"),
        ([0, 1, 3, 7, 15, 31], None, "5 repetitions"),
        ([0, 30], 60, "instead of 60"),
        ([0, 61], 60, ""),
    ],
)
def test_repetitions_keep_their_pauses(moments: list[int], wait: float | None, says: str) -> None:
    tries = [asked("api", "download", at, code="A", retry_after=wait if at == 0 else None) for at in moments]
    lines = assertions.retries_too_early(journal_of(*tries), ["download"], 4)
    assert len(lines) == (1 if says else 0)
    assert says in "".join(lines)


@pytest.mark.parametrize(
    ("spans", "overlap", "says"),
    [
        ([(0, 50), (50, 100)], 0, []),
        ([(0, 60), (40, 100)], 20, []),
        ([(0, 60), (40, 100)], 0, ["120 bytes were sent for 100"]),
        ([(0, 50), (60, 100)], 0, ["nobody asked for 50 to 60"]),
        ([(0, 50)], 0, ["nobody asked for 50 to 100"]),
    ],
)
def test_ranges_tile_a_file(spans: list[tuple[int, int]], overlap: int, says: list[str]) -> None:
    sent = [
        asked("cdn", "dl", code="A", status=206, bytes_sent=end - start, headers={"range": f"bytes={start}-"})
        for start, end in spans
    ]
    assert assertions.bytes_not_tiled(journal_of(*sent), "A", 100, overlap) == says


def test_addresses_are_used_when_they_are_fresh() -> None:
    journal = journal_of(asked("cdn", "dl", age=1.0), asked("cdn", "dl", age=900.0), asked("cdn", "old", age=90.0))
    assert assertions.addresses_minted_early(journal, 30) == ["GET /cdn/old after 90.0 s"]


def test_intervals_and_connections_are_measured() -> None:
    journal = journal_of(asked("api", "user", 1.0), asked("web", "v3", 1.2), asked("cdn", "dl", 1.2))
    assert assertions.intervals_below(journal, 0.1) == []
    assert assertions.intervals_below(journal, 0.5) == ["GET /web/v3 after 0.200 s"]
    assert assertions.connections_above(journal, 0) == []
    journal._most["all"] = 4
    assert assertions.connections_above(journal, 3) == ["4 connections, 3 allowed"]
