"""What a user should know about the accounts before the downloads stop, or why they have. PURE.

A notice's `key` names its event: it stays the same while nothing new has happened, so that whoever has put the
notice aside, or was told of it elsewhere, hears of it again only when something has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Protocol

from hosts.base import AccountMissing, AppRefused, Problem, QuotaReached, TooManySessions, VipNeeded, gettext_noop

WARN_AT = (1, 3, 7)  # days before the end
DAY = timedelta(days=1)
ENDS_SOON = gettext_noop("VIP ends in {days} days. Renew it in time, and downloads go on without a break.")
ENDS_NOW = gettext_noop("VIP ends within a day. Renew it now, or downloads that need it will wait.")
ENDED = gettext_noop("VIP has ended. Renew it, then check the account.")
EVERYBODYS = (AppRefused, AccountMissing)  # they say the same of every account


class Watched(Protocol):
    """An account as far as notices need it."""

    pk: int
    email: str
    is_enabled: bool
    is_lifetime: bool
    vip_until: datetime | None
    standing_since: datetime | None

    def problem_at(self, now: datetime) -> Problem | None: ...


@dataclass(frozen=True, slots=True)
class Notice:
    """`is_bad` when downloads wait already. `until` is when it ends by itself or, for a warning, when it comes true.

    `email` is the account's; a notice about something else has its name there, and `href` leads to it.
    """

    key: str
    email: str
    sentence: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    is_bad: bool = True
    until: datetime | None = None
    href: str = ""


def about(accounts: Iterable[Watched], now: datetime) -> list[Notice]:
    """The notices of all accounts, what has stopped downloads first; what holds for all of them is said once."""
    found = {notice.key: notice for account in accounts if (notice := about_one(account, now))}
    return sorted(found.values(), key=lambda notice: not notice.is_bad)


def about_one(account: Watched, now: datetime) -> Notice | None:
    if not account.is_enabled:
        return None
    problem = account.problem_at(now)
    if problem is None:
        return about_vip(account, now)
    if isinstance(problem, TooManySessions):
        return None  # over in a minute or two
    email = "" if isinstance(problem, EVERYBODYS) else account.email
    until = None if problem.retry_after is None else now + timedelta(seconds=problem.retry_after)
    return Notice(key_of(account, problem, now), email, problem.sentence, problem.params, until=until)


def key_of(account: Watched, problem: Problem, now: datetime) -> str:
    if isinstance(problem, EVERYBODYS):
        return problem.code
    event = account.standing_since
    if isinstance(problem, VipNeeded) and account.vip_until:
        event = account.vip_until
    if isinstance(problem, QuotaReached):
        return f"{account.pk}:{problem.code}:{now.date()}"  # a new day, a new limit
    return f"{account.pk}:{problem.code}:{stamp(event)}"


def about_vip(account: Watched, now: datetime) -> Notice | None:
    """VIP that ends soon, or has ended without the host having been asked since."""
    until, days = account.vip_until, days_left(account, now)
    if until is None or days is None or days > max(WARN_AT):
        return None
    if until <= now:
        return Notice(f"{account.pk}:{VipNeeded.code}:{stamp(until)}", account.email, ENDED)
    step = min(threshold for threshold in WARN_AT if days <= threshold)
    sentence = ENDS_NOW if days == 1 else ENDS_SOON
    return Notice(f"{account.pk}:vip:{stamp(until)}:{step}", account.email, sentence, {"days": days}, False, until)


def days_left(account: Watched, now: datetime) -> int | None:
    """Days of VIP, a day that has begun counted whole; 0 when it is over, None when it has no known end."""
    if account.is_lifetime or account.vip_until is None:
        return None
    return max(0, ceil((account.vip_until - now) / DAY))


def stamp(moment: datetime | None) -> str:
    return str(int(moment.timestamp())) if moment else ""
