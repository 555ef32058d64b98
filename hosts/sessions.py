"""Host sessions that outlive a process, and the lock that lets only one process at a time sign in."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import uniform
from typing import Any

from django.conf import settings
from django.db.models import Case, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from hosts import registry, vault
from hosts.base import AccountMissing, AppRefused, Problem, Session, VipNeeded
from hosts.models import Account
from hosts.standing import concerns_account

DAILY = timedelta(days=1)
AFTER_A_WAIT = (30.0, 300.0)  # seconds


class DatabaseSessionStore:
    """The SessionStore of one Account row, sealed.

    `lock` is held while somebody signs in. On entering it raises the account's stored standing, or AccountMissing when
    the account was removed meanwhile; and a problem with the account that leaves the block is stored before the next
    process gets in: after "wrong password" or "locked" fifty waiting transfers make no fifty further attempts.
    """

    def __init__(self, account: Account) -> None:
        self.account_id, self.sealed_password = account.pk, account.sealed_password
        self._host = account.host

    def load(self) -> Session | None:
        """The stored session; one that cannot be unsealed counts as none, a new one is easily had."""
        return _opened(self._sealed())

    def save(self, session: Session | None) -> None:
        sealed = _sealed(session) if session else ""
        Account.objects.filter(pk=self.account_id).update(sealed_session=sealed, session_changed_at=timezone.now())

    def accept(self, session: Session) -> None:
        sealed = self._sealed()
        if _opened(sealed) == session:
            kept = _sealed(replace(session, renewed_at=None))
            Account.objects.filter(pk=self.account_id, sealed_session=sealed).update(sealed_session=kept)

    def _sealed(self) -> str:
        return Account.objects.filter(pk=self.account_id).values_list("sealed_session", flat=True).first() or ""

    def record(self, problem: Problem) -> None:
        record(self.account_id, self.sealed_password, problem)

    @contextmanager
    def lock(self) -> Iterator[None]:
        with account_lock(self.account_id):
            account = Account.objects.filter(pk=self.account_id).first()
            if account is None:
                raise AccountMissing(host=registry.by_name(self._host).label)
            if standing := account.problem:
                raise standing
            try:
                yield
            except Problem as problem:
                self.record(problem)
                raise


def _sealed(session: Session) -> str:
    renewed_at = session.renewed_at.isoformat() if session.renewed_at else ""
    return vault.seal(json.dumps([session.token, session.session_id, renewed_at]))


def _opened(sealed: str) -> Session | None:
    if not sealed:
        return None
    try:
        token, session_id, *more = json.loads(vault.unseal(sealed))
        renewed_at = datetime.fromisoformat(more[0]) if more and more[0] else None
    except (vault.SealBroken, ValueError):
        return None
    return Session(token, session_id, renewed_at)


def record(account_id: int, sealed_password: str, problem: Problem) -> None:
    """Store a problem as the account's standing when it is one; others leave no trace.

    `sealed_password` is the one that met the problem: nothing is stored when the user gave another meanwhile.
    """
    if not concerns_account(problem):
        return
    now, wait = timezone.now(), None if problem.needs_user else problem.retry_after
    since = Case(When(standing=problem.code, then=Coalesce("standing_since", Value(now))), default=Value(now))
    columns: dict[str, Any] = {
        "standing": problem.code,
        "standing_sentence": problem.sentence,
        "standing_params": problem.params,
        "standing_since": since,
        "cool_down_until": None if wait is None else now + timedelta(seconds=wait),
        "next_check_at": next_check(now, wait, is_daily=isinstance(problem, VipNeeded)),
    }
    concerned = Account.objects.filter(pk=account_id, sealed_password=sealed_password)
    if concerned.update(**columns) and isinstance(problem, AppRefused):
        # The app key is everybody's: what it brought one account, it would bring the next.
        host = Account.objects.filter(pk=account_id).values("host")
        Account.objects.filter(host__in=host, standing="").update(**columns)


def next_check(now: datetime, wait: float | None = None, *, is_daily: bool = False) -> datetime | None:
    """When the host is asked about an account again by itself: a while after its wait, about a day from now, or never.

    Never twice at the same moment: many installations share a host.
    """
    if wait is not None:
        return now + timedelta(seconds=wait + uniform(*AFTER_A_WAIT))
    return now + DAILY * uniform(0.9, 1.1) if is_daily else None


def account_lock(account_id: int) -> AbstractContextManager[None]:
    """Held by whoever signs in with an account."""
    return file_lock(f"account-{account_id}")


class Busy(Exception):
    """Somebody else holds the lock."""


@contextmanager
def file_lock(name: str, *, wait: bool = True) -> Iterator[None]:
    """An exclusive lock among threads and processes; the kernel frees it when its holder dies.

    Raises Busy instead of waiting when `wait` is False.
    """
    folder = Path(settings.FLASHARR["DATA_DIR"]) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)
