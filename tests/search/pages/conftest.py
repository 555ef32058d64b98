from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from downloads.models import Preferences
from flasharr.simulator import Simulator
from flasharr.simulator.titles.world import title_world
from search import providers, searches
from search.pages import by_name, grabbing, title


@pytest.fixture(scope="package")
def running() -> Iterator[Simulator]:
    with Simulator(title_world()) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Simulator]:
    """The world of titles; nothing of an earlier test is remembered."""
    running.clear_faults()
    running.journal.clear()
    found = running.environment()
    monkeypatch.setattr(settings, "SEARCH_CONFIG", {name: found.get(name, "") for name in settings.SEARCH_CONFIG})
    monkeypatch.setattr(settings, "FLASHARR", {**settings.FLASHARR, "DATA_DIR": tmp_path})
    for page in (title, grabbing, by_name):
        monkeypatch.setattr(page, "LONGEST", 60.0)  # on a busy machine, too, all are there that come
    monkeypatch.setattr(providers, "INTERVAL", 0.0)
    monkeypatch.setattr("search.wire.LEAST_PAUSE", 0.001)
    monkeypatch.setattr("search.watchlist.wake.async_task", lambda name, **_: None)
    monkeypatch.setattr("downloads.wake.engine", lambda: None)
    monkeypatch.setattr("downloads.wake.describer", lambda: None)
    yield running
    forget()


@pytest.fixture
def no_key(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    config = {**settings.SEARCH_CONFIG, "TMDB_API_KEY": "", "TMDB_ACCESS_TOKEN": ""}
    monkeypatch.setattr(settings, "SEARCH_CONFIG", config)


def forget() -> None:
    searches.forget()
    for cached in (providers._tmdb, providers._sources, providers._shelf, providers._session):
        cached.cache_clear()


@pytest.fixture
def reader(transactional_db: None, tmp_path: Path) -> Client:
    """A signed-in browser without JavaScript."""
    Preferences.objects.update_or_create(pk=1, defaults={"download_dir": str(tmp_path)})
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.create_user("an", password="a long passphrase 1"))
    return client


@pytest.fixture
def htmx(reader: Client) -> Client:
    client = Client(headers={"HX-Request": "true", "Accept-Language": "en"})
    client.cookies = reader.cookies
    return client


def text_of(page: bytes) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode())))
