"""Is the network there? When no server can be reached, one state says so for all rows, and one probe asks for all.

A server that cannot be reached proves nothing: it may be dead. So a suspicion (two servers in a short time, or the only
one) is looked into before it is believed, and servers that nobody has complained of are asked too.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Min

from downloads import queries, reports
from downloads.engine.backoff import Backoff
from downloads.models import Download
from downloads.probe import Probe
from downloads.states import NO_ANSWER, NO_NETWORK, Reason, Status
from hosts import registry
from hosts.base import HostDown, Problem, TransferProblem
from hosts.links import Link
from hosts.reach import Reach, reach_of

if TYPE_CHECKING:
    from downloads.orchestrator import Orchestrator
    from downloads.running import Running

log = logging.getLogger(__name__)

WINDOW = 90.0  # seconds in which servers must fail together
AGAIN = Backoff(base=4.0, cap=60.0)
MOST_ASKED = 4
MOST_NAMED = 3


@dataclass(slots=True)
class Evidence:
    link: Link
    reach: Reach
    at: float
    rows: dict[int, int]  # the rows that met it, with their attempts before
    count: int = 1


class Line:
    """One for each engine; `is_down` outlives it in the rows' reasons."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.is_down = False
        self.evidence: dict[str, Evidence] = {}
        self.probe: Probe | None = None
        self.backoff = AGAIN
        self.due_at = 0.0

    def take_over(self) -> None:
        """An engine before this one had no network: ask again at once."""
        for row in offline_rows()[:MOST_ASKED]:
            self.is_down = True
            self.evidence[row.server] = Evidence(row.link, Reach.NOT_REACHED, self.clock(), {})

    def note(self, pk: int, running: Running, problem: Problem) -> Reason | None:
        """Take in what a transfer ended with; the reason of its row when the network is gone."""
        reach = reach_of(problem) if isinstance(problem, TransferProblem | HostDown) else None
        if reach is None:
            return None
        row, now = running.download, self.clock()
        known = self.evidence.get(row.server)
        if known is None:
            self.evidence[row.server] = Evidence(row.link, reach, now, {pk: row.attempts})
        else:
            known.reach, known.at, known.count = reach, now, known.count + 1
            known.rows.setdefault(pk, row.attempts)
        return self.reason if self.is_down else None

    def arrived(self, orchestrator: Orchestrator) -> None:
        """Bytes have come: the network is there."""
        self.evidence.clear()
        if self.is_down:
            self.come_up()

    def look(self, orchestrator: Orchestrator) -> None:
        """Once a tick, before rows are started."""
        now = self.clock()
        if not self.is_down:
            self.evidence = {server: one for server, one in self.evidence.items() if now - one.at < WINDOW}
        if self.probe is not None:
            self.hear(orchestrator)
        elif (self.is_down and now >= self.due_at) or (not self.is_down and self.is_suspicious()):
            self.probe = Probe(self.to_ask())
        if self.is_down and reports.hold(queries.live(), self.reason):
            self.due_at = min(self.due_at, now + AGAIN.base)  # somebody wants it to go on

    def is_suspicious(self) -> bool:
        """Two servers; or one, when this machine itself has no way out or when it is a whole service."""
        if len(self.evidence) > 1:
            return True
        for one in self.evidence.values():
            host = next((host for host in registry.HOSTS if host.name == one.link.host), None)
            is_service = host is not None and host.is_one_service
            return one.reach is Reach.NO_WAY_OUT or (is_service and one.count > 1)
        return False

    def to_ask(self) -> list[Link]:
        """Those that failed, and two that nobody has complained of."""
        failed = [one.link for one in self.evidence.values()]
        return failed[: MOST_ASKED - 2] + witnesses(self.evidence)[:2]

    def hear(self, orchestrator: Orchestrator) -> None:
        answered = self.probe.answered if self.probe else None
        if answered is None:
            return
        self.probe = None
        if answered and self.is_down:
            self.come_up()
        elif answered:
            self.evidence.clear()  # the servers are to blame, each for itself
        elif self.is_down:
            self.wait()
        else:
            self.go_down(orchestrator)

    def wait(self) -> None:
        self.due_at = self.clock() + self.backoff.delay()
        self.backoff = self.backoff.next()

    def go_down(self, orchestrator: Orchestrator) -> None:
        """Nothing that failed for want of a network counts against a row or a server."""
        log.warning("Nothing can be reached: no answer from %s", ", ".join(self.evidence))
        self.is_down = True
        self.backoff = AGAIN
        self.wait()
        for server, one in self.evidence.items():
            orchestrator.breaker.success(server)
            for pk, attempts in one.rows.items():
                reports.excuse(pk, self.reason, attempts)

    def come_up(self) -> None:
        log.warning("Servers answer again")
        self.is_down = False
        self.evidence.clear()
        reports.wake_offline()

    @property
    def reason(self) -> Reason:
        """That there is no network is said only when this machine knows it: all servers that were asked may be dead."""
        has_no_way_out = any(one.reach is Reach.NO_WAY_OUT for one in self.evidence.values())
        kind = NO_NETWORK if has_no_way_out else NO_ANSWER
        names = [label(one.link) for one in self.evidence.values()][:MOST_NAMED]
        return Reason(kind.code, kind.sentence, {"servers": ", ".join(names)})


def label(link: Link) -> str:
    """What people call the server of a link."""
    host = next((host for host in registry.HOSTS if host.name == link.host), None)
    return host.label if host and host.is_one_service else registry.server_of(link)


def witnesses(accused: Collection[str]) -> list[Link]:
    """A link of each other server for which rows wait: whole services first, then the rest in any order.

    Dead servers would be asked again and again if it were always the same one, and hold up all that works.
    """
    rows = queries.live().filter(status__in=(Status.QUEUED, Status.WAITING)).exclude(server__in=["", *accused])
    one_of_each = rows.order_by().values_list("server").annotate(Min("pk")).values_list("pk__min", flat=True)
    links = [row.link for row in Download.objects.filter(pk__in=one_of_each).only("host", "code", "url")]
    random.shuffle(links)
    services = {host.name for host in registry.HOSTS if host.is_one_service}
    return sorted(links, key=lambda link: link.host not in services)


def offline_rows() -> list[Download]:
    """One row of each server, of those that wait for the network."""
    rows = queries.offline().order_by("-priority", "position")[: 10 * MOST_ASKED]
    return list({row.server: row for row in rows}.values())
