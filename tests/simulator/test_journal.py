from __future__ import annotations

import http.client
import threading

from flasharr.simulator import Simulator
from tests.simulator.conftest import CODE, SIZE, Member
from tests.simulator.watching import fetch


def test_it_knows_every_request_and_its_end(signed_in: Member) -> None:
    simulator = signed_in.simulator
    address = signed_in.download().json()["location"]
    simulator.clock.advance(60)
    fetch(address, {"Range": "bytes=0-99"})
    login, download, transfer = simulator.journal.requests
    assert (login.call, login.account, login.status) == ("login", "demo@example.com", 200)
    assert (download.call, download.code, download.account) == ("download", CODE, "demo@example.com")
    assert (transfer.call, transfer.code, transfer.account) == ("dl", CODE, "demo@example.com")
    assert (transfer.status, transfer.bytes_sent, transfer.ended) == (206, 100, "complete")
    assert transfer.range == "bytes=0-99"
    assert transfer.age is not None
    assert 60 <= transfer.age < 70
    assert b"zipflag" in download.body


def test_it_answers_the_questions_tests_ask(signed_in: Member) -> None:
    simulator = signed_in.simulator
    journal = simulator.journal
    signed_in.login()
    fetch(simulator.direct_url(CODE))
    fetch(simulator.direct_url(CODE), {"Range": "bytes=-10"})
    assert len(journal.logins()) == len(journal.requests_to("/api/api/user/login")) == 2
    assert len(journal.logins("nobody@example.com")) == 0
    assert len(journal.calls("file", CODE)) == 2
    assert journal.bytes_sent(CODE) == journal.bytes_sent() == SIZE + 10
    assert journal.bytes_sent("OTHER") == 0
    assert journal.max_concurrent(CODE) == 1
    journal.clear()
    assert (len(journal), journal.max_concurrent(CODE)) == (0, 0)


def test_it_counts_transfers_at_the_same_time(signed_in: Member) -> None:
    simulator = signed_in.simulator
    simulator.fault("stall", code=CODE, count=3)
    lines = [http.client.HTTPConnection(simulator.url.removeprefix("http://")) for _ in range(3)]
    address = signed_in.download().json()["location"].removeprefix(simulator.url)
    for line in lines:
        line.request("GET", address)
        line.response = line.getresponse()  # type: ignore[attr-defined]
    assert simulator.journal.open_now(CODE) == 3
    for line in lines:
        line.response.close()  # type: ignore[attr-defined]
        line.close()
    assert simulator.journal.wait_idle()
    assert simulator.journal.open_now(CODE) == 0
    assert simulator.journal.max_concurrent(CODE) == 3
    assert simulator.journal.max_concurrent(account="demo@example.com") == 3
    assert simulator.journal.max_concurrent() == 3


def test_one_after_the_other_is_not_at_the_same_time(simulator: Simulator) -> None:
    for _ in range(50):
        fetch(simulator.direct_url(CODE), {"Range": "bytes=0-9"})
    assert simulator.journal.max_concurrent(CODE) == 1
    assert {request.ended for request in simulator.journal} == {"complete"}


def test_it_notices_that_a_client_has_left(simulator: Simulator) -> None:
    simulator.fault("slow", code=CODE, value=10_000)
    line = http.client.HTTPConnection(simulator.url.removeprefix("http://"))
    line.request("GET", simulator.direct_url(CODE).removeprefix(simulator.url))
    response = line.getresponse()
    response.read(100)
    response.close()
    line.close()
    assert simulator.journal.wait_idle()
    assert simulator.journal[0].ended == "client gone"
    assert simulator.journal[0].bytes_sent < SIZE / 2


def test_it_finds_secrets_where_they_must_not_be(signed_in: Member) -> None:
    simulator = signed_in.simulator
    signed_in.download()
    assert simulator.journal.secrets_leaked_to_cdn() == []
    url = simulator.direct_url(CODE)
    for headers in (
        {"Cookie": "a=b"},
        {"Authorization": "Basic eDp5"},
        {"Referer": f"http://x/?token={signed_in.token}"},
        {"X-Thing": "demo-password"},
    ):
        simulator.journal.clear()
        fetch(url, headers)
        assert len(simulator.journal.secrets_leaked_to_cdn()) == 1
    simulator.journal.clear()
    fetch(f"{url}?session={signed_in.session_id}")
    assert len(simulator.journal.secrets_leaked_to_cdn()) == 1


def test_many_clients_at_once_lose_nothing(simulator: Simulator) -> None:
    url = simulator.direct_url(CODE)

    def work() -> None:
        for _ in range(5):
            fetch(url, {"Range": "bytes=0-999"})

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(simulator.journal) == 40
    assert simulator.journal.bytes_sent(CODE) == 40_000
