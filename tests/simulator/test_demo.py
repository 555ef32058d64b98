from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flasharr.simulator import Simulator, demo_world
from flasharr.simulator.demo import DEMO_SPEED, SERIES, demo_links
from tests.simulator.watching import fetch

ROOT = Path(__file__).parents[2]
JSON = {"Accept": "application/json"}


def test_the_demo_has_something_of_everything() -> None:
    world = demo_world()
    episodes = [world.files[c] for season in world.folders[SERIES].items for c in world.folders[season].items]
    assert len(episodes) == 12
    assert all(6_000_000 <= episode.size < 41_000_000 for episode in episodes)
    assert len({episode.name for episode in episodes}) == 12
    assert sum(bool(file.password) for file in world.files.values()) == 1
    assert sum(bool(file.dead) for file in world.files.values()) == 1
    assert max(file.size for file in world.files.values()) == 1_000_000_000
    assert world.rules.speed == DEMO_SPEED


def test_demo_worlds_are_independent() -> None:
    first = demo_world()
    for file in first.files.values():
        file.size = 0
    assert all(file.size for file in demo_world().files.values())


def test_the_links_are_real_ones_that_work() -> None:
    with Simulator(demo_world()) as simulator:
        for link, _ in demo_links(simulator.world):
            match = re.fullmatch(r"https://www\.fshare\.vn/(file|folder)/([A-Z0-9]+)", link)
            assert match is not None
            seen = fetch(f"{simulator.url}/web/api/v3/files/folder?linkcode={match[2]}", JSON)
            assert seen.status == (404 if simulator.world.item(match[2]).dead else 200)  # type: ignore[union-attr]


def simulate(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "simulate", "--port", "0", *arguments]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_the_command_runs_until_it_is_asked_to_end() -> None:
    with simulate("--speed", "123456") as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        url = re.search(r"http://127\.0\.0\.1:\d+", next(lines))
        assert url is not None
        printed = "".join(line for line, _ in zip(lines, range(16), strict=False))
        assert f"export FSHARE_API_URL={url[0]}/api" in printed
        assert "https://www.fshare.vn/folder/DEMOSERIES01" in printed
        seen = fetch(f"{url[0]}/__sim/rules", {"Content-Type": "application/json"}, "POST", b"{}")
        assert seen.json()["speed"] == 123456
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("content", "words"), [(None, "Cannot read"), ("{", "not a world"), (json.dumps({"filse": []}), "filse")]
)
def test_a_bad_world_is_one_clear_line(tmp_path: Path, content: str | None, words: str) -> None:
    path = tmp_path / "world.json"
    if content is not None:
        path.write_text(content)
    with simulate("--world", str(path)) as process:
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, words in errors, errors.count("\n")) == (2, True, 1)
