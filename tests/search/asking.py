"""The whole search as an installation has it: settings, caches, database, with TMDB, TimFshare and Fshare simulated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from downloads.models import Preferences
from flasharr.simulator import Simulator
from hosts import accounts
from search import providers, searches
from search.titles import Medium, Title
from tests.downloads.conftest import no_workers
from tests.search.providers import titles

__all__ = ["no_workers", "running", "world"]


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with titles() as simulator:
        yield simulator


@pytest.fixture
def world(
    running: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    no_workers: list[str],
    transactional_db: None,
) -> Iterator[Simulator]:
    running.clear_faults()
    running.journal.clear()
    found = running.environment()
    monkeypatch.setattr("search.wire.LEAST_PAUSE", 0.001)
    monkeypatch.setattr("search.providers.INTERVAL", 0.0)
    monkeypatch.setattr(settings, "SEARCH_CONFIG", {name: found.get(name, "") for name in settings.SEARCH_CONFIG})
    monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, **found})
    monkeypatch.setattr(settings, "FLASHARR", {**settings.FLASHARR, "DATA_DIR": tmp_path / "data"})
    Preferences.objects.create(pk=1, download_dir=str(tmp_path / "library"))
    (tmp_path / "library").mkdir()
    accounts.from_environment()
    searches.forget()
    yield running
    searches.forget()
    providers._sources.cache_clear()


def title(text: str, medium: Medium, year: int | None = None) -> Title:
    tmdb = providers.tmdb("en")
    return tmdb.title(tmdb.search(text, medium, year).cards[0].ref)


def root() -> Path:
    return Path(Preferences.current().root)
