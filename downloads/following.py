"""Following downloads from a shell until nothing more happens to them by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from django.utils import timezone

from downloads import lease, queries
from downloads.engine.space import readable
from downloads.models import Download
from downloads.states import RUNNING, Status

LOOK_EVERY = 0.5
SAY_EVERY = 5.0
WORKER_COMES_WITHIN = 30.0


class NoWorker(Exception):
    """There is work, and for a while nobody has been doing it."""


def follow(numbers: Sequence[int], say: Callable[[str], None]) -> list[Download]:
    """Say how the rows get on until each is finished or needs the user; returns them as they are then.

    A row that was removed meanwhile is missing from the answer. Raises NoWorker.
    """
    seen: dict[int, str] = {}
    said_at = worker_seen_at = time.monotonic()
    while True:
        rows = list(queries.live().filter(pk__in=numbers).order_by("position", "pk"))
        for row in rows:
            if is_settled(row) and seen.get(row.pk) != row.status:
                say(ending(row))
            seen[row.pk] = row.status
        open_rows = [row for row in rows if not is_settled(row)]
        if not open_rows:
            return rows
        now = time.monotonic()
        if lease.is_alive(queries.lease()) or not any(is_due(row) for row in open_rows):
            worker_seen_at = now
        elif now - worker_seen_at > WORKER_COMES_WITHIN:
            raise NoWorker
        if now - said_at >= SAY_EVERY:
            said_at = now
            say(progress(rows))
        time.sleep(LOOK_EVERY)


def is_settled(row: Download) -> bool:
    """Finished, or waiting for the user: a waiting row with a time goes on by itself."""
    if row.status == Status.WAITING:
        return row.reason_until is None
    return row.status not in (Status.QUEUED, *RUNNING)


def is_due(row: Download) -> bool:
    """Is it a worker's turn to do something about this open row?"""
    return row.status != Status.WAITING or row.reason_until is None or row.reason_until <= timezone.now()


def ending(row: Download) -> str:
    if row.status == Status.COMPLETED:
        return f"{row.pk}: complete: {row.path}"
    return f"{row.pk}: {row.status}: {row}: {row.reason.message if row.reason else ''}".rstrip(": ")


def progress(rows: Sequence[Download]) -> str:
    """All rows in one line."""
    complete = sum(row.status == Status.COMPLETED for row in rows)
    size, downloaded = sum(row.size or 0 for row in rows), sum(row.downloaded for row in rows)
    share = f"{100 * downloaded / size:.0f} %" if size else "size not known"
    speed = sum(row.speed for row in rows)
    clock = timezone.localtime().strftime("%H:%M:%S")
    return f"{clock}  {complete} of {len(rows)} complete, {share}, {readable(speed)}/s"
