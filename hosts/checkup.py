"""Asking hosts about their accounts by ourselves, so that the pages and the notices are right: seldom and politely.

Once a day, when a cool-down is over, and when VIP should have ended; each at a moment of its own. An account that
only its user can mend (refused, locked, taken over) is never asked about; one whose VIP has ended may be renewed.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from random import uniform

from django.db.models import Q, QuerySet

from hosts import accounts
from hosts.base import Problem, VipNeeded
from hosts.models import Account

log = logging.getLogger(__name__)

TRY_AGAIN = timedelta(hours=1)


def due(now: datetime) -> QuerySet[Account]:
    """Accounts whose time has come; one that was never asked about is due at once."""
    may_be_asked = Q(standing__in=["", VipNeeded.code]) | Q(cool_down_until__lte=now)
    its_time = Q(next_check_at=None) | Q(next_check_at__lte=now)
    return Account.objects.filter(may_be_asked, its_time, is_enabled=True)


def run(now: datetime) -> int:
    """Ask about those that are due; how many were asked about."""
    return sum(ask(account, now) for account in due(now))


def ask(account: Account, now: datetime) -> bool:
    """Ask the host, unless somebody else has begun to. Whatever comes of it, it is not asked again at once."""
    mine = Account.objects.filter(pk=account.pk, next_check_at=account.next_check_at)
    if not mine.update(next_check_at=now + TRY_AGAIN * uniform(0.8, 1.2)):
        return False
    account.refresh_from_db()
    try:
        accounts.check(account)
    except Problem as problem:
        log.info("The account at %s was looked after: %s", account.host, problem.code)
    return True
