"""What the engine writes about the rows it holds. The user's verbs are in actions.py.

A row belongs to the engine whose name stands in `engine`; every write names it, so an engine that lost its
lease cannot touch rows that another has taken over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Case, Q, QuerySet, Value, When
from django.utils import timezone

from downloads import queries, usage
from downloads.actions import move, next_version, reason_fields, refold, sane, warning_fields
from downloads.engine.magic import Caution
from downloads.models import Download
from downloads.states import RUNNING, Event, Reason, Status, sources, target
from hosts.models import Account


@dataclass(frozen=True, slots=True)
class Measured:
    """Where a transfer stands: bytes on disk and bytes per second."""

    pk: int
    downloaded: int
    speed: int


def held_by(engine: str) -> QuerySet[Download]:
    return Download.objects.filter(engine=engine)


def claim(pk: int, engine: str, account: Account | None = None) -> bool:
    """Take a queued row, for a transfer with this account; False when somebody was faster or the user paused it."""
    used: dict[str, Any] = {"account": account, "account_email": account.email if account else ""}
    return bool(move(Download.objects.filter(pk=pk), Event.CLAIM, engine=engine, speed=0, **used))


def start(pk: int, engine: str, name: str, size: int | None) -> int:
    """Bytes begin to arrive; name and size are now known."""
    known: dict[str, Any] = {"name": name[:1024]} if name else {}
    if sane(size) is not None:
        known["size"] = size
    with transaction.atomic():
        changed = move(held_by(engine).filter(pk=pk), Event.START, started_at=timezone.now(), **known)
        refold(pk)
        return changed


def verify(pk: int, engine: str) -> int:
    return move(held_by(engine).filter(pk=pk), Event.VERIFY, speed=0)


def finish(pk: int, engine: str, path: Path, size: int, caution: Caution | None = None) -> int:
    """The file is there, whatever happened to its row meanwhile: a removed one remembers it for its undoing.

    The row stays with its engine until `sign_off`, so that the engine's receipt is dropped even after a kill.
    """
    with transaction.atomic():
        changed = (
            held_by(engine)
            .filter(pk=pk, status__in=sources(Event.FINISH))
            .update(
                status=target(Event.FINISH),
                path=str(path),
                name=path.name,
                size=size,
                downloaded=size,
                speed=0,
                attempts=0,
                finished_at=timezone.now(),
                version=next_version(),
                **reason_fields(None),
                **warning_fields(caution),
            )
        )
        refold(pk)
        return changed


def sign_off(pk: int) -> None:
    """Nothing of a finished row is left for an engine to do."""
    Download.objects.filter(pk=pk, status=Status.COMPLETED).update(engine="")


def finished_by_others(engine: str) -> QuerySet[Download]:
    """Finished rows that a dead engine did not sign off."""
    return Download.objects.filter(status=Status.COMPLETED).exclude(engine__in=["", engine])


def wait(pk: int, engine: str, reason: Reason, attempts: int) -> int:
    return move(held_by(engine).filter(pk=pk), Event.WAIT, reason, attempts=attempts, speed=0, engine="")


def put_off(pk: int, engine: str, reason: Reason, attempts: int) -> int:
    """The same for a row that this engine has claimed or was about to claim."""
    ours = Q(engine=engine) | Q(status=Status.QUEUED)
    return move(Download.objects.filter(ours, pk=pk), Event.WAIT, reason, attempts=attempts, speed=0, engine="")


def fail(pk: int, engine: str, reason: Reason) -> int:
    return move(held_by(engine).filter(pk=pk), Event.FAIL, reason, speed=0, engine="", finished_at=timezone.now())


def release(engine: str, pk: int) -> int:
    """Put a row down unfinished: back to the queue, to go on from its part file."""
    return move(held_by(engine).filter(pk=pk), Event.RELEASE, speed=0, engine="")


def let_go(pk: int, engine: str, downloaded: int) -> int:
    """Forget a row that the user paused or removed while it ran."""
    with transaction.atomic():
        return (
            held_by(engine)
            .filter(pk=pk)
            .exclude(status__in=RUNNING, removed_at=None)
            .update(downloaded=downloaded, speed=0, engine="", version=next_version())
        )


def recover(engine: str) -> int:
    """Queue again what a dead engine held."""
    orphans = Download.objects.exclude(engine__in=["", engine])
    with transaction.atomic():
        recovered = move(orphans, Event.RELEASE, speed=0, engine="")
        orphans.update(engine="", speed=0)
    return recovered


def wake_due(now: datetime) -> int:
    """Queue the rows whose waiting time is over."""
    due = queries.live().filter(status=Status.WAITING, reason_until__lte=now)
    return move(due, Event.WAKE) if due.exists() else 0


def wake_timed() -> int:
    """Queue all rows that wait for a time, whatever that is."""
    return move(queries.live().exclude(reason_until=None), Event.WAKE)


def excuse(pk: int, reason: Reason, attempts: int) -> int:
    """Give a row that waits another reason, one that does not count as an attempt of its own."""
    waiting = Download.objects.filter(pk=pk, removed_at=None, status=Status.WAITING)
    with transaction.atomic():
        return waiting.update(attempts=attempts, version=next_version(), **reason_fields(reason))


def wake_offline() -> int:
    """Queue all rows that waited for the network."""
    return move(queries.offline(), Event.WAKE)


def hold(downloads: QuerySet[Download], reason: Reason) -> int:
    """Make queued rows wait with a reason: no account, no space, the host is cooling down."""
    queued = downloads.filter(status=Status.QUEUED)
    return move(queued, Event.WAIT, reason) if queued.exists() else 0


def tell(downloads: QuerySet[Download], reason: Reason | None) -> int:
    """Say what queued rows wait for; they stay queued. None: for a slot like any other."""
    told = downloads.filter(status=Status.QUEUED)
    with transaction.atomic():
        return told.update(version=next_version(), **reason_fields(reason)) if told.exists() else 0


def retell(downloads: QuerySet[Download], reason: Reason) -> int:
    """Give rows that wait the present numbers."""
    with transaction.atomic():
        return downloads.filter(status=Status.WAITING).update(version=next_version(), **reason_fields(reason))


def measure(engine: str, measured: Sequence[Measured], received: Mapping[int, int] | None = None) -> None:
    """Write the progress of all running rows in one statement, and what each account brought since the last time."""
    if not measured:
        return
    with transaction.atomic():
        held_by(engine).filter(pk__in=[one.pk for one in measured], status__in=RUNNING).update(
            downloaded=per_row({one.pk: one.downloaded for one in measured}),
            speed=per_row({one.pk: one.speed for one in measured}),
            version=next_version(),
        )
        usage.count(received or {})


def per_row(values: dict[int, int]) -> Case:
    whens = [When(pk=pk, then=Value(value)) for pk, value in values.items()]
    return Case(*whens, output_field=BigIntegerField())
