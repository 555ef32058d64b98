"""A followed folder as programs see it: REST and the command give the same fields."""

from __future__ import annotations

from typing import Any

from search.catalogue.models import FolderSubscription

FIELDS = (
    *("host", "url", "name", "interval_hours", "files", "listed_folders", "listed_files"),
    *("visited_at", "next_visit_at"),
)


def of(row: FolderSubscription) -> dict[str, Any]:
    """Its share token is never told: `url` is without."""
    fields = {name: getattr(row, name) for name in FIELDS}
    return {"id": row.pk, **fields, "status": status(row), "problem": problem(row)}


def status(row: FolderSubscription) -> str:
    if not row.is_enabled:
        return "paused"
    if row.reason:
        return "problem"
    if row.is_visiting:
        return "visiting"
    return "waiting" if row.is_under_way else "up_to_date"


def problem(row: FolderSubscription) -> dict[str, Any] | None:
    if not (reason := row.reason):
        return None
    return {"code": reason.code, "message": reason.message, "until": reason.until, "action": reason.cure or None}
