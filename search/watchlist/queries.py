"""Every question about what is wanted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from hosts.base import gettext_noop
from hosts.notices import Notice
from search.titles import TitleRef
from search.watchlist.models import State, Wish

MOST_NOTICES = 20
FOUND = gettext_noop("What you wait for is there. Files found: {count}.")


def wishes() -> QuerySet[Wish]:
    return Wish.objects.select_related("profile")


def due(now: datetime) -> QuerySet[Wish]:
    """The longest overdue first."""
    return wishes().filter(next_check_at__lte=now).order_by("next_check_at", "pk")


def of(ref: TitleRef) -> Wish | None:
    return wishes().filter(medium=ref.medium, tmdb_id=ref.tmdb_id).first()


def among(refs: Iterable[TitleRef]) -> dict[TitleRef, Wish]:
    """Those of a page of cards that are wanted, in one query."""
    wanted = Q(pk__in=[])
    for ref in refs:
        wanted |= Q(medium=ref.medium, tmdb_id=ref.tmdb_id)
    return {row.ref: row for row in Wish.objects.filter(wanted)}


def notices() -> list[Notice]:
    """One for each title of which files were found and not fetched. New files are a new event."""
    rows = Wish.objects.filter(state=State.FOUND)[:MOST_NOTICES]
    return [Notice(_key(row), str(row), FOUND, {"count": len(row.found)}, False, href=page_of(row.ref)) for row in rows]


def page_of(ref: TitleRef) -> str:
    """The address of a title's page."""
    return f"/title/{ref.medium}/{ref.tmdb_id}/"


def _key(row: Wish) -> str:
    return f"wish:{row.pk}:{hashlib.blake2s(repr(row.found).encode(), digest_size=8).hexdigest()}"
