"""The watch beside the workers: what a killed worker left lying is picked up within seconds."""

from __future__ import annotations

import time

from downloads import lease, purging, queries, wake

GIVE_UP_AFTER = 30.0
PURGE_EVERY = 60.0


class Watch:
    """Looks every few seconds. `look` is False when the workers do not answer any more and must be restarted."""

    def __init__(self) -> None:
        self.unanswered_since: float | None = None
        self.purged_at = time.monotonic()

    def look(self) -> bool:
        self.purge()
        if lease.is_alive(queries.lease()) or not queries.work_due():
            self.unanswered_since = None
            return True
        now = time.monotonic()
        self.unanswered_since = self.unanswered_since or now
        wake.engine()
        return now - self.unanswered_since < GIVE_UP_AFTER

    def purge(self) -> None:
        if time.monotonic() - self.purged_at < PURGE_EVERY:
            return
        self.purged_at = time.monotonic()
        if purging.due().exists():
            wake.purger()
