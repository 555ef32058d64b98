"""`manage.py add --wait` in a process of its own, while an engine runs in this one."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from downloads.models import Preferences
from downloads.orchestrator import Orchestrator
from flasharr.simulator.demo import demo_world
from flasharr.simulator.simulator import Simulator
from hosts import accounts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_workers")]


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(demo_world(speed=0)) as running:
        monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, **running.environment()})
        accounts.from_environment()
        Preferences.objects.create(pk=1, download_dir=str(tmp_path))
        yield running


@pytest.fixture
def engine() -> Iterator[None]:
    """Runs the queue again and again, as a worker does."""
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            Orchestrator().run()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()


def add_and_wait(simulator: Simulator, *codes: str) -> tuple[int, Any, str]:
    """(exit status, JSON answer, what was said on standard error)."""
    database = {"DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}"}
    environment = {**os.environ, **simulator.environment(), **database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    links = [f"https://www.fshare.vn/{code}" for code in codes]
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py"), "add", *links, "--wait", "--json"]
    done = subprocess.run(manage, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, json.loads(done.stdout or "null"), done.stderr


def test_it_ends_well_when_every_file_is_there(simulator: Simulator, engine: None) -> None:
    status, answer, said = add_and_wait(simulator, "folder/DEMOSEASON02")
    assert status == 0, said
    assert [item["status"] for item in answer["items"]] == ["completed"] * 4
    for item in answer["items"]:
        with Path(item["path"]).open("rb") as file:
            code = item["url"].rsplit("/", 1)[1]
            assert hashlib.file_digest(file, "sha256").hexdigest() == simulator.sha256(code)


def test_it_fails_when_one_needs_the_user_and_says_why(simulator: Simulator, engine: None) -> None:
    status, answer, said = add_and_wait(simulator, "file/DEMOSECRET01", "file/DEMOEPISODE01", "file/DEMOGONE0001")
    assert status == 1
    assert [item["status"] for item in answer["items"]] == ["waiting", "completed"]
    assert "Enter its password" in said
    assert "no longer on the host" in said
