"""Start background work without asking whether it is needed: starting it twice is harmless."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from downloads import lease, queries
from downloads.models import EngineLease

ASK_AGAIN_AFTER = timedelta(seconds=4)
NO_TIMEOUT = -1


def engine() -> None:
    """Queue an engine task unless one runs or was asked for a moment ago."""
    now = timezone.now()
    with transaction.atomic():
        row = queries.lease()
        if queries.is_fresh(row.requested_at, now, ASK_AGAIN_AFTER) or lease.is_alive(row, now):
            return
        EngineLease.objects.filter(pk=1).update(requested_at=now)
        async_task("downloads.tasks.run_engine", timeout=NO_TIMEOUT)


def describer() -> None:
    """Queue the chore that fills in names and sizes."""
    async_task("downloads.tasks.describe")


def file_checker() -> None:
    """Queue the chore that compares finished files with checksums that came later."""
    async_task("downloads.tasks.check_files", timeout=NO_TIMEOUT)


def purger() -> None:
    """Queue the chore that forgets removed rows for good."""
    async_task("downloads.tasks.purge")


def account_checker() -> None:
    """Queue the chore that asks about the accounts."""
    async_task("downloads.tasks.check_accounts")


def link_checker() -> None:
    """Queue the chore that looks for dead links."""
    async_task("downloads.tasks.check_links", timeout=NO_TIMEOUT)
