"""Space on the file systems of the download folders: what queued rows need, and what is left for them.

What a part file has allocated is gone from the free space already, so it is never counted twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.db.models import F, Q, QuerySet

from downloads import queries, reports
from downloads.actions import move
from downloads.engine.errors import DiskAway, DiskFull
from downloads.engine.partfile import allocated
from downloads.engine.space import free_bytes, readable
from downloads.models import Download
from downloads.states import Event, Reason, Status

RESERVE = 256 * 1024 * 1024
NOTICEABLE = 50_000_000  # bytes, or a twentieth
SMALLEST_SHARE = 50  # of a small disk no more than a fiftieth is kept free


def reserve(root: Path) -> int:
    """Bytes that stay free for others on the file system of a folder that exists. Raises OSError."""
    numbers = os.statvfs(root)
    return min(RESERVE, numbers.f_blocks * numbers.f_frsize // SMALLEST_SHARE)


def missing(row: Download, size: int | None = None) -> int:
    """Bytes that a row still has to get from the file system; unknown sizes count as nothing."""
    whole = size if size is not None else row.size
    return max(0, (whole or 0) - allocated(Path(row.root), row.part_id))


def left(root: str, running: Iterable[tuple[Download, int | None]]) -> int:
    """Bytes that another download may take below `root`; negative when even the reserve is touched.

    `running` are the rows at work with the sizes that they know by now. Raises OSError.
    """
    folder = Path(root)
    device = folder.stat().st_dev  # not that of a folder above it: a disk that is not mounted has no room
    promised = sum(missing(row, size) for row, size in running if device_of(row.root) == device)
    return free_bytes(folder) - reserve(folder) - promised


def device_of(root: str) -> int:
    """The file system of a folder, or of its nearest existing parent."""
    return existing(root).stat().st_dev


def existing(root: str) -> Path:
    """The folder, or its nearest parent that is there."""
    path = Path(root)
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def full(room: int) -> Reason:
    """Why rows wait for space; what each of them needs is its own number (Download.needed_space)."""
    return Reason.of(DiskFull(free=readable(max(room, 0)), room=max(room, 0)))


def wake_returned() -> int:
    """Queue the rows whose folder was away and is back."""
    away = queries.live().filter(status=Status.WAITING, reason_code=DiskAway.code, reason_until=None)
    woken = 0
    for root in away.order_by().values_list("root", flat=True).distinct():
        with suppress(OSError):
            os.statvfs(root)
            woken += move(away.filter(root=root), Event.WAKE)
    return woken


def wake(running: Iterable[tuple[Download, int | None]] = (), told: dict[str, int] | None = None) -> int:
    """Queue the rows that were held for space and fit now, or whose disk was away. One look at each folder.

    With `told`, what the others were told last, by folder, is corrected when it is not true any more.
    """
    running = list(running)
    held = queries.live().filter(status=Status.WAITING, reason_code=DiskFull.code, reason_until=None)
    woken = wake_returned()
    for root in held.order_by().values_list("root", flat=True).distinct():
        try:
            room = left(root, running)
        except OSError:
            continue  # the folder is not there now; the rows go on waiting
        fit = fitting(held.filter(root=root), room)
        woken += move(fit, Event.WAKE) if room > 0 and fit.exists() else 0
        if told is not None:
            tell(held.filter(root=root), root, max(room, 0), told)
    return woken


def tell(held: QuerySet[Download], root: str, room: int, told: dict[str, int]) -> None:
    """Correct the free space in the reasons of rows that wait for it, unless it is nearly what they say."""
    if root not in told and (row := held.first()) is not None:
        told[root] = int(row.reason_params.get("room", -1))
    before = told.get(root, room)
    if abs(room - before) > max(NOTICEABLE, before // 20):
        reports.retell(held, full(room))
        told[root] = room


def fitting(rows: QuerySet[Download], room: int) -> QuerySet[Download]:
    """Those whose remaining bytes fit; what is downloaded stands in for what is allocated."""
    return rows.filter(Q(size=None) | Q(size__lte=F("downloaded") + room))
