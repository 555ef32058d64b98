"""What becomes of a row when its transfer has ended."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from downloads import crowds, queries, reports
from downloads.engine.backoff import Backoff
from downloads.engine.errors import DiskAway, DiskFull
from downloads.engine.transfer import Finished, discard
from downloads.models import Download
from downloads.running import Running
from downloads.states import Reason
from hosts import accounts
from hosts.base import AccountProblem, Cure, Problem
from hosts.proxy import ProxyProblem, ProxyRefused
from hosts.standing import concerns_account

if TYPE_CHECKING:
    from downloads.orchestrator import Orchestrator

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 30
WAITS = Backoff(base=5.0, cap=1800.0)
SPACE_WAIT = 30.0
SOON = 5.0
PROXY_WAIT = 30.0


def settle(orchestrator: Orchestrator, pk: int, running: Running) -> None:
    """Write the outcome into the row: completed, failed, waiting, or put down for later."""
    orchestrator.tally.close(pk, running)
    outcome, engine, server = running.outcome, orchestrator.name, running.server
    if isinstance(outcome, Finished):
        orchestrator.breaker.success(server)
        if reports.finish(pk, engine, outcome.path, outcome.size, outcome.caution):
            drop_receipt(running.download)
    elif isinstance(outcome, Problem):
        if no_network := orchestrator.line.note(pk, running, outcome):
            reports.wait(pk, engine, no_network, running.download.attempts)
        else:
            orchestrator.breaker.failure(server, outcome)
            crowds.narrow(orchestrator, crowds.quota_of(running.download), outcome)
            settle_problem(orchestrator, pk, running, outcome)
    else:
        reports.release(engine, pk)
    reports.let_go(pk, engine, running.progress.downloaded)


def drop_receipt(row: Download) -> None:
    """The row knows that the file is finished; the engine's own note of it has done its duty."""
    try:
        discard(Path(row.root), row.part_id)
    except OSError as error:
        log.warning("Cannot delete the journal of %s: %s", row, error)
    reports.sign_off(row.pk)


def settle_problem(orchestrator: Orchestrator, pk: int, running: Running, problem: Problem) -> None:
    """Fail for good, wait for the user, or wait for a time that grows with every attempt in vain."""
    uses_account = running.download.account_id is not None
    if uses_account and concerns_account(problem) and settle_account_problem(orchestrator, pk, running):
        return
    if isinstance(problem, ProxyProblem):
        settle_proxy_problem(orchestrator, pk, running, problem)
        return
    moved_on = running.progress.downloaded > running.download.downloaded
    attempts = 1 if moved_on else running.download.attempts + 1
    if problem.permanent or (attempts > MOST_ATTEMPTS and not passes_by_itself(problem)):
        reports.fail(pk, orchestrator.name, Reason.of(problem))
        return
    with transaction.atomic():  # an account that is mended meanwhile wakes the row after this
        wait = SOON if is_cured(running.download.host, problem) else wait_for(problem, attempts)
        until = None if wait is None else orchestrator.now() + timedelta(seconds=wait)
        reports.wait(pk, orchestrator.name, Reason.of(problem, until), attempts)


def settle_proxy_problem(orchestrator: Orchestrator, pk: int, running: Running, problem: ProxyProblem) -> None:
    """Nothing speaks against the file, so it uses up no attempt; all that is queued would fare the same."""
    wait = None if problem.needs_user else PROXY_WAIT
    until = None if wait is None else orchestrator.now() + timedelta(seconds=wait)
    reason = Reason.of(problem, until)
    reports.wait(pk, orchestrator.name, reason, running.download.attempts)
    if not isinstance(problem, ProxyRefused):  # which is about one server
        reports.hold(queries.live(), reason)


def settle_account_problem(orchestrator: Orchestrator, pk: int, running: Running) -> bool:
    """Another account takes the row over at once; without one it waits for whichever is back first.

    Neither uses up an attempt: nothing speaks against the file. False when the very account may be used again
    (it was mended meanwhile): then the row waits as for any other problem.
    """
    row = running.download
    with transaction.atomic():  # an account that is mended meanwhile wakes the row after this
        try:
            other = accounts.usable(row.host)
        except Problem as problem:
            wait = problem.retry_after
            until = None if wait is None else orchestrator.now() + timedelta(seconds=wait)
            reports.wait(pk, orchestrator.name, Reason.of(problem, until), row.attempts)
            return True
        if other.pk == row.account_id:
            return False
        reports.release(orchestrator.name, pk)
        return True


def passes_by_itself(problem: Problem) -> bool:
    """About the line, the host or the disk, not about this file: no number of attempts proves it hopeless."""
    lasting = isinstance(problem, DiskFull | DiskAway | AccountProblem)
    return lasting or problem.blames_host or problem.retry_after is not None


def is_cured(host: str, problem: Problem) -> bool:
    """Has the account that a transfer complained of been mended while it ended?"""
    if problem.cure != Cure.ACCOUNT or not problem.needs_user:
        return False
    try:
        accounts.usable(host)
    except Problem:
        return False
    return True


def wait_for(problem: Problem, attempts: int) -> float | None:
    """Seconds until the next attempt; None when only the user can help."""
    if problem.needs_user and problem.retry_after is None:
        return None
    base = SPACE_WAIT if isinstance(problem, DiskFull) else WAITS.base  # a quota that no number tells is met again
    return Backoff(attempts - 1, base, WAITS.cap).delay(problem.retry_after)
