"""The end of removed rows: their part files, and their files when the user asked for that."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from downloads import queries, usage
from downloads.engine.transfer import discard
from downloads.models import Batch, Download

log = logging.getLogger(__name__)

UNDO_FOR = timedelta(minutes=10)


def due(now: datetime | None = None) -> QuerySet[Download]:
    """Removed rows whose time for undoing is over and that no living engine holds."""
    held = Q(engine=queries.lease().owner) if queries.engine_is_alive() else Q(pk=None)
    return Download.objects.filter(removed_at__lte=(now or timezone.now()) - UNDO_FOR).exclude(held & ~Q(engine=""))


def purge(now: datetime | None = None) -> int:
    """Delete what is due; what cannot be deleted now keeps its row for the next time."""
    gone = sum(forget(row.pk, now) for row in due(now))
    Batch.objects.filter(downloads=None).delete()
    usage.forget_old()
    return gone


def forget(pk: int, now: datetime | None) -> bool:
    """Delete a row with what belongs to it, unless it was restored a moment ago or its folder is not there."""
    with transaction.atomic():
        row = due(now).filter(pk=pk).first()
        if row is None or not Path(row.root).is_dir():
            return False
        try:
            discard(Path(row.root), row.part_id)
            if row.removed_with_file and is_still_ours(row):
                Path(row.path).unlink()
        except OSError as error:
            log.warning("Cannot delete what belongs to %s: %s", row, error)
            return False
        row.delete()
        return True


def is_still_ours(row: Download) -> bool:
    """Is the file at the row's path the one that it downloaded? Another row's, or a changed one, is left alone."""
    if not row.path or queries.live().filter(path=row.path).exists():
        return False
    path = Path(row.path)
    return path.is_file() and not path.is_symlink() and path.stat().st_size == row.size
