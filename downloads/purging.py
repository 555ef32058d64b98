"""The end of removed rows: their part files, and their files when the user asked for that."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from downloads.engine.transfer import discard
from downloads.models import Batch, Download

log = logging.getLogger(__name__)

UNDO_FOR = timedelta(minutes=10)


def due(now: datetime | None = None) -> QuerySet[Download]:
    """Removed rows whose time for undoing is over and that no engine holds."""
    return Download.objects.filter(removed_at__lte=(now or timezone.now()) - UNDO_FOR, engine="")


def purge(now: datetime | None = None) -> int:
    """Delete what is due; a file that cannot be deleted keeps its row for the next time."""
    gone = 0
    for row in due(now):
        try:
            discard(Path(row.root), row.part_id)
            if row.removed_with_file and row.path:
                Path(row.path).unlink(missing_ok=True)
        except OSError as error:
            log.warning("Cannot delete what belongs to %s: %s", row, error)
            continue
        row.delete()
        gone += 1
    Batch.objects.filter(downloads=None).delete()
    return gone
