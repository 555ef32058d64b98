"""Writing what a folder holds into the catalogue: little by little, each step harmless to repeat.

Files that are listed as they are known cost a look at the database and no write. What is not listed any more loses its
place here; whether it is dead is decided when the whole visit is over (closing.py), for it may have moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import F

from downloads.actions import sane
from hosts.base import Entry
from hosts.folders import inside
from search.catalogue import facts
from search.catalogue.index import index
from search.catalogue.models import CatalogueEntry, CatalogueFolder, FolderSubscription, Placement, without_query

CHUNK = 400
LONGEST_PATH = 2_000
WRITTEN = ("name", "path", "size", "dead_at", "folder", *(field.name for field in fields(facts.Facts)))

T = TypeVar("T")


class NotWanted(Exception):
    """The folder was unfollowed or paused while its listing was on the way."""


class Shelf:
    """One folder in one visit."""

    def __init__(self, subscription: FolderSubscription, folder: CatalogueFolder, now: datetime) -> None:
        self.subscription, self.folder, self.now = subscription, folder, now
        self.path = "/".join(part for part in (subscription.name.replace("/", "_"), folder.path) if part)
        self.seen: set[int] = set()
        self.settled: set[int] = set()  # of the files being written, those that are still where they were found first

    def fill(self, listed: Sequence[Entry]) -> None:
        """Make the catalogue say what the listing says. Raises NotWanted."""
        files = [entry for entry in listed if not entry.is_folder and not entry.is_dead]
        folders = [entry for entry in listed if entry.is_folder and not entry.is_dead]
        for chunk in chunks(files):
            self._shelve(chunk)
        self._take_out_the_rest()
        for chunk in chunks(folders):
            with transaction.atomic():
                self._require_wanted()
                self._lead_on(chunk)
        with transaction.atomic():
            self._require_wanted()
            self._finish(len(files))

    def _require_wanted(self) -> None:
        """Holds the subscription's row until the transaction ends. Raises NotWanted."""
        mine = FolderSubscription.objects.select_for_update().filter(pk=self.subscription.pk, is_enabled=True)
        if not mine.filter(visit=self.subscription.visit).exists():
            raise NotWanted

    def _shelve(self, files: Sequence[Entry]) -> None:
        """Bring the entries of these files up to date and give them their places; what is as it was costs no write."""
        host, codes = self.subscription.host, [entry.link.code for entry in files]
        known = {row.code: row for row in CatalogueEntry.objects.filter(host=host, code__in=codes)}
        numbers = [row.pk for row in known.values()]
        places = Placement.objects.filter(entry__in=numbers).values_list("entry", "folder")
        held = set(places)
        self.settled = {row.pk for row in known.values() if (row.pk, row.folder_id) in held}
        new = [self._updated(CatalogueEntry(), entry) for entry in files if entry.link.code not in known]
        changed = [
            self._updated(row, entry)
            for entry in files
            if (row := known.get(entry.link.code)) and self._differs(row, entry)
        ]
        unplaced = [row for row in known.values() if (row.pk, self.folder.pk) not in held]
        self.seen.update(numbers)
        if new or changed or unplaced:
            with transaction.atomic():
                self._require_wanted()
                self._write(new, changed, unplaced)

    def _write(self, new: list[CatalogueEntry], changed: list[CatalogueEntry], unplaced: list[CatalogueEntry]) -> None:
        CatalogueEntry.objects.bulk_create(new)
        CatalogueEntry.objects.bulk_update(changed, WRITTEN, batch_size=100)
        index().put([(row.pk, row.folded) for row in (*new, *changed)])
        Placement.objects.bulk_create([Placement(folder=self.folder, entry=row) for row in (*new, *unplaced)])
        self.seen.update(row.pk for row in new)

    def _differs(self, row: CatalogueEntry, entry: Entry) -> bool:
        if row.dead_at is not None or (row.name, row.size) != (entry.name[:1024], sane(entry.size)):
            return True
        return self._is_home(row) and (row.path, row.folder_id) != (self.path, self.folder.pk)

    def _is_home(self, row: CatalogueEntry) -> bool:
        """A file listed in several folders keeps the path of the first, so that visits do not take turns."""
        return row.folder_id in (None, self.folder.pk) or row.pk not in self.settled

    def _updated(self, row: CatalogueEntry, entry: Entry) -> CatalogueEntry:
        if row._state.adding:
            row.host, row.code, row.first_seen = entry.link.host, entry.link.code, self.now
            row.url, _ = without_query(entry.link.url)
        if self._is_home(row):
            row.folder, row.path = self.folder, self.path
        row.name, row.size, row.dead_at = entry.name[:1024], sane(entry.size), None
        for name, value in asdict(facts.read(row.path, row.name)).items():
            setattr(row, name, value)
        return row

    def _take_out_the_rest(self) -> None:
        """What was here and is not listed any more has no place here."""
        here = Placement.objects.filter(folder=self.folder).values_list("entry", flat=True)
        gone = [number for number in here.iterator() if number not in self.seen]
        for chunk in chunks(gone):
            with transaction.atomic():
                self._require_wanted()
                Placement.objects.filter(folder=self.folder, entry__in=chunk).delete()
                find_other_homes(chunk)

    def _lead_on(self, folders: Sequence[Entry]) -> None:
        """Note the sub-folders as still to be looked into, unless something led to them in this visit already."""
        visit = self.subscription.visit
        codes = [entry.link.code for entry in folders]
        known = {row.code: row for row in self.subscription.folders.filter(code__in=codes)}
        new: list[CatalogueFolder] = []
        reached: list[CatalogueFolder] = []
        for entry in folders:
            row = known.get(entry.link.code) or CatalogueFolder(subscription=self.subscription, code=entry.link.code)
            path = inside(Entry(entry.link, entry.name, path=self.folder.path))
            if row.visit == visit or len(path) > LONGEST_PATH:
                continue
            row.visit, row.path, row.url = visit, path, without_query(entry.link.url)[0]
            (reached if row.code in known else new).append(row)
        CatalogueFolder.objects.bulk_create(new)
        CatalogueFolder.objects.bulk_update(reached, ["visit", "path", "url"], batch_size=100)

    def _finish(self, count: int) -> None:
        done = {"listed": self.subscription.visit, "listed_at": self.now, "came_back_empty": False}
        CatalogueFolder.objects.filter(pk=self.folder.pk).update(**done)
        FolderSubscription.objects.filter(pk=self.subscription.pk).update(
            listed_folders=F("listed_folders") + 1,
            listed_files=F("listed_files") + count,
            next_visit_at=self.now,  # behind the others that are due: each gets its turn
        )


def find_other_homes(numbers: Sequence[int]) -> None:
    """Entries that lost the folder they were found in first belong to another that holds them, if any."""
    others = dict(Placement.objects.filter(entry__in=numbers).values_list("entry", "folder"))
    for folder in set(others.values()):
        movers = [number for number, home in others.items() if home == folder]
        homeless = CatalogueEntry.objects.filter(pk__in=movers)
        kept = Placement.objects.filter(entry__in=movers, folder=F("entry__folder")).values("entry")
        homeless.exclude(pk__in=kept).update(folder=folder)


def chunks(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """The things in portions that SQLite's parameter limit and a short transaction allow."""
    for start in range(0, len(things), CHUNK):
        yield things[start : start + CHUNK]
