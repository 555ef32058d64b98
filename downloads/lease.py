"""The engine's lease: one engine a database, whoever starts how many.

The holder's heart beats in a row. A lease is free when nobody holds it, when the heart has stopped for
EngineLease.TIME_TO_LIVE, or at once when its process on this machine is gone.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from downloads import processes, queries
from downloads.models import EngineLease

SAMPLES = 120


def take(owner: str) -> bool:
    """Hold the lease under this name; False when another engine is alive."""
    with transaction.atomic():
        lease = queries.lease()
        if lease.owner not in ("", owner) and is_alive(lease):
            return False
        EngineLease.objects.filter(pk=1).update(
            owner=owner,
            pid=os.getpid(),
            node=socket.gethostname(),
            heartbeat_at=timezone.now(),
            requested_at=None,
            stop_requested=False,
        )
        return True


def beat(owner: str, speed: int) -> bool:
    """Renew the lease and note the present speed. False when it was lost or the engine is asked to stop."""
    with transaction.atomic():
        lease = queries.lease()
        if lease.owner != owner or lease.stop_requested:
            return False
        speeds = [*lease.speeds, speed][-SAMPLES:]
        EngineLease.objects.filter(pk=1).update(heartbeat_at=timezone.now(), speeds=speeds)
        return True


def give_back(owner: str, *, only_if_idle: bool) -> bool:
    """End the lease; with `only_if_idle` it is kept when work has arrived in the meantime."""
    with transaction.atomic():
        if only_if_idle and queries.work_due():
            return False
        EngineLease.objects.filter(pk=1, owner=owner).update(
            owner="", pid=0, heartbeat_at=None, requested_at=None, speeds=[]
        )
        return True


def is_alive(lease: EngineLease, now: datetime | None = None) -> bool:
    """Does somebody hold this lease? A process that is gone from this machine does not, however fresh its heart."""
    if not lease.owner:
        return False
    if lease.node == socket.gethostname() and not processes.exists(lease.pid):
        return False
    return queries.is_fresh(lease.heartbeat_at, now or timezone.now(), EngineLease.TIME_TO_LIVE)
