"""Keys for programs: what they may do, how they are made, found and revoked.

Only the digest of a key is stored. It is a digest of 256 random bits, so looking it up by index tells an
attacker nothing about the key.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from flasharr.models import ApiKey

PREFIX = "fla_"
SHOWN = 10
NOTE_USE_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a key may do; none includes another, except ALL."""

    READ = "read"
    ADD = "add"
    CONTROL = "control"
    ACCOUNTS = "accounts"
    SETTINGS = "settings"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Key:
    """Who a program is, and what it may do."""

    name: str
    scopes: frozenset[str]

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes or Scope.ALL in self.scopes


def create(name: str, scopes: Iterable[Scope], expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    """A new key and its secret, which is known at this moment only."""
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name, prefix=secret[:SHOWN], digest=digest(secret), scopes=sorted(scopes), expires_at=expires_at
    )
    return key, secret


def find(secret: str) -> Key | None:
    """The key with this secret, None when there is none or its time is over."""
    mine = digest(secret)
    configured = settings.FLASHARR["API_KEY"]
    if configured and secrets.compare_digest(mine, digest(configured)):
        return Key("FLASHARR_API_KEY", frozenset([Scope.ALL]))
    row = usable().filter(digest=mine).first()
    if row is None:
        return None
    note_use(row)
    return Key(row.name, frozenset(row.scopes))


def usable() -> QuerySet[ApiKey]:
    """Keys that open a door now."""
    return ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)


def revoke(key: ApiKey) -> None:
    """Shut a key out from now on; its row stays as a record."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


def note_use(row: ApiKey) -> None:
    """Remember that a key was used, without a write for every request."""
    now = timezone.now()
    if row.last_used_at is None or row.last_used_at < now - NOTE_USE_EVERY:
        ApiKey.objects.filter(pk=row.pk).update(last_used_at=now)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()
