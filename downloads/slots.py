"""Which queued rows start now, and which must wait for something other than a slot."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from downloads import queries, reports
from downloads.engine.errors import DiskFull
from downloads.engine.space import free_bytes, readable
from downloads.models import Download
from downloads.states import Reason, Status
from hosts import accounts, registry
from hosts.base import HostDown, Problem

if TYPE_CHECKING:
    from downloads.orchestrator import Orchestrator

RESERVE = 256 * 1024 * 1024
LOOK_AGAIN = timedelta(seconds=30)
MOST_HELD = 50


def fill(orchestrator: Orchestrator, most: int) -> None:
    """Start rows until `most` run; what cannot start now is told why and lets the next one pass."""
    for _ in range(MOST_HELD):
        if len(orchestrator.running) >= most:
            return
        row = next_row(orchestrator)
        if row is None:
            return
        if hold_host(orchestrator, row) or hold_for_space(orchestrator, row):
            continue
        if reports.claim(row.pk, orchestrator.name):
            row.refresh_from_db()
            orchestrator.running[row.pk] = orchestrator.start(row, orchestrator.throttle)


def next_row(orchestrator: Orchestrator) -> Download | None:
    """The first queued row whose thread, if it had one, has ended."""
    waiting = queries.live().filter(status=Status.QUEUED).exclude(pk__in=list(orchestrator.running))
    return waiting.order_by("-priority", "position").first()


def hold_host(orchestrator: Orchestrator, row: Download) -> bool:
    """Hold every queued row of a host that is cooling down or lacks a usable account."""
    reason = host_obstacle(orchestrator, row.host)
    return reason is not None and reports.hold(queries.live().filter(host=row.host), reason) > 0


def host_obstacle(orchestrator: Orchestrator, name: str) -> Reason | None:
    """Why no link of this host can start now; None when one can."""
    host = next((host for host in registry.HOSTS if host.name == name), None)
    if host is None:
        return None
    if host.is_one_service and (wait := orchestrator.cooling(name)):
        return Reason.of(HostDown(host=host.label), orchestrator.now() + wait)
    if host.needs_account:
        try:
            accounts.usable(name)
        except Problem as problem:
            wait_for = problem.retry_after
            until = None if wait_for is None else orchestrator.now() + timedelta(seconds=wait_for)
            return Reason.of(problem, until)
    return None


def hold_for_space(orchestrator: Orchestrator, row: Download) -> bool:
    """Hold a row that does not fit beside what the running ones still need on the same file system."""
    needed = max(0, (row.size or 0) - row.downloaded)
    free = free_bytes(Path(row.root)) - RESERVE - promised(orchestrator, row.root)
    if needed <= max(free, 0) or row.size is None:
        return False
    full = DiskFull(needed=readable(needed), free=readable(max(free, 0)))
    only = queries.live().filter(pk=row.pk)
    return reports.hold(only, Reason.of(full, orchestrator.now() + LOOK_AGAIN)) > 0


def promised(orchestrator: Orchestrator, root: str) -> int:
    """What the running transfers of this download folder have yet to write."""
    same = [running for running in orchestrator.running.values() if running.download.root == root]
    return sum(max(0, (one.progress.size or 0) - one.progress.downloaded) for one in same)
