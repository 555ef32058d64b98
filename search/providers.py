"""Those whom a search asks, as this installation is set up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import requests
from django.conf import settings
from django.utils.translation import get_language

from hosts import network
from hosts.guard import guarded_session, origin_of
from hosts.pacing import Pacer
from hosts.proxy import Proxy
from search.catalogue import queries
from search.posters.pictures import Pictures
from search.shelf import Shelf
from search.sources.base import Source
from search.sources.catalogue import Catalogue
from search.sources.registry import SOURCES
from search.sources.timfshare import TimFshare
from search.tmdb import Tmdb

INTERVAL = 0.15  # seconds between two requests to one source, of all processes
BURST = 4  # requests to one source that may go at once after a silence
MOST_ANSWERS = 64 * 1024 * 1024
MOST_PICTURES = 512 * 1024 * 1024
VIETNAMESE = ("vi-VN", "en-US")
ENGLISH = ("en-US", "vi-VN")


def tmdb(language: str | None = None) -> Tmdb:
    """TMDB in a language ("vi", "en"), by default that of the page."""
    chosen = (language or get_language() or "en").partition("-")[0]
    languages = VIETNAMESE if chosen == "vi" else ENGLISH
    return _tmdb(tuple(sorted(config().items())), answers(), languages, http())


def sources() -> tuple[Source, ...]:
    """All of SOURCES, the same objects as long as nothing is set anew, for they remember how they are doing."""
    return _sources(tuple(sorted(config().items())), _place("pace"), http())


def posters() -> Pictures:
    """TMDB's pictures through our own shelf."""
    return _pictures(config()["TMDB_IMAGE_URL"], _place("pictures"), http())


def config() -> Mapping[str, str]:
    found: Mapping[str, str] = settings.SEARCH_CONFIG
    return found


def http() -> requests.Session:
    """One session for all threads, through the user's proxy. The addresses that the operator set may be private, no
    others."""
    urls = tuple(value for name, value in sorted(config().items()) if name.endswith("_URL"))
    return _session(urls, network.proxy())


def answers() -> Shelf:
    return _shelf(_place("answers"), MOST_ANSWERS)


def _place(name: str) -> Path:
    return Path(settings.FLASHARR["DATA_DIR"]) / "cache" / name


@lru_cache(maxsize=8)
def _sources(_config: tuple[tuple[str, str], ...], pace_folder: Path, session: requests.Session) -> tuple[Source, ...]:
    pace = Pacer(pace_folder, INTERVAL, burst=BURST)
    made: dict[type[Source], Source] = {
        Catalogue: Catalogue(queries.look_up),
        TimFshare: TimFshare(session, config(), answers(), pace),
    }
    return tuple(made[kind] for kind in SOURCES)


@lru_cache(maxsize=8)
def _tmdb(
    settings: tuple[tuple[str, str], ...], store: Shelf, languages: tuple[str, ...], session: requests.Session
) -> Tmdb:
    """One for all who ask, for it remembers what failed a moment ago."""
    return Tmdb(session, dict(settings), store, languages)


@lru_cache(maxsize=8)
def _session(urls: tuple[str, ...], proxy: Proxy | None) -> requests.Session:
    return guarded_session(False, frozenset(origin_of(url) for url in urls), proxy=proxy)


@lru_cache(maxsize=8)
def _pictures(root: str, folder: Path, session: requests.Session) -> Pictures:
    return Pictures(session, root, _shelf(folder, MOST_PICTURES))


@lru_cache(maxsize=8)
def _shelf(folder: Path, most_bytes: int) -> Shelf:
    return Shelf(folder, most_bytes)
