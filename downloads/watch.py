"""The watch beside the workers: what a killed worker left lying is picked up within seconds."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.utils import timezone

from downloads import clock, dead_links, lease, purging, queries, reports, room, wake
from downloads.signals import watch_looked
from hosts import checkup

GIVE_UP_AFTER = 30.0
PURGE_EVERY = 60.0
CLEAN_EVERY = 24 * 3600.0
LINKS_EVERY = 3600.0
ACCOUNTS_EVERY = 60.0
SET_BACK = timedelta(minutes=1)


class Watch:
    """Looks every few seconds. `look` is False when the workers do not answer any more and must be restarted."""

    def __init__(self) -> None:
        self.unanswered_since: float | None = None
        self.seen = timezone.now()
        self.told_room: dict[str, int] = {}
        self.purged_at = time.monotonic()
        self.cleaned_at = float("-inf")
        self.links_asked_at = float("-inf")
        self.accounts_looked_at = float("-inf")

    def look(self) -> bool:
        clock.follow()  # whose night it is
        self.notice_set_back(timezone.now())
        self.purge()
        watch_looked.send(Watch)
        self.check_links(timezone.now())
        self.check_accounts(timezone.now())
        alive = lease.is_alive(queries.lease())
        if not alive:
            room.wake(told=self.told_room)
        if alive or not queries.work_due():
            self.unanswered_since = None
            return True
        now = time.monotonic()
        if self.unanswered_since is None:
            self.unanswered_since = now
        wake.engine()
        return now - self.unanswered_since < GIVE_UP_AFTER

    def notice_set_back(self, now: datetime) -> None:
        """What was to wait until a time of a clock that ran ahead is looked at again."""
        if now < self.seen - SET_BACK:
            reports.wake_timed()
        self.seen = now

    def purge(self) -> None:
        """Ask for the clean-up when removed rows are due, and once a day for what merely grows old."""
        now = time.monotonic()
        if now - self.purged_at < PURGE_EVERY:
            return
        self.purged_at = now
        if purging.due().exists() or now - self.cleaned_at > CLEAN_EVERY:
            self.cleaned_at = now
            wake.purger()

    def check_accounts(self, now: datetime) -> None:
        """Ask for the look at the accounts when one is due: at a start those that nobody has asked about yet."""
        if time.monotonic() - self.accounts_looked_at < ACCOUNTS_EVERY:
            return
        self.accounts_looked_at = time.monotonic()
        if checkup.due(now).exists():
            wake.account_checker()

    def check_links(self, now: datetime) -> None:
        """Once an hour of the night, ask for the look at links that wait; most nights the first one does it all."""
        if not dead_links.is_night(now) or time.monotonic() - self.links_asked_at < LINKS_EVERY:
            return
        self.links_asked_at = time.monotonic()
        if dead_links.due(now).exists():
            wake.link_checker()
