"""Every question that is asked about downloads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Case, Count, F, Max, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from downloads.models import Change, Download, EngineLease
from downloads.states import FINISHED, NO_NETWORK, OPEN, RUNNING, Status
from hosts.folding import fold_letters

RELATED = ["batch"]
"""What is read together with the rows of a list; an app above adds what its part of a row shows."""

QUEUE_ORDER = ("rank", "-priority", "position")
VIEWS: dict[str, tuple[Status, ...]] = {
    "all": OPEN,
    "active": RUNNING,
    "waiting": (Status.QUEUED, Status.WAITING),
    "paused": (Status.PAUSED,),
}
HISTORY_VIEWS: dict[str, tuple[Status, ...]] = {
    "all": FINISHED,
    "completed": (Status.COMPLETED,),
    "failed": (Status.FAILED,),
}


@dataclass(frozen=True, slots=True)
class Totals:
    """The one line above the queue. `remaining` is in bytes over rows whose size is known."""

    active: int
    waiting: int
    paused: int
    failed: int
    completed: int
    speed: int
    remaining: int
    offline: int = 0

    @property
    def open(self) -> int:
        return self.active + self.waiting + self.paused

    @property
    def eta(self) -> int | None:
        return self.remaining // self.speed if self.speed and self.remaining else None


def live() -> QuerySet[Download]:
    """Rows that have not been removed."""
    return Download.objects.filter(removed_at=None)


def matching(text: str) -> Q:
    """Rows whose names, folder or link hold the text, whatever its case and accents."""
    return Q(folded__contains=fold_letters(text)) if text else Q()


def queue(view: str = "all", text: str = "") -> QuerySet[Download]:
    """Unfinished rows: running first, then in the order in which they will run."""
    rank = Case(When(status__in=RUNNING, then=Value(0)), default=Value(1))
    rows = live().filter(matching(text), status__in=VIEWS.get(view, OPEN)).select_related(*RELATED)
    return rows.annotate(rank=rank).order_by(*QUEUE_ORDER)


def history(view: str = "all", text: str = "") -> QuerySet[Download]:
    """Completed and failed rows, newest first."""
    rows = live().filter(matching(text), status__in=HISTORY_VIEWS.get(view, FINISHED)).select_related(*RELATED)
    return rows.order_by("-finished_at", "-pk")


def removed(at: datetime) -> QuerySet[Download]:
    """The rows that one removal took away."""
    return Download.objects.filter(removed_at=at)


def totals() -> Totals:
    def count(*statuses: Status) -> Count:
        return Count("pk", filter=Q(status__in=statuses))

    zero = Value(0, output_field=BigIntegerField())
    left = Greatest(F("size") - F("downloaded"), zero, output_field=BigIntegerField())
    return Totals(
        **live().aggregate(
            active=count(*RUNNING),
            waiting=count(Status.QUEUED, Status.WAITING),
            paused=count(Status.PAUSED),
            failed=count(Status.FAILED),
            completed=count(Status.COMPLETED),
            speed=Coalesce(Sum("speed", filter=Q(status__in=RUNNING)), zero),
            offline=Count("pk", filter=Q(status=Status.WAITING, reason_code=NO_NETWORK.code)),
            remaining=Coalesce(Sum(left, filter=Q(status__in=OPEN)), zero),
        )
    )


def version() -> int:
    """The number of the newest change."""
    return Change.objects.filter(pk=1).aggregate(newest=Max("value"))["newest"] or 0


def changed_since(seen: int, most: int) -> list[Download]:
    """At most `most` rows changed after `seen`, removed ones included, oldest change first."""
    return list(Download.objects.filter(version__gt=seen).select_related(*RELATED).order_by("version", "pk")[:most])


def offline() -> QuerySet[Download]:
    """Rows that wait for the network."""
    return live().filter(status=Status.WAITING, reason_code=NO_NETWORK.code)


def work_due(now: datetime | None = None) -> bool:
    """Is there anything for an engine to do: a row to start, to wake or to take over from a dead one?"""
    due = Q(status=Status.WAITING, reason_until__lte=now or timezone.now())
    running = live().filter(Q(status__in=(Status.QUEUED, *RUNNING)) | due)
    return running.exists() or offline().exists()


def lease() -> EngineLease:
    return EngineLease.objects.get_or_create(pk=1)[0]


def engine_is_alive(now: datetime | None = None, known: EngineLease | None = None) -> bool:
    """`known` is the lease when it has just been read."""
    row = known or lease()
    return bool(row.owner) and is_fresh(row.heartbeat_at, now or timezone.now(), row.TIME_TO_LIVE)


def is_fresh(moment: datetime | None, now: datetime, within: timedelta) -> bool:
    """Was this lately? A moment in the future is none: the clock was set back, and nobody must wait for it."""
    return moment is not None and abs(now - moment) < within


def engine_is_missing(now: datetime | None = None) -> bool:
    """Is there work that no engine has come for, although one was asked for a while ago? Then no worker runs."""
    now = now or timezone.now()
    row = lease()
    patient = any(is_fresh(moment, now, row.COMES_WITHIN) for moment in (row.heartbeat_at, row.requested_at))
    return not patient and not engine_is_alive(now, row) and work_due(now - row.COMES_WITHIN)


def speeds() -> list[int]:
    """Bytes per second, one sample a second, oldest first, at most two minutes."""
    row = lease()
    return [int(sample) for sample in row.speeds] if engine_is_alive(known=row) else []
