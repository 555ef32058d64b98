"""Starting the look at the watchlist: asking for it twice is harmless."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone
from django_q.tasks import async_task

from search.watchlist.models import Wish

ASK_AGAIN_AFTER = timedelta(seconds=30)
LONGEST = 1800  # seconds; a slice looks at a few titles, each with searches of its own


def checker() -> None:
    """Queue a look at the watchlist when a title is due and nobody asked a moment ago."""
    if not Wish.objects.filter(next_check_at__lte=timezone.now()).exists():
        return
    if cache.add("watchlist-asked", True, ASK_AGAIN_AFTER.total_seconds()):
        async_task("search.tasks.check_watchlist", timeout=LONGEST)
