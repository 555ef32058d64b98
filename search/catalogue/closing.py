"""The end of a whole visit: only now is known what is gone.

Every step is short and harmless to repeat: a visit that is killed here goes on here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from search.catalogue.index import index
from search.catalogue.models import CatalogueEntry, CatalogueFolder, FolderSubscription, Placement
from search.catalogue.shelving import CHUNK, chunks, find_other_homes

NO_PROBLEM = {"problem_code": "", "problem_sentence": "", "problem_params": {}, "problem_cure": "", "attempts": 0}


def close(subscription: FolderSubscription, now: datetime) -> None:
    """Mark dead what nothing holds any more, forget the folders that nothing leads to, and plan the next visit."""
    unreached = subscription.folders.filter(visit__lt=subscription.visit)
    for folders in chunks(list(unreached.values_list("pk", flat=True))):
        for folder in folders:
            clear(folder)
    mark_dead(subscription, now)
    for folders in chunks(list(unreached.values_list("pk", flat=True))):
        CatalogueFolder.objects.filter(pk__in=folders, visit__lt=subscription.visit).delete()
    index().settle()
    FolderSubscription.objects.filter(pk=subscription.pk, visit=subscription.visit).update(
        visit_started_at=None,
        visited_at=now,
        files=CatalogueEntry.objects.filter(folder__subscription=subscription, dead_at=None).count(),
        next_visit_at=now + timedelta(hours=subscription.interval_hours),
        **NO_PROBLEM,
    )


def clear(folder: int) -> None:
    """Take everything out of a folder that is gone."""
    while True:
        with transaction.atomic():
            held = list(Placement.objects.filter(folder=folder).values_list("entry", flat=True)[:CHUNK])
            Placement.objects.filter(folder=folder, entry__in=held).delete()
            find_other_homes(held)
        if not held:
            return


def mark_dead(subscription: FolderSubscription, now: datetime) -> None:
    """Entries that were found in this followed folder first, and that no folder holds any more."""
    held = Exists(Placement.objects.filter(entry=OuterRef("pk")))
    alive = CatalogueEntry.objects.filter(folder__subscription=subscription, dead_at=None)
    while dead := list(alive.exclude(held).values_list("pk", flat=True)[:CHUNK]):
        CatalogueEntry.objects.filter(pk__in=dead).update(dead_at=now)
