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
from tests.browser.conftest import CHROMIUM, PATIENCE
from tests.stack import PASSWORD, USER, Stack, command_of, until

pytestmark = pytest.mark.browser

PAIRS = 9100005  # a series of double episodes, with specials and with subtitles beside some files
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
    let_files_come_at(demo, 0)


def let_files_come_at(demo: Stack, speed: int) -> None:
    """Bytes a second, 0 for as fast as they can."""
    requests.post(f"{simulator_of(demo)}/__sim/rules", json={"speed": speed}, timeout=60).raise_for_status()


def test_from_the_set_up_page_to_twelve_proven_files(page: Page, demo: Stack) -> None:
    expect.set_options(timeout=PATIENCE)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.set_default_timeout(PATIENCE)
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
    expect(page.get_by_text("The queue is empty")).to_be_visible()
    assert page.evaluate("document.body.dataset.reloaded") == "no"
    everything_is_right(demo)
    from_a_name_to_files_in_the_library(page, demo)
    assert not complaints


def from_a_name_to_files_in_the_library(page: Page, demo: Stack) -> None:
    """A short name, a Vietnamese one without its marks, an English one; a season of twelve of which two are nowhere."""
    open_title(page, "mai", "Mai")
    page.get_by_role("button", name="Get the best").click()
    expect(page.locator(".best")).to_contain_text("Here already:")
    open_title(page, "dune", "Dune: Part Two")
    expect(page.locator(".best")).to_contain_text("Dune Part Two 2024 1080p BluRay Lồng Tiếng Thuyết Minh.mkv")
    page.get_by_role("button", name="Get the best").click()
    expect(page.locator(".best")).to_contain_text("Here already:")
    open_title(page, "toi thang cap mot minh", "Solo Leveling")
    page.get_by_role("link", name="Season 1").click()
    page.get_by_role("link", name="Plan the season").click()
    expect(page.get_by_text("10 of 12 episodes")).to_be_visible()
    expect(page.locator(".coverage")).to_contain_text("S01E05 S01E09")
    let_files_come_at(demo, 500_000)
    page.get_by_role("button", name="Get the ticked files").click()
    expect(page.get_by_text("10 files put into the queue.")).to_be_visible()
    page.evaluate("document.body.dataset.reloaded = 'no'")
    expect(page.locator(".row.is-downloading progress").first).not_to_have_js_property("value", 0)
    demo.api("POST", "grab", {"medium": "tv", "tmdb_id": PAIRS, "seasons": [0, 1]})
    hurry(demo)
    expect(page.get_by_text("The queue is empty")).to_be_visible(timeout=60_000)
    assert page.evaluate("document.body.dataset.reloaded") == "no"
    episodes = "Solo Leveling (2024)/Season 01/Solo Leveling (2024) - S01E"
    found = sorted(
        path.relative_to(demo.downloads).as_posix() for path in demo.downloads.rglob("*.*") if path.is_file()
    )
    assert [path.removeprefix(episodes)[:2] for path in found if path.startswith(episodes)] == [
        "01", "02", "03", "04", "06", "07", "08", "10", "11", "12",
    ]  # fmt: skip
    assert f"{episodes}10 - What Is This, a Picnic.mkv" in found
    assert "Dune - Part Two (2024)/Dune - Part Two (2024) - 1080p BluRay.mkv" in found
    assert "Mai (2024)/Mai (2024) - 2160p WEB-DL.mkv" in found
    assert [path for path in found if path.startswith("Two by Two")] == [
        "Two by Two (2023)/Season 00/Two by Two (2023) - S00E01 - The Christmas Pair.mkv",
        "Two by Two (2023)/Season 00/Two by Two (2023) - S00E02 - Odd One Out.mkv",
        "Two by Two (2023)/Season 01/Two by Two (2023) - S01E01-E02 - Left + Right.mkv",
        "Two by Two (2023)/Season 01/Two by Two (2023) - S01E03-E04 - Salt + Pepper.mkv",
        "Two by Two (2023)/Season 01/Two by Two (2023) - S01E05-E06 - Sun + Moon.mkv",
        "Two by Two (2023)/Season 01/Two by Two (2023) - S01E07 - Lock.mkv",
        "Two by Two (2023)/Season 01/Two by Two (2023) - S01E07 - Lock.vi.srt",
        "Two by Two (2023)/Season 01/Two by Two (2023) - S01E08 - Key.mkv",
        "Two by Two (2023)/Season 01/Two by Two (2023) - S01E08 - Key.vi.srt",
    ]


def open_title(page: Page, typed: str, name: str) -> None:
    """By its card, which appears while it is typed."""
    page.get_by_role("link", name="Search", exact=True).first.click()
    page.locator("#q").press_sequentially(typed, delay=10)
    page.locator(".poster-card", has_text=name).filter(has=page.get_by_text(name, exact=True)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def everything_is_right(demo: Stack) -> None:
    rows = demo.rows()
    assert [row["status"] for row in rows] == ["completed"] * 12
    for row in rows:
        [file] = requests.get(
            f"{simulator_of(demo)}/__sim/files", params={"code": row["url"].rsplit("/", 1)[-1]}, timeout=30
        ).json()
        assert hashlib.sha256(Path(row["path"]).read_bytes()).hexdigest() == file["sha256"]
