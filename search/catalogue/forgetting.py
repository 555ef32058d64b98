"""Dropping what a followed folder brought, little by little: short transactions, each step harmless to repeat."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef

from search.catalogue.index import index
from search.catalogue.models import CatalogueEntry, CatalogueFolder, FolderSubscription, Placement
from search.catalogue.shelving import CHUNK

SLICE = 10.0  # seconds; then other chores get their turn


def work(seconds: float = SLICE) -> None:
    """Forget folders that are not followed any more until the slice is over."""
    until = time.monotonic() + seconds
    while subscription := FolderSubscription.every.exclude(forgotten_at=None).order_by("forgotten_at", "pk").first():
        for _ in steps(subscription):
            if time.monotonic() >= until:
                return


def forget(subscription: FolderSubscription) -> None:
    for _ in steps(subscription):
        pass


def steps(subscription: FolderSubscription) -> Iterator[None]:
    """The files that only this followed folder holds when they are not kept, then its folders, then itself."""
    while not subscription.keeps_files and drop_files(subscription):
        yield
    while folder := subscription.folders.first():
        empty(folder)
        yield
    subscription.delete()


def empty(folder: CatalogueFolder) -> None:
    """Take a part of its files out of a folder; one that has none goes itself."""
    held = list(folder.placements.values_list("pk", flat=True)[:CHUNK])
    first = list(folder.found_first.values_list("pk", flat=True)[:CHUNK])
    with transaction.atomic():
        Placement.objects.filter(pk__in=held).delete()
        CatalogueEntry.objects.filter(pk__in=first).update(folder=None)
        if len(held) < CHUNK and len(first) < CHUNK:
            folder.delete()


def drop_files(subscription: FolderSubscription) -> int:
    elsewhere = Placement.objects.filter(entry=OuterRef("pk")).exclude(folder__subscription=subscription)
    mine = CatalogueEntry.objects.filter(folder__subscription=subscription).exclude(Exists(elsewhere))
    numbers = list(mine.values_list("pk", flat=True)[:CHUNK])
    with transaction.atomic():
        index().drop(numbers)
        CatalogueEntry.objects.filter(pk__in=numbers).delete()
    return len(numbers)
