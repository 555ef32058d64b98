"""A newcomer's first minutes: the demo, the set-up page, a folder of twelve files, and a killed worker meanwhile."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from flasharr.simulator.demo import SERIES
from tests.browser.conftest import CHROMIUM
from tests.stack import PASSWORD, USER, Stack, command_of, until

pytestmark = pytest.mark.browser

CODE = re.compile(r"one-time code: (\S+)")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": arguments}


@pytest.fixture(scope="session")
def base_url() -> str:
    """Every address here is whole; the plug-in's own fixture is one that pytest is giving up."""
    return ""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Stack]:
    nobody = {"FLASHARR_ADMIN_USERNAME": "", "FLASHARR_ADMIN_PASSWORD": ""}
    with Stack(tmp_path, nobody, "--demo") as started:
        yield started


def set_up(page: Page, demo: Stack) -> None:
    """The three steps of the first run, with the code from the console."""
    found = CODE.search(demo.log.read_text())
    assert found
    page.goto(demo.url)
    page.get_by_label("One-time code").fill(found[1])
    page.locator("input[name=username]").fill(USER)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Create the user").click()
    page.get_by_role("button", name="Use this folder").click()
    page.get_by_role("link", name="Not now").click()
    expect(page.get_by_text("The queue is empty")).to_be_visible()


def worker(demo: Stack) -> int:
    return next(pid for pid in demo.processes() if command_of(pid).rstrip().endswith("manage.py worker"))


def simulator_of(demo: Stack) -> str:
    command = next(command for pid in demo.processes() if " simulate " in (command := command_of(pid)))
    return f"http://127.0.0.1:{command.partition('--port ')[2].split()[0]}"


def hurry(demo: Stack) -> None:
    requests.post(f"{simulator_of(demo)}/__sim/rules", json={"speed": 0}, timeout=10).raise_for_status()


def test_from_the_set_up_page_to_twelve_proven_files(page: Page, demo: Stack) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.set_default_timeout(15_000)
    set_up(page, demo)
    page.get_by_label("Links").fill(f"https://www.fshare.vn/folder/{SERIES}")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("[data-chosen-count]")).to_contain_text("12 of 12 files")
    page.get_by_role("button", name="Add the ticked files").click()
    expect(page.get_by_text("12 downloads added.")).to_be_visible()
    page.evaluate("document.body.dataset.reloaded = 'no'")
    moving = page.locator(".row.is-downloading progress").first
    expect(moving).not_to_have_js_property("value", 0)
    page.locator(".row.is-queued").last.get_by_title("Pause").click()
    expect(page.locator(".row.is-paused")).to_contain_text("Paused by you.")

    os.kill(worker(demo), signal.SIGKILL)
    killed_at = time.monotonic()
    before = sum(row["downloaded"] for row in demo.rows())
    until(lambda: sum(row["downloaded"] for row in demo.rows()) > before + 1_000_000, 15)
    print(f"bytes arrived again {time.monotonic() - killed_at:.1f} s after the worker was killed")
    expect(page.locator(".row.is-downloading").first).to_be_visible()

    hurry(demo)
    page.locator(".row.is-paused").get_by_title("Resume").click()
    expect(page.get_by_text("The queue is empty")).to_be_visible(timeout=60_000)
    assert page.evaluate("document.body.dataset.reloaded") == "no"
    assert not complaints
    everything_is_right(demo)


def everything_is_right(demo: Stack) -> None:
    rows = demo.rows()
    assert [row["status"] for row in rows] == ["completed"] * 12
    for row in rows:
        [file] = requests.get(
            f"{simulator_of(demo)}/__sim/files", params={"code": row["url"].rsplit("/", 1)[-1]}, timeout=30
        ).json()
        assert hashlib.sha256(Path(row["path"]).read_bytes()).hexdigest() == file["sha256"]
