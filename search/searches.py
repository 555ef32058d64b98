"""The searches of this process: started by whoever wants one first, shared by all who want the same."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from threading import Lock
from time import monotonic

from django.db import connections

from search import providers
from search.finder.queries import queries
from search.finder.search import Search, Wanted
from search.kept import FAILED_FOR
from search.releases import Profile
from search.sources.gather import MOST_ROWS
from search.titles import Card, is_latin, of_card

FRESH_FOR = 120.0  # seconds in which the same search is not begun again
MOST = 64
ASKED_AT_ONCE = 12
ASKED_AHEAD = 2  # queries

Key = tuple[Wanted, str]

_lock = Lock()
_begun: dict[Key, tuple[float, Search]] = {}


def of(wanted: Wanted, profile: Profile, *, fresh: bool = False, learn: Callable[[], Wanted] | None = None) -> Search:
    """The search for this, running or done; `fresh` begins another one where it is done.

    Sources answer from their caches for longer. `learn` is Search's.
    """
    key, now = (wanted, repr(profile)), monotonic()
    with _lock:
        at, search = _begun.get(key, (0.0, None))
        if search is not None and now - at < FRESH_FOR and not (fresh and search.is_over):
            return search
        search = Search(wanted, profile, providers.sources(), executor(), lambda: _ended(key), learn)
        _begun[key] = now, search
        for old in sorted(_begun, key=lambda one: _begun[one][0]):  # thousands of files are megabytes
            if len(_begun) > MOST or now - _begun[old][0] >= FRESH_FOR:
                del _begun[old]
    return search.start()


def _ended(key: Key) -> None:
    """A search that lacks an answer is begun again by whoever asks in a few seconds."""
    connections.close_all()
    with _lock:
        _, search = _begun.get(key, (0.0, None))
        if search is not None and search.has_failed:
            _begun[key] = monotonic() - FRESH_FOR + FAILED_FOR, search


def ahead(card: Card, season: int | None = None) -> None:
    """Ask what the search for this title will ask first, while no more is known of it than its card.

    The search finds the answers kept, or waits for them. What fails is told by the search. A name in another script
    may not be among those that it asks for.
    """
    likely = [query for query in queries(of_card(card), season) if is_latin(query)][:ASKED_AHEAD]
    for source in providers.sources():
        for query in likely if source.needs_network else ():
            executor().submit(source.search, query, MOST_ROWS)


def forget() -> None:
    """For tests, and after the sources or a profile have changed."""
    with _lock:
        _begun.clear()


@lru_cache(maxsize=1)
def executor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="source")
