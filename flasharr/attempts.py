"""Slows guessing down: after a few failures a name or an address has to wait, longer each time.

An attempt counts before its outcome is known, so a hundred at once are a hundred, not one. Counts live in the
database: neither a restart nor a second process forgets them.
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from flasharr.models import Attempts

FREE, FREE_KEYS = 5, 60
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_WAIT_OF_A_NAME = timedelta(seconds=30)
FIRST_WAIT_OF_A_KEY, LONGEST_WAIT_OF_A_KEY = timedelta(seconds=1), timedelta(minutes=1)
FORGET_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that attempts are counted against, and the most that it may make anybody wait."""

    text: str
    longest: timedelta = LONGEST_WAIT
    first: timedelta = FIRST_WAIT
    free: int = FREE

    @property
    def digest(self) -> str:
        """Names and addresses are not kept: somebody may have typed a password into the name's field."""
        return hashlib.sha256(self.text.encode(errors="surrogateescape")).hexdigest()

    def wait_after(self, failures: int) -> timedelta:
        """How long the next attempt has to wait: nothing at first, then doubling up to `longest`."""
        if failures < self.free:
            return timedelta()
        return min(self.first * (1 << min(failures - self.free, 10)), self.longest)


def begin(marks: Collection[Mark], now: datetime | None = None) -> timedelta:
    """Count an attempt against every mark; returns how long to wait when it must not be made now, else zero.

    What must wait is not counted: whoever keeps asking makes nobody wait longer, and fills no table.
    """
    now = now or timezone.now()
    if (left := longest_wait(marks, counted(marks), now)) > timedelta():
        return left
    Attempts.objects.filter(last_at__lt=now - FORGET_AFTER).delete()
    with transaction.atomic():
        for mark in marks:
            Attempts.objects.get_or_create(digest=mark.digest, defaults={"last_at": now})
        rows = counted(marks).select_for_update()
        if (left := longest_wait(marks, rows, now)) > timedelta():
            return left
        counted(marks).update(failures=F("failures") + 1, last_at=now)
    return timedelta()


def counted(marks: Collection[Mark]) -> QuerySet[Attempts]:
    """In one order for all, so that two who lock them wait for each other once only."""
    return Attempts.objects.filter(digest__in=[mark.digest for mark in marks]).order_by("digest")


def longest_wait(marks: Collection[Mark], rows: QuerySet[Attempts], now: datetime) -> timedelta:
    by_digest = {mark.digest: mark for mark in marks}
    waits = [row.last_at + by_digest[row.digest].wait_after(row.failures) - now for row in rows if row.failures]
    return max(waits, default=timedelta())


def succeed(marks: Collection[Mark]) -> None:
    """The attempt was right: forget the failures before it."""
    counted(marks).delete()


def refusal(wait: timedelta) -> str:
    """The sentence for somebody who has to wait."""
    seconds = math.ceil(wait.total_seconds())
    if seconds < 60:
        left = ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    else:
        minutes = math.ceil(seconds / 60)
        left = ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return gettext("Too many failed attempts. Try again in %(left)s.") % {"left": left}


def of_login(request: HttpRequest, name: str) -> list[Mark]:
    """What signing in counts against: who is tried from where, the address, and a little the name from anywhere.

    The name alone waits for moments only. Else a stranger who keeps guessing would keep its owner out for good.
    """
    tried, address = plain(name), address_of(request)
    return [
        Mark(f"login:{address}"),
        Mark(f"login:{address}:{tried}"),
        Mark(f"name:{tried}", longest=LONGEST_WAIT_OF_A_NAME),
    ]


def of_key(request: HttpRequest) -> list[Mark]:
    """What a key that is not valid counts against. Keys are long: a few guesses are no danger."""
    return [Mark(f"key:{address_of(request)}", LONGEST_WAIT_OF_A_KEY, FIRST_WAIT_OF_A_KEY, FREE_KEYS)]


def plain(name: str) -> str:
    """One spelling for all that Django takes for the same user, and for names that differ in case."""
    normal = unicodedata.normalize("NFKC", name.strip())
    return unicodedata.normalize("NFKC", normal.casefold()).strip()


def address_of(request: HttpRequest) -> str:
    """Where an attempt comes from; an IPv6 user owns a whole /64, so that counts as one."""
    text = request.META.get("REMOTE_ADDR") or ""
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)
