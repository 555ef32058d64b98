"""Which queued rows start now, and which must wait for something other than a slot."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from downloads import queries, reports, room, usage
from downloads.engine.errors import DiskRefused
from downloads.models import Download
from downloads.running import Unexpected
from downloads.states import Reason, Status
from hosts import accounts, registry
from hosts.base import Problem

if TYPE_CHECKING:
    from downloads.orchestrator import Orchestrator

log = logging.getLogger(__name__)

MOST_LOOKED_AT = 50


def fill(orchestrator: Orchestrator, most: int) -> None:
    """Start rows until `most` run; what cannot start now is told why and lets the next one pass."""
    busy: set[str] = set()
    for _ in range(MOST_LOOKED_AT):
        if len(orchestrator.running) >= most:
            return
        row = next_row(orchestrator, busy)
        if row is None:
            return
        try:
            if not consider(orchestrator, row):
                busy.add(row.host)
        except OSError as error:
            refused = DiskRefused(folder=row.root, detail=error.strerror or str(error))
            reports.hold(only(row), Reason.of(refused))
        except Exception as error:
            log.exception("Row %s cannot be started", row.pk)
            reports.refuse(only(row), Reason.of(Unexpected(detail=type(error).__name__)))


def consider(orchestrator: Orchestrator, row: Download) -> bool:
    """Start a row, or hold it and those that wait for the same thing. Raises OSError for its folder.

    False when the accounts of its host have enough to do: the row stays where it is until one is free.
    """
    if hold_host(orchestrator, row) or hold_for_space(orchestrator, row):
        return True
    account = None
    if needs_account(row.host):
        try:
            account = accounts.pick(row.host, usage.loads(orchestrator.at_work()))
        except Problem:  # the last one has just become unusable; the next tick says why
            return False
        if account is None:
            return False
    if reports.claim(row.pk, orchestrator.name, account):
        row.refresh_from_db()
        orchestrator.running[row.pk] = orchestrator.start(row, orchestrator.throttle)
    return True


def next_row(orchestrator: Orchestrator, busy: Collection[str] = ()) -> Download | None:
    """The first queued row whose thread, if it had one, has ended, and whose host has an account to spare."""
    waiting = queries.live().filter(status=Status.QUEUED).exclude(pk__in=list(orchestrator.running))
    return waiting.exclude(host__in=busy).order_by("-priority", "position").first()


def needs_account(name: str) -> bool:
    return any(host.name == name and host.needs_account for host in registry.HOSTS)


def hold_host(orchestrator: Orchestrator, row: Download) -> bool:
    """Hold every queued row of a host that is cooling down or lacks a usable account.

    Looking and holding are one transaction: an account that is added meanwhile wakes the rows after it.
    """
    with transaction.atomic():
        reason = host_obstacle(orchestrator, row.host)
        return reason is not None and reports.hold(queries.live().filter(host=row.host), reason) > 0


def host_obstacle(orchestrator: Orchestrator, name: str) -> Reason | None:
    """Why no link of this host can start now; None when one can."""
    host = next((host for host in registry.HOSTS if host.name == name), None)
    if host is None:
        return None
    if host.is_one_service and (reason := orchestrator.cooling(name)):
        return reason
    if host.needs_account:
        try:
            accounts.usable(name)
        except Problem as problem:
            wait_for = problem.retry_after
            until = None if wait_for is None else orchestrator.now() + timedelta(seconds=wait_for)
            return Reason.of(problem, until)
    return None


def hold_for_space(orchestrator: Orchestrator, row: Download) -> bool:
    """Hold a row that does not fit beside what the running ones still need, and all others that do not."""
    space = room.left(row.root, orchestrator.at_work())
    needed = room.missing(row)
    if needed <= space or (row.size is None and space > 0):
        return False
    held = reports.hold(only(row), room.full(space))
    alike = queries.live().filter(status=Status.QUEUED, root=row.root, downloaded=0, size__gt=max(space, 0))
    reports.hold(alike, room.full(space))
    return held > 0


def only(row: Download) -> QuerySet[Download]:
    return queries.live().filter(pk=row.pk)
