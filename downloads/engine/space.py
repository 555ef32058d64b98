"""Room on a file system, and numbers as people read them."""

from __future__ import annotations

import os
from pathlib import Path

from downloads.engine.errors import DiskFull

UNTOLD = 2**62  # bytes; stands for the free space of a file system that says nothing about it
UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


def free_bytes(path: Path) -> int:
    """What an ordinary user may still write on the file system of `path` (or of its nearest existing parent)."""
    while not path.exists() and path != path.parent:
        path = path.parent
    numbers = os.statvfs(path)
    return numbers.f_bavail * numbers.f_frsize if numbers.f_blocks else UNTOLD


def needed_bytes(size: int | None, allocated: int) -> int:
    """What a file of `size` still takes when `allocated` bytes of it have their blocks. Unknown counts as 0."""
    return max(0, (size or 0) - allocated)


def require_space(path: Path, needed: int) -> None:
    """Raises DiskFull with both numbers when `needed` bytes do not fit beside `path`."""
    free = free_bytes(path)
    if needed > free:
        raise DiskFull(needed=readable(needed), free=readable(free))


def require_room(path: Path, size: int | None, allocated: int, reserve: int) -> None:
    """Raises DiskFull when a file needs more than what is free beside the reserve.

    What has all its blocks takes nothing any more, so that it goes on whatever else fills the disk.
    """
    needed = needed_bytes(size, allocated)
    if size is None or needed:
        require_space(path, needed + reserve)


def readable(count: int) -> str:
    """8100000000 -> `8.1 GB`; decimal units, as disks and hosts count."""
    value = float(count)
    for unit in UNITS:
        if value < 999.95 or unit == UNITS[-1]:
            break
        value /= 1000
    return f"{count} B" if unit == "B" else f"{value:.1f} {unit}"
