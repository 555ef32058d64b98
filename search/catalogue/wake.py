"""Starting the crawl: asking for it twice is harmless."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django_q.tasks import async_task

from search.catalogue import queries
from search.catalogue.models import FolderSubscription

ASK_AGAIN_AFTER = timedelta(seconds=15)
LONGEST_LISTING = 1800  # seconds; a slice ends between two folders, and one may have thousands of files


def crawler() -> None:
    """Queue a slice of the crawl when some folder is due and nobody asked a moment ago."""
    now = timezone.now()
    lately = Q(asked_at__gt=now - ASK_AGAIN_AFTER, asked_at__lte=now)
    if queries.due(now).filter(lately).exists() or not queries.due(now).update(asked_at=now):
        return
    async_task("search.tasks.crawl", timeout=LONGEST_LISTING)


def ready_for_more() -> None:
    """A slice has ended: the next one may be asked for at once."""
    FolderSubscription.objects.exclude(asked_at=None).update(asked_at=None)


def forgetter() -> None:
    """Queue a slice of the forgetting when there is something to forget and nobody asked a moment ago."""
    now = timezone.now()
    waiting = FolderSubscription.every.exclude(forgotten_at=None)
    if not waiting.filter(asked_at__gt=now - ASK_AGAIN_AFTER, asked_at__lte=now).exists() and waiting.update(
        asked_at=now
    ):
        async_task("search.tasks.forget")


def stop() -> None:
    """Let the slice that runs end after the folder it is at."""
    FolderSubscription.objects.exclude(visit_started_at=None).update(stop_asked_at=timezone.now())
