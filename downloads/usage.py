"""What each account has to do now and has brought: counted here, because hosts know nothing of downloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F
from django.utils import timezone

from downloads import queries
from downloads.models import Download, Traffic
from downloads.states import RUNNING
from hosts.choice import Load
from hosts.models import Account

if TYPE_CHECKING:
    from downloads.running import Running

KEPT = timedelta(days=400)


def loads(at_work: Iterable[tuple[Download, int | None]]) -> dict[int, Load]:
    """The load of each account, by its number: the engine's own transfers, and what has come today."""
    active = Counter(row.account_id for row, _ in at_work if row.account_id is not None)
    brought = brought_on(timezone.localdate())
    return {pk: Load(active[pk], brought.get(pk, 0)) for pk in {*active, *brought}}


def brought_on(day: date) -> dict[int, int]:
    """Bytes by account number."""
    return dict(Traffic.objects.filter(day=day).values_list("account_id", "bytes"))


def active() -> dict[int, int]:
    """Running transfers by account number, as every process sees them."""
    rows = queries.live().filter(status__in=RUNNING).exclude(account=None).order_by()
    return dict(rows.values_list("account_id").annotate(count=Count("pk")))


def days(account_id: int, most: int, today: date | None = None) -> list[tuple[date, int]]:
    """The bytes of each of the last `most` days, the oldest first, days without any included."""
    last = today or timezone.localdate()
    first = last - timedelta(days=most - 1)
    counted = dict(Traffic.objects.filter(account_id=account_id, day__range=(first, last)).values_list("day", "bytes"))
    return [(day, counted.get(day, 0)) for day in (first + timedelta(days=n) for n in range(most))]


def count(received: Mapping[int, int], today: date | None = None) -> None:
    """Add bytes by account number to today's counts. An account that was removed meanwhile counts nothing."""
    day = today or timezone.localdate()
    for pk, more in received.items():
        if more <= 0 or Traffic.objects.filter(account_id=pk, day=day).update(bytes=F("bytes") + more):
            continue
        if Account.objects.filter(pk=pk).exists():
            Traffic.objects.create(account_id=pk, day=day, bytes=more)


class Tally:
    """What the engine's transfers have fetched that no report has counted yet. A crash costs one report's bytes."""

    def __init__(self) -> None:
        self.counted: dict[int, int] = {}

    def take(self, running: Mapping[int, Running]) -> Counter[int]:
        """The bytes that came since the last time, by account number."""
        brought: Counter[int] = Counter()
        for pk, one in running.items():
            new = one.progress.received - self.counted.get(pk, 0)
            if one.download.account_id is not None and new > 0:
                self.counted[pk] = one.progress.received
                brought[one.download.account_id] += new
        return brought

    def close(self, pk: int, running: Running) -> None:
        """Count the rest of a transfer that has ended."""
        count(self.take({pk: running}))
        self.counted.pop(pk, None)


def forget_old(today: date | None = None) -> None:
    Traffic.objects.filter(day__lt=(today or timezone.localdate()) - KEPT).delete()
