"""What was removed a while ago and can still be brought back."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from downloads import purging, queries
from downloads.models import Download


def lately(text: str = "") -> QuerySet[Download]:
    """Removed rows whose time for undoing is not over, the newest removal first; not those added again since."""
    since = timezone.now() - purging.UNDO_FOR
    again = queries.live().filter(host=OuterRef("host"), code=OuterRef("code"))
    rows = Download.objects.filter(queries.matching(text), ~Exists(again), removed_at__gt=since)
    return rows.select_related(*queries.RELATED).order_by("-removed_at", "-pk")
