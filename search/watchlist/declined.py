"""What the user took away again. It is not fetched behind their back until they ask for it, or fetch something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from downloads import actions as queue
from downloads.models import Download
from search.finder.places import Place
from search.grab.models import Chosen
from search.library import WATCHABLE, Library, has_failed, rows_of
from search.titles import TitleRef
from search.watchlist.models import Declined, Wish

Where = Place | None
"""None is the film."""


def of(wish: Wish, here: Library) -> dict[Where, datetime]:
    """When each part that is not wanted any more was taken away: its row was removed, or its file is gone.

    A part is wanted again when the wish was asked for after that, or when something was fetched for it after that.
    """
    taken: dict[Where, datetime] = {}
    for places, at in (*_removed(wish), *_gone(wish, here)):
        for place in places:
            taken[place] = max(at, taken.get(place, at))
    for row in here.rows:
        for place in _parts(row):
            if place in taken and row.download.created_at > taken[place]:
                del taken[place]
    return {place: at for place, at in taken.items() if at >= wish.asked_at}


def gone(ref: TitleRef) -> list[int]:
    """The downloads of a title whose files are gone by now."""
    return [row.download.pk for row in rows_of([ref]) if queue.file_is_gone(row.download)]


def keep(row: Download) -> None:
    """Called when a removed row is about to be deleted for good. One that failed was only cleared away."""
    note = Chosen.objects.filter(download=row, kind__in=WATCHABLE).first()
    if note is None or row.removed_at is None or has_failed(row, is_patient=False):
        return
    wish = Wish.objects.filter(medium=note.medium, tmdb_id=note.tmdb_id).first()
    if wish is not None:
        Declined.objects.create(wish=wish, places=note.places, at=row.removed_at)


def _removed(wish: Wish) -> Iterator[tuple[list[Where], datetime]]:
    rows = Chosen.objects.filter(medium=wish.medium, tmdb_id=wish.tmdb_id, kind__in=WATCHABLE)
    for row in rows.exclude(download__removed_at=None).select_related("download"):
        if row.download.removed_at and not has_failed(row.download, is_patient=False):
            yield _parts(row), row.download.removed_at
    for note in wish.declined.all():
        yield _parts(note), note.at


def _gone(wish: Wish, here: Library) -> Iterator[tuple[list[Where], datetime]]:
    """Nobody saw a file go: but if it was there when its title was asked for, it went after that."""
    for row in here.rows:
        finished = row.download.finished_at
        if row.kind not in WATCHABLE or finished is None or not queue.file_is_gone(row.download):
            continue
        if finished > wish.asked_at or row.download.pk not in wish.gone_when_asked:
            yield _parts(row), max(finished, wish.asked_at)


def _parts(row: Chosen | Declined) -> list[Where]:
    return list(row.holds) or [None]


def places(declined: Iterable[Where]) -> list[list[int]]:
    """As a wish keeps them; a film has none."""
    return sorted(list(place) for place in declined if place)
