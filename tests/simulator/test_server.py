from __future__ import annotations

import http.client
import socket

import pytest

from flasharr.simulator import Simulator
from tests.simulator.conftest import CODE
from tests.simulator.watching import fetch


def test_stopping_does_not_wait_for_stalled_slow_or_idle_lines(simulator: Simulator) -> None:
    simulator.fault("stall", code=CODE)
    simulator.fault("slow", code=CODE, value=10, skip=1)
    lines = [http.client.HTTPConnection(simulator.url.removeprefix("http://"), timeout=60) for _ in range(3)]
    responses = []
    for line in lines:
        line.request("GET", simulator.direct_url(CODE).removeprefix(simulator.url))
        responses.append(line.getresponse())
    responses[2].read()
    simulator.stop()
    assert "open" not in [request.ended for request in simulator.journal]
    with pytest.raises(http.client.IncompleteRead):
        responses[0].read()
    for response, line in zip(responses, lines, strict=True):
        response.close()
        line.close()


def test_after_a_stop_nobody_listens_and_it_can_start_again(simulator: Simulator) -> None:
    port = int(simulator.url.rpartition(":")[2])
    simulator.stop()
    simulator.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=60)
    simulator.start()
    assert fetch(simulator.direct_url(CODE)).status == 200


def test_a_taken_port_is_told_at_once(simulator: Simulator) -> None:
    port = int(simulator.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        Simulator(port=port).start()


def test_a_mistake_of_the_simulator_is_not_taken_for_the_host(
    simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    simulator.add_file("ODD", "a.mkv", 1, disposition="no such profile")
    seen = fetch(simulator.direct_url("ODD"))
    assert (seen.status, "no such profile" in seen.json()["simulator"]) == (599, True)
    assert "could not answer" in caplog.text


def test_nonsense_on_the_line_does_no_harm(simulator: Simulator) -> None:
    port = int(simulator.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
        assert b"400" in line.recv(1000)
    assert fetch(simulator.direct_url(CODE)).status == 200


def test_a_client_that_reads_slowly_still_gets_all_that_came_before_a_reset(simulator: Simulator) -> None:
    simulator.add_file("LONG", "a.mkv", 20_000_000)
    simulator.fault("reset", code="LONG", at=4_000_000)
    port = int(simulator.url.rpartition(":")[2])
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
        line.settimeout(60)
        line.connect(("127.0.0.1", port))
        line.sendall(b"GET /cdn/file/LONG/a.mkv HTTP/1.1\r\nHost: x\r\n\r\n")
        received = until_reset(line)
    assert len(received.partition(b"\r\n\r\n")[2]) == 4_000_000


def until_reset(line: socket.socket) -> bytes:
    received = bytearray()
    try:
        while piece := line.recv(16 * 1024):
            received += piece
    except ConnectionResetError:
        return bytes(received)
    raise AssertionError("The line ended without a reset.")
