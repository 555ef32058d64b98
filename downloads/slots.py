"""Which queued rows start now, and which must wait for something other than a slot."""

from __future__ import annotations

import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from downloads import crowds, outcomes, queries, reports, room, usage
from downloads.engine.disk import unusable
from downloads.models import Download
from downloads.running import Unexpected
from downloads.states import CROWDED, Reason, Status
from hosts import accounts, registry
from hosts.base import Problem, gettext_noop
from hosts.models import Account

if TYPE_CHECKING:
    from downloads.orchestrator import Orchestrator

log = logging.getLogger(__name__)

MOST_LOOKED_AT = 50
ACCOUNTS_BUSY = gettext_noop("All {host} accounts have as many transfers as they may have. This file's turn comes.")


def fill(orchestrator: Orchestrator, most: int) -> None:
    """Start rows until `most` run; what cannot start now is told why and lets the next one pass."""
    busy: set[str] = set()
    for _ in range(MOST_LOOKED_AT):
        if len(orchestrator.running) >= most:
            break
        row = next_row(orchestrator, busy)
        if row is None:
            break
        try:
            if not consider(orchestrator, row):
                busy.add(row.server)
        except OSError as error:
            reports.hold(queries.live().filter(root=row.root), Reason.of(unusable(error, Path(row.root))))
        except (InterfaceError, OperationalError):
            raise
        except Exception as error:
            log.exception("Row %s cannot be started", row.pk)
            put_off(orchestrator, row, Unexpected(detail=type(error).__name__))
    crowds.tell(orchestrator, occupied)


def put_off(orchestrator: Orchestrator, row: Download, problem: Problem) -> None:
    """A row that cannot be begun, claimed already or not, is tried again ever more seldom."""
    attempts = row.attempts + 1
    until = orchestrator.now() + timedelta(seconds=outcomes.wait_for(problem, attempts) or 0.0)
    reports.put_off(row.pk, orchestrator.name, Reason.of(problem, until), attempts)


def consider(orchestrator: Orchestrator, row: Download) -> bool:
    """Start a row, or hold it and those that wait for the same thing. Raises OSError for its folder.

    False when its server (or every account there) has enough to do: its rows stay in the queue and say so.
    """
    if hold_host(orchestrator, row):
        return True
    if reason := occupied(orchestrator, row):
        crowds.gather(orchestrator, row, reason)
        return False
    if hold_for_space(orchestrator, row):
        return True
    account = free_account(orchestrator, row)
    if account is None and needs_account(row.host):
        return False
    if reports.claim(row.pk, orchestrator.name, account):
        row.refresh_from_db()
        orchestrator.running[row.pk] = orchestrator.start(row, orchestrator.throttle)
        crowds.share(orchestrator)
    return True


def occupied(orchestrator: Orchestrator, row: Download) -> Reason | None:
    """Why no further transfer may begin at the server of this row now. Here the limits on transfers at once count.

    Where accounts are needed, each has its own connections to the server.
    """
    if not needs_account(row.host):
        return crowds.full(orchestrator, row)
    if free_account(orchestrator, row) is not None:
        return None
    return crowds.full(orchestrator, row) or Reason(
        CROWDED.code, ACCOUNTS_BUSY, {"host": registry.by_name(row.host).label}
    )


def free_account(orchestrator: Orchestrator, row: Download) -> Account | None:
    """The account that a transfer of this row would use; None when its host knows none or all have enough to do."""
    if not needs_account(row.host):
        return None
    loads = usage.loads((one.download, None) for one in crowds.fetching(orchestrator))
    for pk, load in loads.items():
        loads[pk] = replace(load, most=crowds.capacity(orchestrator, row.host, (row.server, pk)))
    with suppress(Problem):  # the last one has just become unusable; the next tick says why
        return accounts.pick(row.host, loads)
    return None


def needs_account(name: str) -> bool:
    return any(host.name == name and host.needs_account for host in registry.HOSTS)


def next_row(orchestrator: Orchestrator, busy: Collection[str] = ()) -> Download | None:
    """The first queued row whose thread, if it had one, has ended, and whose server is not busy.

    Rows that wait for a busy server are marked, so that nobody reads past ten thousand of them: see crowds.py.
    """
    elsewhere = [*orchestrator.running, *orchestrator.watchdog.holds()]
    waiting = queries.live().filter(status=Status.QUEUED).exclude(pk__in=elsewhere)
    waiting = waiting.order_by("-priority", "position")
    groups = [waiting.filter(reason_code="").exclude(server__in=busy)]
    with_room = crowds.with_room(orchestrator, occupied)
    groups += [waiting.filter(server=server) for server in with_room if server not in busy]
    first = [row for group in groups if (row := group.first()) is not None]
    return min(first, key=lambda row: (-row.priority, row.position), default=None)


def hold_host(orchestrator: Orchestrator, row: Download) -> bool:
    """Hold every queued row of a server that is cooling down, or of a host that lacks a usable account.

    Looking and holding are one transaction: an account that is added meanwhile wakes the rows after it.
    """
    with transaction.atomic():
        reason = host_obstacle(orchestrator, row)
        return reason is not None and reports.hold(crowds.alike(row), reason) > 0


def host_obstacle(orchestrator: Orchestrator, row: Download) -> Reason | None:
    """Why no link of this row's server can start now; None when one can."""
    host = next((host for host in registry.HOSTS if host.name == row.host), None)
    if host is None:
        return None
    if reason := orchestrator.cooling(row.server):
        return reason
    if host.needs_account:
        try:
            accounts.usable(host.name)
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
