"""What only the started program shows, on one start: under a strict list of hosts, after a demo in the same folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from flasharr import running_demo
from tests.stack import KEY, Stack, command_of

MIB = 1024 * 1024
READ = {"X-Api-Key": KEY}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("started")
    (folder / "data").mkdir()
    running_demo.leave_note(folder / "data")
    with Stack(folder, {"FLASHARR_ALLOWED_HOSTS": "films.example"}) as stack:
        yield stack


def memory(stack: Stack) -> int:
    """What the web server holds, in bytes."""
    [pid] = [pid for pid in stack.processes()[1:] if "flasharr.web" in command_of(pid)]
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def test_a_real_start_ends_the_claim_of_a_demo(started: Stack) -> None:
    assert not (started.downloads.parent / "data" / "demo.json").exists()
    assert running_demo.adopt({}, started.downloads.parent / "data") == {}


def test_the_check_of_a_container_passes_whatever_hosts_are_allowed(started: Stack) -> None:
    for host in (f"127.0.0.1:{started.port}", "172.17.0.2:8484"):
        assert requests.get(f"{started.url}/health/live", headers={"Host": host}, timeout=60).text == "ok"
    answers = {
        host: requests.get(f"{started.url}/login/", headers={"Host": host}, timeout=60).status_code
        for host in ("films.example", "localhost", "[::1]:8484", "172.17.0.2")
    }
    assert answers == {"films.example": 200, "localhost": 200, "[::1]:8484": 200, "172.17.0.2": 400}


def test_a_stranger_cannot_fill_the_memory(started: Stack) -> None:
    requests.post(f"{started.url}/login/", data={"username": "x" * MIB}, timeout=30)
    before = memory(started)
    for _ in range(3):
        refused = requests.post(f"{started.url}/login/", files={"file": b"x" * 60 * MIB}, timeout=60)
        assert refused.status_code == 413
        with contextlib.suppress(requests.ConnectionError):
            endless = (b"x" * MIB for _ in range(60))
            assert requests.post(f"{started.url}/login/", data=endless, timeout=60).status_code == 413
    assert memory(started) - before < 30 * MIB


def test_a_head_has_no_body_and_the_connection_goes_on(started: Stack) -> None:
    with requests.Session() as session:
        head = session.head(f"{started.url}/api/v1/downloads", headers=READ, timeout=60)
        assert (head.status_code, head.content) == (200, b"")
        assert session.get(f"{started.url}/api/v1/downloads", headers=READ, timeout=60).json()["total"] == 0
