"""Every question that is asked about followed folders and what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from search.catalogue.index import index
from search.catalogue.models import CatalogueEntry, CatalogueFolder, FolderSubscription

LOOKED_AT = (
    *("host", "code", "url", "name", "path", "size", "first_seen", "dead_at"),
    *("title_key", "year", "season", "last_season", "episode", "last_episode", "kind"),
    *("folder__listed_at", "folder__subscription__sealed_query"),
)
"""What a search looks at; the rest is fetched when somebody asks for it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the catalogue holds in all."""

    folders: int
    alive: int
    dead: int


def subscriptions() -> QuerySet[FolderSubscription]:
    """The followed folders by name."""
    return FolderSubscription.objects.all()


def entries(text: str = "", *, dead: bool = False, subscription: int | None = None) -> QuerySet[CatalogueEntry]:
    """Entries that hold every word of a text, newest first; the dead ones only when asked for."""
    rows = CatalogueEntry.objects.select_related("folder__subscription")
    if not dead:
        rows = rows.filter(dead_at=None)
    if subscription is not None:
        rows = rows.filter(folder__subscription=subscription)
    return index().matching(rows, text).order_by("-pk")


def look_up(text: str, limit: int = 200) -> list[CatalogueEntry]:
    """Living entries for a search: every word, in any order, accents or not; [] for a text without words."""
    numbers = index().newest(text, limit)
    rows = CatalogueEntry.objects.select_related("folder__subscription").only(*LOOKED_AT).in_bulk(numbers)
    return [rows[number] for number in numbers if number in rows]


def counts() -> Counts:
    found = CatalogueEntry.objects.aggregate(
        alive=Count("pk", filter=Q(dead_at=None)), dead=Count("pk", filter=~Q(dead_at=None))
    )
    return Counts(FolderSubscription.objects.count(), **found)


def due(now: datetime) -> QuerySet[FolderSubscription]:
    return FolderSubscription.objects.filter(is_enabled=True, next_visit_at__lte=now)


def next_due(now: datetime, begun: datetime) -> FolderSubscription | None:
    """Whose turn it is; none that were asked to stop since `begun`."""
    return due(now).exclude(stop_asked_at__gte=begun).order_by("next_visit_at", "pk").first()


def holds_something(folder: CatalogueFolder) -> bool:
    """Does the catalogue know of anything in this folder?"""
    if folder.placements.exists():
        return True
    below = folder.subscription.folders.exclude(pk=folder.pk)
    return below.filter(path__startswith=f"{folder.path}/").exists() if folder.path else below.exists()
