"""Are the links of waiting downloads still there? Asked once a night, so that a dead one is known before its turn.

Batches that come from a folder are asked about by listing it: a hundred files cost one request.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from downloads import actions, queries
from downloads.models import Batch, Download
from downloads.states import Reason, Status
from hosts import accounts, registry
from hosts.base import LinkDead, LinkProblem, Problem
from hosts.folders import Walk

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(hours=20)
MOST_A_NIGHT = 400
WORTH_LISTING = 5
NOT_BEGUN = (Status.QUEUED, Status.WAITING, Status.PAUSED)
FIRST_HOUR, LAST_HOUR = 2, 5


def is_night(now: datetime) -> bool:
    """In the hours of the server's time zone when hosts have the least to do."""
    return FIRST_HOUR <= timezone.localtime(now).hour < LAST_HOUR


def due(now: datetime) -> QuerySet[Download]:
    """Rows that wait for their turn and that nobody has asked about for most of a day, the oldest knowledge first.

    Where every link is another server, asking proves nothing: those rows are left to the engine.
    """
    before = now - AGAIN_AFTER
    lately = Q(checked_at__gt=before) | Q(checked_at=None, created_at__gt=before)
    services = [host.name for host in registry.HOSTS if host.is_one_service]
    return queries.live().filter(status__in=NOT_BEGUN, host__in=services).exclude(lately).order_by("checked_at", "pk")


def check(now: datetime) -> int:
    """Ask about what is due, politely; the number of rows found dead. A host in trouble is left alone till tomorrow."""
    troubled: set[str] = set()
    for batch in worth_listing(now):
        list_batch(batch, now, troubled)
    dead = 0
    for row in due(now)[:MOST_A_NIGHT]:
        if row.host not in troubled:
            dead += ask(row, now, troubled)
    return dead


def worth_listing(now: datetime) -> QuerySet[Batch]:
    rows = due(now).order_by().filter(batch__isnull=False).exclude(batch__url="")
    counts = rows.values("batch").annotate(rows=Count("pk")).filter(rows__gte=WORTH_LISTING)
    return Batch.objects.filter(pk__in=counts.values("batch"))


def list_batch(batch: Batch, now: datetime, troubled: set[str]) -> None:
    """Note which rows of a batch its folder still holds; those that it does not are asked about one by one."""
    found = registry.find(batch.url)
    if found is None or found[0].name in troubled:
        return
    host, link = found
    alive: list[str] = []
    try:
        walk = Walk(link, partial(host.list_folder, context=accounts.context_for(host)))
        alive = [entry.link.code for entry in walk if not entry.is_folder and not entry.is_dead]
    except Problem as problem:
        log.info("Cannot list the folder of batch %s: %s", batch.pk, problem)
        if problem.blames_host:
            troubled.add(host.name)
    rows = Download.objects.filter(batch=batch, host=host.name)
    for start in range(0, len(alive), 500):
        rows.filter(code__in=alive[start : start + 500]).update(checked_at=now)


def ask(row: Download, now: datetime, troubled: set[str]) -> bool:
    """Whether the row was found dead, and failed for it."""
    host = registry.by_name(row.host)
    only = Download.objects.filter(pk=row.pk)
    try:
        host.describe(row.link, accounts.context_for(host))
    except LinkDead as problem:
        only.update(checked_at=now)
        return actions.fail_found_dead(only, Reason.of(problem), now) > 0
    except LinkProblem as problem:  # such as a share that wants its token: this link says no more tonight
        log.info("Download %s is not dead: %s", row.pk, problem)
    except Problem as problem:
        log.info("Cannot ask about download %s: %s", row.pk, problem)
        troubled.add(row.host)
        return False
    only.update(checked_at=now)
    return False
