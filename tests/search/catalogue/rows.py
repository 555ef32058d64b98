"""Followed folders and files as visits would leave them."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from search.catalogue import facts
from search.catalogue.index import index
from search.catalogue.models import CatalogueEntry, CatalogueFolder, FolderSubscription, Placement

numbers = count(1)


def make_subscription(**fields: Any) -> FolderSubscription:
    """One that was visited an hour ago."""
    number, now = next(numbers), timezone.now()
    values: dict[str, Any] = {
        "host": "fshare",
        "code": f"FOLDER{number}",
        "url": f"https://www.fshare.vn/folder/FOLDER{number}",
        "name": f"Phim hay {number}",
        "visit": 1,
        "visited_at": now - timedelta(hours=1),
        "next_visit_at": now + timedelta(hours=23),
    }
    row = FolderSubscription.objects.create(**{**values, **fields})
    CatalogueFolder.objects.create(subscription=row, code=row.code, url=row.url, visit=1, listed=1, listed_at=now)
    return row


def make_entries(subscription: FolderSubscription, names: list[str], path: str = "") -> list[CatalogueEntry]:
    """Living files directly in the followed folder."""
    folder, path = subscription.folders.get(path=""), path or subscription.name
    rows = []
    for name in names:
        code = f"FILE{next(numbers)}"
        known = facts.read(path, name)
        fields = {field: getattr(known, field) for field in known.__slots__}
        url = f"https://www.fshare.vn/file/{code}"
        rows.append(
            CatalogueEntry(
                host="fshare", code=code, url=url, name=name, path=path, size=1_500_000, folder=folder, **fields
            )
        )
    CatalogueEntry.objects.bulk_create(rows)
    Placement.objects.bulk_create([Placement(folder=folder, entry=row) for row in rows])
    index().put([(row.pk, row.folded) for row in rows])
    return rows
