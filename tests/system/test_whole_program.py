"""The whole program, started as a user starts it: links in, proven files out, whatever is killed meanwhile."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from flasharr.simulator import Simulator
from flasharr.simulator.demo import SERIES
from tests.benchmarks import group_kills
from tests.stack import Stack, command_of, until

FOLDER = f"https://www.fshare.vn/folder/{SERIES}"


def add_folder(stack: Stack) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = stack.api("POST", "downloads", {"url": FOLDER}, expect=201)["items"]
    return items


def all_right(stack: Stack, simulator: Simulator) -> None:
    rows = stack.rows()
    assert {row["status"] for row in rows} == {"completed"}, rows
    for row in rows:
        digest = hashlib.sha256(Path(row["path"]).read_bytes()).hexdigest()
        assert digest == simulator.sha256(row["url"].rsplit("/", 1)[-1])


def finished(stack: Stack) -> bool:
    return all(row["status"] in ("completed", "failed") for row in stack.rows())


def engine_process(stack: Stack) -> int:
    """The worker that runs the transfers: the one with connections to the file server."""
    return int(
        stack.manage("shell", "-c", "from downloads.queries import lease; print(lease().pid)").stdout.split()[-1]
    )


def test_a_folder_through_rest_becomes_twelve_proven_files(stack: Stack, simulator: Simulator) -> None:
    simulator.world.rules.speed = 0
    assert [item["existing"] for item in add_folder(stack)] == [False] * 12
    assert [item["existing"] for item in add_folder(stack)] == [True] * 12
    until(lambda: finished(stack), 60)
    all_right(stack, simulator)
    assert len(simulator.journal.logins()) == 1


def test_a_folder_through_the_shell_waits_until_all_are_there(stack: Stack, simulator: Simulator) -> None:
    simulator.world.rules.speed = 0
    ended = stack.manage("add", FOLDER, "--wait", "--json")
    assert ended.returncode == 0, ended.stderr
    assert len(json.loads(ended.stdout)["items"]) == 12
    all_right(stack, simulator)


def test_a_dead_link_through_the_shell_ends_with_status_one(stack: Stack) -> None:
    ended = stack.manage("add", "https://www.fshare.vn/file/DEMOGONE0001", "--wait")
    assert ended.returncode == 1
    assert "no longer on the host" in ended.stderr
    assert stack.rows() == []


@pytest.mark.parametrize("victim", ["engine", "worker"])
def test_a_killed_worker_is_replaced_within_fifteen_seconds(stack: Stack, simulator: Simulator, victim: str) -> None:
    add_folder(stack)
    until(lambda: any(row["downloaded"] for row in stack.rows()), 30)
    command = next(pid for pid in stack.processes() if command_of(pid).rstrip().endswith("manage.py worker"))
    os.kill(engine_process(stack) if victim == "engine" else command, signal.SIGKILL)
    killed_at = time.monotonic()
    requests_before = len(simulator.journal)
    until(lambda: len(simulator.journal) > requests_before, 15)
    print(f"{victim} killed; transfers went on after {time.monotonic() - killed_at:.1f} s")
    simulator.world.rules.speed = 0
    until(lambda: finished(stack), 60)
    all_right(stack, simulator)


def test_everything_ends_within_ten_seconds_in_the_middle_of_a_download(stack: Stack) -> None:
    add_folder(stack)
    until(lambda: any(row["downloaded"] for row in stack.rows()), 30)
    processes = stack.processes()
    assert len(processes) > 4
    began = time.monotonic()
    assert stack.process
    stack.process.terminate()
    stack.process.wait(10)
    until(lambda: not any(command_of(pid) for pid in processes), 1)
    assert time.monotonic() - began < 10


def test_kill_9_of_everything_costs_what_the_engine_promises(tmp_path: Path) -> None:
    with Simulator() as simulator:
        tally = group_kills.kill_groups(simulator, tmp_path, 1, random.Random(7))
    assert tally.kills == 1, "tests/benchmarks/crash.py does it often"


def test_a_shell_beside_the_demo_speaks_to_it(tmp_path: Path) -> None:
    with Stack(tmp_path, {}, "--demo") as demo:
        ended = demo.manage("add", "https://www.fshare.vn/file/DEMOEPISODE01", "--wait")
        assert ended.returncode == 0, ended.stderr
        assert [row["status"] for row in demo.rows()] == ["completed"]
