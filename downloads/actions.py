"""Every verb a user has over downloads. Pages, REST, admin and commands all come through here.

Each verb is one conditional UPDATE: a row that is not in a fitting state is left alone, so verbs can be
repeated and raced without harm. They return how many rows changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Min, QuerySet
from django.utils import timezone

from downloads import timetable, wake
from downloads.cautions import CHECKING
from downloads.engine.magic import Caution
from downloads.engine.partfile import discard
from downloads.models import FASTEST, Batch, Change, Download, EngineLease, Preferences, Priority, Visit
from downloads.schedule import Mode
from downloads.states import OPEN, PAUSED_BY_USER, RUNNING, Event, Reason, Status, sources, target
from hosts import registry, vault
from hosts.base import Cure
from hosts.links import Link

NO_REASON: dict[str, Any] = {
    "reason_code": "",
    "reason_sentence": "",
    "reason_params": {},
    "reason_until": None,
    "reason_cure": "",
}


@dataclass(frozen=True, slots=True)
class NewDownload:
    """What to download and how; everything but the link may be unknown."""

    link: Link
    name: str = ""
    size: int | None = None
    directory: str = ""
    filename: str = ""
    password: str = field(default="", repr=False)
    priority: int = Priority.NORMAL
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """`existing` is a file that was there already, `again` one of which only the row was left: it is fetched anew."""

    download: Download
    existing: bool
    again: bool = False

    @property
    def is_new(self) -> bool:
        return self.again or not self.existing


@dataclass(frozen=True, slots=True)
class Together:
    """What files that are added together are called, the folder link they come from, and where that is put.

    `seen` is what the folder holds at all, wanted or not, as "host:code".
    """

    name: str
    url: str = ""
    directory: str = ""
    seen: frozenset[str] = frozenset()

    def batch(self) -> Batch:
        """The one that this folder was added as before, or a new one. Call inside a transaction."""
        fields = {"name": self.name[:255], "url": self.url, "directory": self.directory[:2048]}
        before = Batch.objects.filter(**fields).order_by("pk").last() if self.url else None
        batch = before or Batch.objects.create(**fields)
        if self.seen:
            visit = Visit.objects.filter(batch=batch).first() or Visit(batch=batch)
            visit.seen, visit.at = sorted(self.seen.union(visit.seen)), timezone.now()
            visit.save()
        return batch


def next_version() -> int:
    """The number for the change being made. Call inside a transaction: it orders the writers."""
    if not Change.objects.filter(pk=1).update(value=F("value") + 1):
        Change.objects.get_or_create(pk=1, defaults={"value": 1})
    return Change.objects.get(pk=1).value


def reason_fields(reason: Reason | None) -> dict[str, Any]:
    """The columns that hold a reason."""
    if reason is None:
        return NO_REASON
    return {
        "reason_code": reason.code,
        "reason_sentence": reason.sentence,
        "reason_params": dict(reason.params),
        "reason_until": reason.until,
        "reason_cure": reason.cure.value,
    }


def warning_fields(caution: Caution | None) -> dict[str, Any]:
    """The columns that hold what is to be known about a finished file."""
    return {
        "warning_code": caution.code if caution else "",
        "warning_sentence": caution.sentence if caution else "",
        "warning_params": caution.params if caution else {},
    }


def move(downloads: QuerySet[Download], event: Event, reason: Reason | None = None, **columns: Any) -> int:
    """Take `event` on those of `downloads` where it is legal."""
    with transaction.atomic():
        return downloads.filter(removed_at=None, status__in=sources(event)).update(
            status=target(event), version=next_version(), **reason_fields(reason), **columns
        )


def add(items: Sequence[NewDownload], together: Together | None = None) -> list[Added]:
    """Put files into the queue; a file that is there already is answered with its row.

    The database decides what is a duplicate, so two callers at once cannot both add it. A finished row whose
    file is gone from the disk is queued again.
    """
    root = str(Preferences.current().root)
    unique = list({(item.link.host, item.link.code): item for item in items}.values())
    gone = [row.pk for row in live_rows(unique) if file_is_gone(row)]
    with transaction.atomic():
        version = next_version()
        batch = together.batch() if together else None
        last = Download.objects.aggregate(last=Max("position"))["last"] or 0
        rows = [new_row(item, root, batch, last + place, version) for place, item in enumerate(unique, start=1)]
        for start in range(0, len(rows), 500):
            Download.objects.bulk_create(rows[start : start + 500], ignore_conflicts=True)
        if gone:
            retry(Download.objects.filter(pk__in=gone))
        ours = {row.part_id for row in rows}
        found = {(row.host, row.code): row for row in live_rows(unique)}
        if batch and not batch.downloads.exists():
            batch.delete()
        keep_checksums(unique, found)
        here = [found[item.link.host, item.link.code] for item in unique]
        added = [Added(row, row.part_id not in ours, row.pk in gone) for row in here]
    transaction.on_commit(wake.engine)
    transaction.on_commit(wake.describer)
    return added


def keep_checksums(items: Sequence[NewDownload], found: Mapping[tuple[str, str], Download]) -> None:
    """A checksum given for a file that is here already counts; callers have refused those that contradict.

    One under way is checked at its end, one that is complete on the disk by a chore.
    """
    for item in items:
        row = found.get((item.link.host, item.link.code))
        if not item.checksum or row is None or item.checksum == row.checksum:
            continue
        is_late = row.status == Status.COMPLETED
        same = Download.objects.filter(pk=row.pk, status=row.status)
        late = warning_fields(CHECKING) if is_late else {}
        if same.update(checksum=item.checksum, version=next_version(), **late):
            row.checksum = item.checksum
            if is_late:
                transaction.on_commit(wake.file_checker)


def new_row(item: NewDownload, root: str, batch: Batch | None, position: int, version: int) -> Download:
    row = Download(
        host=item.link.host,
        server=registry.server_of(item.link),
        code=item.link.code,
        url=item.link.url,
        name=item.name[:1024],
        filename=item.filename[:1024],
        size=sane(item.size),
        root=root,
        directory=item.directory[:2048],
        sealed_password=vault.seal(item.password) if item.password else "",
        priority=item.priority,
        checksum=item.checksum,
        batch=batch,
        position=position,
        version=version,
    )
    row.folded = row.searchable()
    return row


def sane(size: int | None) -> int | None:
    """A size that a disk and the database can hold; what else a host may say counts as unknown."""
    return size if size is not None and 0 <= size < 2**63 else None


def live_rows(items: Sequence[NewDownload]) -> list[Download]:
    """The rows of these links, asked for in chunks that SQLite's parameter limit allows."""
    codes = [item.link.code for item in items]
    rows: list[Download] = []
    for start in range(0, len(codes), 500):
        rows += Download.objects.filter(removed_at=None, code__in=codes[start : start + 500]).select_related("batch")
    return rows


def file_is_gone(download: Download) -> bool:
    """A disk that does not answer now is no proof that the file is gone."""
    if download.status != Status.COMPLETED or not download.path:
        return False
    try:
        return not Path(download.path).exists() and Path(download.root).is_dir()
    except OSError:
        return False


def pause(downloads: QuerySet[Download]) -> int:
    return move(downloads, Event.PAUSE, PAUSED_BY_USER, speed=0)


def resume(downloads: QuerySet[Download]) -> int:
    """Queue paused and waiting rows again, at once."""
    return queue_again(downloads, Event.RESUME)


def retry(downloads: QuerySet[Download]) -> int:
    """Queue failed, waiting and finished rows again; a finished one is fetched anew."""
    return queue_again(downloads, Event.RETRY)


def queue_again(downloads: QuerySet[Download], event: Event) -> int:
    finished = downloads.filter(status=Status.COMPLETED)
    with transaction.atomic():
        changed = 0
        if event == Event.RETRY:
            forget_receipts(finished)
            nothing: dict[str, Any] = {"finished_at": None, "downloaded": 0, "path": "", **warning_fields(None)}
            changed += move(finished, event, attempts=0, speed=0, **nothing)
        changed += move(downloads, event, attempts=0, speed=0, finished_at=None)
    if changed:
        transaction.on_commit(wake.engine)
    return changed


def forget_receipts(downloads: QuerySet[Download]) -> None:
    """What the engine may still remember of finished files would be answered instead of fetching them anew."""
    for row in downloads.filter(removed_at=None):
        with suppress(OSError):
            discard(Path(row.root), row.part_id)


def remove(downloads: QuerySet[Download], with_file: bool = False, at: datetime | None = None) -> int:
    """Take rows out of the queue or the history. They can be restored until they are purged.

    `at` is what `removed_at` becomes: whoever gives it can find just these rows again to undo their removal.
    """
    with transaction.atomic():
        return downloads.filter(removed_at=None).update(
            removed_at=at or timezone.now(), removed_with_file=with_file, speed=0, version=next_version()
        )


def restore(downloads: QuerySet[Download]) -> int:
    """Undo `remove`, except for rows whose file was added again meanwhile."""
    with transaction.atomic():
        removed = downloads.exclude(removed_at=None).order_by("pk").values_list("host", "code", "pk")
        newest = {(host, code): pk for host, code, pk in removed}
        taken = Download.objects.filter(removed_at=None, code__in={code for _, code in newest})
        for pair in taken.values_list("host", "code"):
            newest.pop(pair, None)
        back = list(newest.values())
        rows = Download.objects.filter(pk__in=back)
        changed = rows.update(removed_at=None, removed_with_file=False, version=next_version())
        move(rows, Event.RELEASE, speed=0)
    transaction.on_commit(wake.engine)
    return changed


def set_priority(downloads: QuerySet[Download], priority: Priority) -> int:
    with transaction.atomic():
        return downloads.filter(removed_at=None).update(priority=priority, version=next_version())


def set_speed_limit(downloads: QuerySet[Download], rate: int) -> int:
    """Bytes per second, 0 for none; a running transfer follows at once. Raises ValueError for what is no speed."""
    if not 0 <= rate <= FASTEST:
        raise ValueError(f"A speed limit is between 0 and {FASTEST} bytes per second.")
    with transaction.atomic():
        return downloads.filter(removed_at=None).update(speed_limit=rate, version=next_version())


def set_password(downloads: QuerySet[Download], password: str) -> int:
    """Give the password of a protected share and try again; what is finished needs none any more."""
    unfinished = downloads.filter(removed_at=None).exclude(status=Status.COMPLETED)
    unfinished.update(sealed_password=vault.seal(password))
    return retry(unfinished)


def reorder(download: Download, where: str) -> bool:
    """Move a row to the "top" or "bottom", or one place "up" or "down", among rows of its priority."""
    waiting = Download.objects.filter(removed_at=None, status__in=OPEN).exclude(status__in=RUNNING)
    peers = waiting.filter(priority=download.priority).exclude(pk=download.pk)
    with transaction.atomic():
        if where in ("top", "bottom"):
            edges = peers.aggregate(first=Min("position"), last=Max("position"))
            if edges["first"] is None:
                return False
            place = edges["first"] - 1 if where == "top" else edges["last"] + 1
            return bool(set_position(download.pk, place))
        ahead = where == "up"
        neighbours = (
            peers.filter(position__lt=download.position) if ahead else peers.filter(position__gt=download.position)
        )
        neighbour = neighbours.order_by("-position" if ahead else "position").first()
        if neighbour is None:
            return False
        set_position(neighbour.pk, download.position)
        return bool(set_position(download.pk, neighbour.position))


def set_position(pk: int, position: int) -> int:
    return Download.objects.filter(pk=pk).update(position=position, version=next_version())


def learn(pk: int, name: str, size: int | None) -> int:
    """Keep what the host said about a row that has no name yet and whose turn has not come."""
    unseen = Download.objects.filter(pk=pk, name="", status__in=(Status.QUEUED, Status.WAITING, Status.PAUSED))
    with transaction.atomic():
        changed = unseen.update(name=name[:1024], size=sane(size), version=next_version())
        refold(pk)
        return changed


def refold(pk: int) -> None:
    """After a name has changed: a search finds the row under it."""
    for row in Download.objects.filter(pk=pk):
        Download.objects.filter(pk=pk).update(folded=row.searchable())


def wake_host(host: str, cures: Sequence[str]) -> int:
    """Queue the waiting rows of a host whose cure has just been applied (an account was added or mended)."""
    changed = move(Download.objects.filter(host=host, reason_cure__in=cures), Event.WAKE)
    if changed:
        transaction.on_commit(wake.engine)
    return changed


def ignore_schedule(now: datetime) -> bool:
    """Full speed until the schedule would change anyway; False when it never does, or allows all now."""
    preferences = Preferences.current()
    until = preferences.week.next_change(now)
    if until is None or preferences.week.at(now) == Mode.FULL:
        return False
    Preferences.objects.filter(pk=1).update(schedule_ignored_until=until)
    wake_scheduled()
    return True


def follow_schedule() -> None:
    """Take `ignore_schedule` back."""
    Preferences.objects.filter(pk=1).update(schedule_ignored_until=None)
    wake_scheduled()


def wake_scheduled() -> int:
    """After the schedule has changed: the engine looks again at the rows that waited for it."""
    changed = move(Download.objects.filter(reason_code=timetable.CODE), Event.WAKE)
    transaction.on_commit(wake.engine)
    return changed


def wake_proxied() -> int:
    """Queue what waited for the proxy, which has just been changed."""
    changed = move(Download.objects.filter(reason_cure=Cure.PROXY), Event.WAKE)
    transaction.on_commit(wake.engine)
    return changed


def wake_server(server: str) -> int:
    """Queue what waits until a time at a server that the user wants to be asked again."""
    changed = move(Download.objects.filter(server=server).exclude(reason_until=None), Event.WAKE)
    if changed:
        transaction.on_commit(wake.engine)
    return changed


def stop_engine() -> None:
    """Ask a running engine to put everything down and end."""
    EngineLease.objects.filter(pk=1).update(stop_requested=True)


def fail_found_dead(downloads: QuerySet[Download], reason: Reason, now: datetime) -> int:
    """A link that was found dead before its turn came."""
    return move(downloads.exclude(status__in=RUNNING), Event.FAIL, reason, finished_at=now)
