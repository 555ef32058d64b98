"""Servers that have all the connections they may have, the transfers that share these, and the rows that wait for one.

A row that waits for a connection to its server stays queued and says so. It is marked once, when its turn would have
come, and not again at every tick.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from downloads import queries, reports
from downloads.capacity import Quota, shares
from downloads.engine.errors import ServerBusy
from downloads.engine.transfer import Stage
from downloads.engine.width import CROWDED as TOO_MANY
from downloads.models import Download
from downloads.running import Running
from downloads.states import CROWDED, Reason
from hosts import registry
from hosts.base import HostBusy, Problem, TooManySessions

if TYPE_CHECKING:
    from downloads.orchestrator import Orchestrator

Occupied = Callable[["Orchestrator", Download], Reason | None]
"""Says why no further transfer may begin at a row's server now."""


def full(orchestrator: Orchestrator, row: Download) -> Reason | None:
    """Why the server of this row takes no further transfer; None when it does.

    With accounts, those count that are at work there; whether one more could join them is not looked at.
    """
    quotas = {quota_of(one.download) for one in fetching(orchestrator) if one.server == row.server}
    most = {quota: capacity(orchestrator, row.host, quota) for quota in quotas}
    if not quotas or any(len(transfers(orchestrator, quota)) < most[quota] for quota in quotas):
        return None
    host = next((host for host in registry.HOSTS if host.name == row.host), None)
    name = host.label if host and host.is_one_service else row.server
    return Reason(CROWDED.code, CROWDED.sentence, {"host": name, "count": sum(most.values())})


def quota_of(row: Download) -> Quota:
    """What the connections of a row that runs count against."""
    return row.server, row.account_id


def capacity(orchestrator: Orchestrator, host: str, quota: Quota) -> int:
    """Connections that all transfers together may have there."""
    return orchestrator.capacity.of(quota, orchestrator.allowed.get(host, 1))


def transfers(orchestrator: Orchestrator, quota: Quota) -> list[Running]:
    """Those that use or are about to use connections there, oldest first."""
    return [one for one in fetching(orchestrator) if quota_of(one.download) == quota]


def fetching(orchestrator: Orchestrator) -> list[Running]:
    """A file that has come and is only being checked needs no connection any more."""
    return [one for one in orchestrator.running.values() if one.progress.stage != Stage.VERIFYING]


def share(orchestrator: Orchestrator) -> None:
    """Give every transfer its part of its server's connections, and let begin those for which one is free.

    Where there are fewer connections than transfers (the server refused some, the user allows less), the newest
    transfers are put down; their rows queue again, and say what they wait for when their turn comes.
    """
    hosts = {quota_of(one.download): one.download.host for one in fetching(orchestrator)}
    for quota, host in hosts.items():
        mine = transfers(orchestrator, quota)
        most = capacity(orchestrator, host, quota)
        for one in mine[most:]:
            one.stop.set()
        for one, connections in zip(mine, shares(most, len(mine)), strict=True):
            one.allow(connections)
        free = most - sum(max(one.connections, one.turn.is_set()) for one in mine)
        for one in mine:
            if free > 0 and not one.turn.is_set():
                one.turn.set()
                free -= 1


def watch(orchestrator: Orchestrator) -> None:
    """Notice the refusals that transfers met while they went on with fewer connections."""
    for one in orchestrator.running.values():
        if one.refusals > orchestrator.refusals.get(one.download.pk, 0):
            orchestrator.refusals[one.download.pk] = one.refusals
            narrow(orchestrator, quota_of(one.download), None)
    orchestrator.capacity.forget({quota_of(one.download) for one in orchestrator.running.values()})


def narrow(orchestrator: Orchestrator, quota: Quota, problem: Problem | None) -> None:
    """A server refused a connection: it gets no more than what it has now, for a while."""
    if problem is None or is_refusal(problem):
        left = sum(one.connections for one in transfers(orchestrator, quota))
        orchestrator.capacity.refused(quota, left, problem.retry_after if problem else None)


def is_refusal(problem: Problem) -> bool:
    """Whether a server had too much of us, rather than a fault of its own."""
    if isinstance(problem, ServerBusy):
        return problem.params.get("status") in TOO_MANY
    return isinstance(problem, TooManySessions | HostBusy)


def alike(row: Download) -> QuerySet[Download]:
    """The rows of the same server."""
    return queries.live().filter(host=row.host, server=row.server)


def gather(orchestrator: Orchestrator, row: Download, reason: Reason) -> None:
    """Tell the queued rows of a server what they wait for, unless they know."""
    before = orchestrator.crowds.get(row.server)
    if before is None or before[1] != reason:
        reports.tell(alike(row), reason)
    elif row.reason_code != reason.code:
        reports.tell(alike(row).filter(reason_code=""), reason)
    orchestrator.crowds[row.server] = (row, reason)


def with_room(orchestrator: Orchestrator, occupied: Occupied) -> list[str]:
    """Servers for which rows wait, and of which it is not known already that they are as full as before."""
    return [server for server, (row, told) in orchestrator.crowds.items() if occupied(orchestrator, row) != told]


def recall(orchestrator: Orchestrator) -> None:
    """What another engine told the queued rows is told again when it still holds."""
    reports.tell(queries.live().filter(reason_code=CROWDED.code), None)
    orchestrator.crowds.clear()


def tell(orchestrator: Orchestrator, occupied: Occupied) -> None:
    """Correct what waiting rows were told: a server has room again, or another number."""
    for server, (row, told) in list(orchestrator.crowds.items()):
        reason = occupied(orchestrator, row)
        if reason is None:
            reports.tell(alike(row).filter(reason_code=CROWDED.code), None)
            del orchestrator.crowds[server]
        elif reason != told:
            gather(orchestrator, row, reason)
