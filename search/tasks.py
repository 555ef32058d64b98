"""What the workers run for searching. Each is harmless to start twice, at once or again."""

from __future__ import annotations

from contextlib import suppress

from downloads.seats import seat
from hosts.sessions import Busy, file_lock
from search.catalogue import crawl as crawling
from search.catalogue import forgetting, wake
from search.watchlist import check


def crawl() -> None:
    """One slice of the visits that are due; one at a time, whoever starts how many."""
    with suppress(Busy), file_lock("crawl", wait=False), seat():
        crawling.work()
        wake.ready_for_more()


def check_watchlist() -> None:
    """Look for a few of the wanted titles that are due; one look at a time, whoever starts how many."""
    with suppress(Busy), file_lock("watchlist", wait=False), seat():
        check.work()


def forget() -> None:
    """One slice of forgetting what is not followed any more; the watch asks for the next one."""
    with suppress(Busy), file_lock("forget", wait=False), seat():
        forgetting.work()
