"""Start background work without asking whether it is needed: starting it twice is harmless."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_q.tasks import async_task

from downloads.models import EngineLease

ASK_AGAIN_AFTER = timedelta(seconds=5)


def engine() -> None:
    """Queue an engine task unless one runs or was asked for a moment ago."""
    now = timezone.now()
    with transaction.atomic():
        EngineLease.objects.get_or_create(pk=1)
        asleep = Q(owner="") | Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - EngineLease.TIME_TO_LIVE)
        not_asked = Q(requested_at=None) | Q(requested_at__lt=now - ASK_AGAIN_AFTER)
        if EngineLease.objects.filter(asleep & not_asked, pk=1).update(requested_at=now):
            async_task("downloads.tasks.run_engine")


def describer() -> None:
    """Queue the chore that fills in names and sizes."""
    async_task("downloads.tasks.describe")
