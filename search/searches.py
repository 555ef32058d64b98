"""The searches of this process: started by whoever wants one first, shared by all who want the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from threading import Lock

from django.db import connections

from search import providers
from search.finder.search import Search, Wanted
from search.releases import Profile

FRESH_FOR = 120.0  # seconds in which the same search is not begun again
MOST = 64
ASKED_AT_ONCE = 12

_lock = Lock()
_begun: dict[tuple[Wanted, str], tuple[float, Search]] = {}


def of(wanted: Wanted, profile: Profile, *, fresh: bool = False, learn: Callable[[], Wanted] | None = None) -> Search:
    """The search for this, running or done; `fresh` begins another one where it is done.

    Sources answer from their caches for longer. `learn` is Search's.
    """
    key, now = (wanted, repr(profile)), time.monotonic()
    with _lock:
        at, search = _begun.get(key, (0.0, None))
        if search is not None and now - at < FRESH_FOR and not (fresh and search.is_over):
            return search
        search = Search(wanted, profile, providers.sources(), executor(), connections.close_all, learn)
        _begun[key] = now, search
        for old in sorted(_begun, key=lambda one: _begun[one][0])[:-MOST]:
            del _begun[old]
    return search.start()


def forget() -> None:
    """For tests, and after the sources or a profile have changed."""
    with _lock:
        _begun.clear()


@lru_cache(maxsize=1)
def executor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="source")
