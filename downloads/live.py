"""What changes goes to every open page, as the same HTML that the page was made of.

The database is the bus: workers write rows, and one Ticker in each web process asks twice a second what is newer
than the newest change it knows. It lives only while somebody watches and sends nothing when nothing has changed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError, connections
from django.template.loader import render_to_string
from django.urls import set_script_prefix
from django.utils import translation

from downloads import clock, overview, queries
from downloads.models import Download
from downloads.states import FINISHED
from hosts import accounts

log = logging.getLogger(__name__)

TICK = 0.5
TOTALS_EVERY = 1.0
QUIET_TOTALS_EVERY = 5.0
RELIST_EVERY = 1.0
RESTART_AFTER = 5.0
MOST_ROWS = 200
MOST_KNOWN = 5_000

Shape = tuple[str, int, int]


def group(language: str) -> str:
    """The channel group of this process's sockets in one language; other processes have tickers of their own."""
    return f"queue.{language}.{os.getpid()}"


def relist() -> str:
    """Makes the list on an open page fetch itself again, with whatever view, search and page it shows."""
    return render_to_string("downloads/_stale.html", {"oob": True})


def renotice() -> str:
    """Makes the notices on an open page fetch themselves again."""
    return render_to_string("notices/_stale.html", {"oob": True})


class Look:
    """One glance at the database after another; remembers what the open pages know. Runs in one thread.

    What a glance has found counts as known only when it was sent: `arrived` or `missed` must follow it.
    """

    def __init__(self, seen: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.seen = self.newest = seen
        self.clock = clock
        self.shapes: dict[int, Shape] = {}
        self.relist_due = False
        self.relisted_at = self.totals_at = float("-inf")
        self.totals_seen = seen
        self.busy = True
        self.totals: dict[str, str] = {}
        self.notices: list[str] = []  # what came up while the page was loading is sent once too often

    def __call__(self, languages: Iterable[str]) -> dict[str, str]:
        """For each language the fragments to send, empty when nothing is new."""
        newest = queries.version()
        rows = self.changed(newest)
        now = self.clock()
        relisting = self.relist_due and now - self.relisted_at >= RELIST_EVERY
        if relisting:
            self.relist_due, self.relisted_at = False, now
        totals = self.measured(now, newest)
        news = self.news() if totals else ""
        if rows or totals:
            clock.follow()
        fragments = {language: self.rendered(language, rows, totals, relisting) + news for language in languages}
        self.newest = newest
        return fragments

    def arrived(self) -> None:
        self.seen = self.newest

    def missed(self) -> None:
        """Something of the last glance did not reach the pages: they fetch their lists again."""
        self.relist_due = True
        self.newest = self.seen
        self.totals_at = float("-inf")
        self.totals.clear()
        self.notices = ["unsent"]

    def measured(self, now: float, newest: int) -> overview.Overview | None:
        """The totals when their time has come; while nothing runs or changes, only the free space can be new."""
        quiet = not self.busy and self.totals_seen == newest
        if now - self.totals_at < (QUIET_TOTALS_EVERY if quiet else TOTALS_EVERY):
            return None
        totals = overview.current()
        self.totals_at, self.totals_seen, self.busy = now, newest, bool(totals.speeds)
        return totals

    def news(self) -> str:
        """Makes open pages fetch their notices when there are others: each user has put aside different ones."""
        known, self.notices = self.notices, [notice.key for notice in accounts.current_notices()]
        return renotice() if known != self.notices else ""

    def changed(self, newest: int) -> list[Download]:
        """The rows to send; more than a page can take are left to the list's own fetching.

        A count that went back is another database, restored from a backup: the lists are all that is sure.
        """
        if newest == self.seen:
            return []
        rows = queries.changed_since(self.seen, MOST_ROWS + 1)
        if newest < self.seen or len(rows) > MOST_ROWS:
            self.relist_due = True
            return []
        for row in rows:
            self.notice(row)
        return [row for row in rows if row.removed_at is None]

    def notice(self, row: Download) -> None:
        """A row that is new, gone or elsewhere in the order makes the lists stale; mere progress does not."""
        shape = (row.status, row.priority, row.position)
        gone = row.removed_at is not None or row.status in FINISHED
        if gone or self.shapes.get(row.pk) != shape:
            self.relist_due = True
        if len(self.shapes) > MOST_KNOWN:
            self.shapes.clear()
        self.shapes[row.pk] = shape
        if gone:
            del self.shapes[row.pk]

    def rendered(self, language: str, rows: list[Download], totals: overview.Overview | None, relisting: bool) -> str:
        with translation.override(language):
            parts: list[str] = [render_to_string("downloads/_download.html", {"d": row, "oob": True}) for row in rows]
            if totals is not None:
                line = render_to_string("downloads/_totals.html", {"overview": totals, "oob": True})
                if self.totals.get(language) != line:
                    self.totals[language] = line
                    parts.append(line)
            if relisting:
                parts.append(relist())
        return "".join(parts)


class Ticker:
    """Looks for as long as somebody watches: started by the first watcher, ended with the last."""

    def __init__(self) -> None:
        self.watchers: Counter[str] = Counter()
        self.look: Look | None = None
        self.task: asyncio.Task[None] | None = None

    def join(self, language: str, seen: int) -> bool:
        """Somebody watches whose page knows all changes up to `seen`; True when it has missed some already."""
        self.watchers[language] += 1
        if self.task is None or self.look is None:
            others_wait = self.watchers.total() > 1  # for a ticker that broke
            self.start(min(seen, self.look.seen) if self.look and others_wait else seen)
            return False
        self.look.totals.pop(language, None)
        return seen < self.look.seen

    def start(self, seen: int) -> None:
        self.look = Look(seen)
        self.task = asyncio.create_task(self.run(self.look))
        self.task.add_done_callback(self.ended)

    def ended(self, task: asyncio.Task[None]) -> None:
        """A ticker that broke (its channel layer went away) says so and starts again while pages wait for it."""
        if task.cancelled() or task is not self.task:
            return
        log.error("Live updates stopped; they start again.", exc_info=task.exception())
        self.task = None
        if self.watchers and self.look is not None:
            asyncio.get_running_loop().call_later(RESTART_AFTER, self.restart, self.look.seen)

    def restart(self, seen: int) -> None:
        if self.watchers and self.task is None:
            self.start(seen)

    def leave(self, language: str) -> None:
        self.watchers -= Counter([language])
        if not self.watchers and self.task is not None:
            task, self.task = self.task, None
            task.cancel()

    async def run(self, look: Look) -> None:
        """Look and send until cancelled. A database that cannot be read now is asked again at the next tick."""
        loop, layer = asyncio.get_running_loop(), get_channel_layer()
        thread = ThreadPoolExecutor(1, thread_name_prefix="ticker", initializer=prepare_thread)
        try:
            while True:
                fragments = await loop.run_in_executor(thread, careful, look, tuple(self.watchers))
                for language, html in fragments.items():
                    if html:
                        await layer.group_send(group(language), {"type": "queue.changed", "html": html})
                look.arrived()
                await asyncio.sleep(TICK)
        finally:
            thread.submit(connections.close_all)
            thread.shutdown(wait=False)


def prepare_thread() -> None:
    """Links in fragments need the path that the site is mounted at; it is known per thread."""
    set_script_prefix(settings.FORCE_SCRIPT_NAME or "/")


def careful(look: Look, languages: Iterable[str]) -> dict[str, str]:
    try:
        return look(languages)
    except DatabaseError as error:
        log.warning("Cannot see what changed: %s", error)
        look.missed()
        connections.close_all()
        return {}


ticker = Ticker()
