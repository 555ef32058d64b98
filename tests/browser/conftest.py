"""A real Chromium against a real server. These tests run last: Playwright keeps an event loop in this thread."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect

from downloads.models import Preferences
from flasharr.simulator.demo import demo_world
from flasharr.simulator.simulator import Simulator
from tests.browser.server import Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 60_000  # milliseconds; not a measure of speed: it ends a test that would hang
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed; .ci/run installs it")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=is_for_browser)
    for item in filter(is_for_browser, items):
        item.add_marker(NEEDS_CHROMIUM)


def is_for_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": arguments}


@pytest.fixture(scope="session", autouse=True)
def loop_in_this_thread() -> Iterator[None]:
    """Django refuses its synchronous database API while Playwright's loop is there; the loop never runs ours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator(demo_world(speed=0)) as running:
        yield running


@pytest.fixture(scope="session")
def server(django_db_setup: None, simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(simulator.environment(), tmp_path_factory.mktemp("server") / "log").start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    """What `page.goto("/history/")` begins with; the plug-in's own fixture is one that pytest is giving up."""
    return server.url


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_superuser("an", password="a long passphrase 1")


@pytest.fixture
def signed_in(context: BrowserContext, server: Server, user: User) -> BrowserContext:
    """The browser holds the session of `user`."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about; a test that means to provoke it clears the list."""
    return []


@pytest.fixture(autouse=True)
def nothing_to_complain(page: Page, complaints: list[str]) -> Iterator[None]:
    """No error in the console, none in a script, and no violation of the content security policy."""
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield
    assert not complaints


@pytest.fixture
def queue(signed_in: BrowserContext, page: Page, server: Server) -> Page:
    """The queue page, still to be opened: rows are made first."""
    page.set_default_timeout(PATIENCE)
    return page


@pytest.fixture(autouse=True)
def folder_for_downloads(tmp_path: Path, transactional_db: None) -> None:
    Preferences.objects.update_or_create(pk=1, defaults={"download_dir": str(tmp_path)})
