"""Secrets are planted, work is done and goes wrong, and then everything that the program wrote is searched for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from flasharr.simulator import Simulator
from tests.stack import KEY, PASSWORD, USER, Stack, until
from tests.system.frames import Frames

EMAIL = "canary@example.com"
ACCOUNT_PASSWORD = "canary-account-password-71"
WRONG_PASSWORD = "canary-wrong-password-72"
SHARE_PASSWORD = "canary-share-password-73"
WRONG_SHARE_PASSWORD = "canary-share-guess-74"
APP_KEY = "canary-app-key-75"
SECRET_KEY = "canary-secret-key-76-0123456789-0123456789-0123456789-abcdef"
LINK = "https://www.fshare.vn/file/"
PAGES = ("/", "/history/", "/folders/", "/add/", "/settings/", "/settings/accounts/", "/settings/keys/")
MORE_PAGES = ("/settings/speed/", "/settings/notices/", "/settings/password/", "/health/ready", "/health/live")
ADMIN = ("hosts/account", "downloads/download", "downloads/batch", "django_q/success", "django_q/failure", "auth/user")
RESOURCES = ("downloads", "batches", "accounts", "accounts/notices", "folders", "settings", "stats", "openapi.json")


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        running.world.accounts.clear()
        running.world.apps = {APP_KEY: "Flasharr-CANARY"}
        running.journal.keep_secret(APP_KEY)
        running.add_account(EMAIL, ACCOUNT_PASSWORD)
        for code in ("GOOD1", "GOOD2", "EXPIRES", "BREAKS", "PAGE", "GONE", "LIMIT"):
            running.add_file(code, f"{code}.mkv", 200_000)
        running.add_file("SHARED", "shared.mkv", 200_000, password=SHARE_PASSWORD)
        running.add_file("GUESSED", "guessed.mkv", 200_000, password=SHARE_PASSWORD)
        running.add_folder("TOP", "Top", ["GOOD1", "GOOD2"])
        for secret in (SHARE_PASSWORD, WRONG_SHARE_PASSWORD, SECRET_KEY, KEY, PASSWORD):
            running.journal.keep_secret(secret)
        yield running


@pytest.fixture
def stack(simulator: Simulator, tmp_path: Path) -> Iterator[Stack]:
    settings = {
        **simulator.environment(),
        "DJANGO_SETTINGS_MODULE": "tests.system.loud_settings",
        "FLASHARR_RAW_LOG": str(tmp_path / "raw.log"),
        "SECRET_KEY": SECRET_KEY,
    }
    with Stack(tmp_path, settings) as started:
        yield started


def work(stack: Stack, simulator: Simulator) -> str:
    """A stretch of real work with errors in it; what REST and the shell said about it."""
    simulator.fault("session_expired", call="download", code="EXPIRES")
    simulator.fault("link_expired", code="EXPIRES", call="dl")
    simulator.fault("reset", code="BREAKS", count=2)
    simulator.fault("server_error", call="download", code="BREAKS")
    simulator.fault("redirect", call="dl", code="GOOD1", value={"to": simulator.url})
    simulator.fault("html_page", code="PAGE", value="octet")
    simulator.fault("html_answer", call="download", code="LIMIT", count=None)
    simulator.fault("link_dead", code="GONE", call="download", count=None)
    shared = {"url": LINK + "SHARED", "password": SHARE_PASSWORD}
    well = ({"url": "https://www.fshare.vn/folder/TOP"}, {"url": LINK + "EXPIRES"}, shared)
    said = [stack.api("POST", "downloads", wish) for wish in well]
    until(lambda: set(statuses(stack).values()) == {"completed"}, 60, lambda: str(stack.rows()))
    said.append(stack.api("POST", "downloads", {"url": LINK + "GUESSED", "password": WRONG_SHARE_PASSWORD}))
    said += [stack.api("POST", "downloads", {"url": LINK + code}) for code in ("GONE", "BREAKS", "PAGE", "LIMIT")]
    until(lambda: set(statuses(stack).values()) <= {"completed", "failed", "waiting"}, 60, lambda: str(stack.rows()))
    assert {"failed", "waiting"} <= set(statuses(stack).values())
    for password in (WRONG_PASSWORD, ""):
        said.append(refused(stack, "accounts", {"email": EMAIL, "password": password}))
    said.append(refused(stack, "downloads", {"url": "nonsense", "password": SHARE_PASSWORD}))
    ended = stack.manage("account", "check")
    said += [ended.stdout, ended.stderr]
    return str([*said, *(stack.api("GET", resource) for resource in RESOURCES)])


def refused(stack: Stack, resource: str, wish: dict[str, str]) -> str:
    answer = requests.post(f"{stack.url}/api/v1/{resource}", json=wish, headers={"X-Api-Key": KEY}, timeout=60)
    assert 400 <= answer.status_code < 500
    return answer.text


def statuses(stack: Stack) -> dict[str, str]:
    return {row["name"]: row["status"] for row in stack.rows()}


def visited(browser: requests.Session, stack: Stack) -> dict[str, str]:
    """Every page that shows any of this, the admin's forms among them."""
    pages = {path: browser.get(stack.url + path, timeout=30).text for path in (*PAGES, *MORE_PAGES)}
    for model in ADMIN:
        listed = pages[model] = browser.get(f"{stack.url}/admin/{model}/", timeout=30).text
        for path in sorted(set(re.findall(rf"/admin/{model}/\d+/change/", listed))):
            pages[path] = browser.get(stack.url + path, timeout=30).text
    return pages


def signed_in(stack: Stack) -> requests.Session:
    browser = requests.Session()
    form = browser.get(f"{stack.url}/login/", timeout=30).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "username": USER, "password": PASSWORD}
    browser.post(f"{stack.url}/login/", fields, headers={"Referer": stack.url}, timeout=30).raise_for_status()
    return browser


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "secrets" not in path.parts
    }


def test_planted_secrets_come_out_nowhere(stack: Stack, simulator: Simulator, tmp_path: Path) -> None:
    with signed_in(stack) as browser:
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        with Frames(stack.url, "/ws/queue/en/", cookie) as frames:
            said = work(stack, simulator)
            until(lambda: b"GOOD2.mkv" in frames.received, 20)
        pages = visited(browser, stack)
    assert "GOOD1.mkv" in pages["/"] + pages["/history/"]
    assert any("/change/" in path for path in pages)
    stack.stop()
    written = {**files(tmp_path), "frames": bytes(frames.received), "REST": said.encode()}
    written |= {path: text.encode() for path, text in pages.items()}
    found_by = {name for name, text in written.items() if EMAIL.encode() in text}  # no secret: the search does find
    assert {"REST", "/settings/accounts/", "/admin/hosts/account/"} & found_by
    assert any(name.endswith(".sqlite3") for name in found_by), sorted(written)
    assert len(written["raw.log"]) > 10_000
    planted = [*simulator.journal.secrets, WRONG_PASSWORD]
    assert len(planted) >= 10  # passwords, keys, and the token and cookie of every session
    leaks = [(name, secret) for name, text in written.items() for secret in planted if secret.encode() in text]
    assert leaks == []
    assert simulator.journal.secrets_leaked_to_cdn() == []
