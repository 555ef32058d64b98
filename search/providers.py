"""Those whom a search asks, as this installation is set up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import requests
from django.conf import settings
from django.utils.translation import get_language

from hosts.guard import guarded_session, origin_of
from search.shelf import Shelf
from search.tmdb import Tmdb

MOST_ANSWERS = 64 * 1024 * 1024
MOST_PICTURES = 512 * 1024 * 1024
VIETNAMESE = ("vi-VN", "en-US")
ENGLISH = ("en-US", "vi-VN")


def tmdb(language: str | None = None) -> Tmdb:
    """TMDB in a language ("vi", "en"), by default that of the page."""
    chosen = (language or get_language() or "en").partition("-")[0]
    return Tmdb(http(), config(), answers(), VIETNAMESE if chosen == "vi" else ENGLISH)


def config() -> Mapping[str, str]:
    found: Mapping[str, str] = settings.SEARCH_CONFIG
    return found


def http() -> requests.Session:
    """One session for all threads: the addresses that the operator set may be private, no others."""
    urls = tuple(value for name, value in sorted(config().items()) if name.endswith("_URL"))
    return _session(urls)


def answers() -> Shelf:
    return _shelf(Path(settings.FLASHARR["DATA_DIR"]) / "cache" / "answers", MOST_ANSWERS)


def pictures() -> Shelf:
    return _shelf(Path(settings.FLASHARR["DATA_DIR"]) / "cache" / "pictures", MOST_PICTURES)


@lru_cache(maxsize=8)
def _session(urls: tuple[str, ...]) -> requests.Session:
    return guarded_session(False, frozenset(origin_of(url) for url in urls))


@lru_cache(maxsize=8)
def _shelf(folder: Path, most_bytes: int) -> Shelf:
    return Shelf(folder, most_bytes)
