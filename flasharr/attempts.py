"""Slows guessing down: after a few failures a name or an address has to wait, longer each time.

An attempt counts before its outcome is known, so a hundred at once are a hundred, not one. Counts live in the
database: neither a restart nor a second process forgets them.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from flasharr.models import Attempts

FREE = 5
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=1)


def begin(marks: Iterable[str], now: datetime | None = None) -> timedelta:
    """Count an attempt against every mark; returns how long to wait when it must not be made now, else zero."""
    now = now or timezone.now()
    with transaction.atomic():
        Attempts.objects.filter(last_at__lt=now - FORGET_AFTER).delete()
        rows = [Attempts.objects.get_or_create(digest=digest(mark), defaults={"last_at": now})[0] for mark in marks]
        left = max((row.last_at + wait_after(row.failures) - now for row in rows), default=timedelta())
        if left > timedelta():
            return left
        for row in rows:
            row.failures, row.last_at = row.failures + 1, now
            row.save(update_fields=["failures", "last_at"])
    return timedelta()


def succeed(marks: Iterable[str]) -> None:
    """The attempt was right: forget the failures before it."""
    Attempts.objects.filter(digest__in=[digest(mark) for mark in marks]).delete()


def wait_after(failures: int) -> timedelta:
    """How long the next attempt has to wait: nothing at first, then doubling up to LONGEST_WAIT."""
    if failures < FREE:
        return timedelta()
    return min(FIRST_WAIT * (1 << min(failures - FREE, 10)), LONGEST_WAIT)


def refusal(wait: timedelta) -> str:
    """The sentence for somebody who has to wait."""
    seconds = math.ceil(wait.total_seconds())
    if seconds < 60:
        left = ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    else:
        minutes = math.ceil(seconds / 60)
        left = ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return gettext("Too many failed attempts. Try again in %(left)s.") % {"left": left}


def address_mark(request: HttpRequest, door: str) -> str:
    """Where an attempt comes from; an IPv6 user owns a whole /64, so that counts as one."""
    text = request.META.get("REMOTE_ADDR") or ""
    try:
        address = ip_address(text)
    except ValueError:
        return f"{door}:{text}"
    if isinstance(address, IPv6Address):
        return f"{door}:{ip_network((address, 64), strict=False)}"
    return f"{door}:{address}"


def name_mark(name: str) -> str:
    return f"name:{name.strip().casefold()}"


def digest(mark: str) -> str:
    """Names and addresses are not kept: somebody may have typed a password into the name's field."""
    return hashlib.sha256(mark.encode(errors="surrogateescape")).hexdigest()
