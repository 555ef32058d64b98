"""Parts that no download owns any more: left by a restored backup, a deleted row, another installation.

They are offered for deletion and never deleted silently. Only what is named as the engine names its own files counts,
directly in the part folder of a download folder; links are never followed. Copies that were cut off while they were
moved to another file system lie beside the finished files and are not looked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from downloads.engine.claim import Claim
from downloads.engine.errors import PartInUse
from downloads.engine.partfile import BLOCK, FOLDER, discard
from downloads.models import Download, Preferences

OURS = re.compile(r"([0-9a-f]{32})\.(part(\.changed-\d+)?|journal(\.new)?)")
CHUNK = 500
COUNT, COUNTED_FOR = "orphans", 60


@dataclass(frozen=True, slots=True)
class Orphan:
    """Everything that is left of one download. `size` is in bytes on the disk, `changed_at` the last change."""

    part_id: str
    root: Path
    size: int
    changed_at: datetime


def found() -> list[Orphan]:
    """The largest first. A folder that cannot be read now has none."""
    lost = [orphan for root in roots() for orphan in in_folder(root)]
    owned = owned_among([orphan.part_id for orphan in lost])
    return sorted((orphan for orphan in lost if orphan.part_id not in owned), key=lambda orphan: -orphan.size)


def count() -> int:
    """How many there are, looked at once a minute: a page must not wait for a slow disk each time."""
    known: int | None = cache.get(COUNT)
    if known is None:
        known = len(found())
        cache.set(COUNT, known, COUNTED_FOR)
    return known


def delete(part_ids: Collection[str]) -> tuple[int, int]:
    """Delete those that are still nobody's; how many that were, and their bytes."""
    gone = size = 0
    cache.delete(COUNT)
    for orphan in found():
        if orphan.part_id in part_ids and delete_one(orphan):
            gone, size = gone + 1, size + orphan.size
    return gone, size


def delete_one(orphan: Orphan) -> bool:
    """Under the claim that every transfer needs, so that nobody can begin to write there meanwhile."""
    try:
        folder = os.open(orphan.root / FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        claim = Claim(folder, f"{orphan.part_id}.lock")
    except (PartInUse, OSError):
        os.close(folder)
        return False
    try:
        if owned_among([orphan.part_id]):
            return False
        discard(orphan.root, orphan.part_id)
    except OSError:
        return False
    finally:
        claim.release()
        os.close(folder)
    return True


def roots() -> list[Path]:
    """Every folder that downloads went to, as it really is; each once."""
    known = Download.objects.order_by().values_list("root", flat=True).distinct()
    everywhere = [*map(Path, known), Preferences.current().root, settings.FLASHARR["DOWNLOAD_DIR"]]
    real: dict[Path, None] = {}
    for root in everywhere:
        with suppress(OSError, ValueError):
            real[root.resolve(strict=True)] = None
    return list(real)


def in_folder(root: Path) -> Iterator[Orphan]:
    """What lies in the part folder of a root, by the download it belongs to; owned or not."""
    parts: dict[str, list[os.stat_result]] = {}
    with suppress(OSError):
        if (root / FOLDER).is_symlink():
            return
        with os.scandir(root / FOLDER) as entries:
            for entry in entries:
                if (match := OURS.fullmatch(entry.name)) and entry.is_file(follow_symlinks=False):
                    parts.setdefault(match[1], []).append(entry.stat(follow_symlinks=False))
    for part_id, stats in parts.items():
        changed_at = datetime.fromtimestamp(max(stat.st_mtime for stat in stats), UTC)
        yield Orphan(part_id, root, sum(stat.st_blocks * BLOCK for stat in stats), changed_at)


def owned_among(part_ids: list[str]) -> set[str]:
    """Those that a download has, also a removed one: its removal can be undone."""
    owned: set[str] = set()
    for start in range(0, len(part_ids), CHUNK):
        rows = Download.objects.filter(part_id__in=part_ids[start : start + CHUNK])
        owned.update(rows.values_list("part_id", flat=True))
    return owned
