"""Parts that no download needs any more: left by a restored backup, a deleted row, another installation, or set aside.

They are offered for deletion and never deleted silently. Only what is named as the engine names its own files counts,
directly in the part folder of a download folder; links are never followed. Copies that were cut off while they were
moved to another file system lie beside the finished files and are not looked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
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
    """Everything that is left of one download; of one that is still there (`is_owned`) only what was set aside, because
    it was not the right file. `size` is in bytes on the disk, `changed_at` the last change.
    """

    part_id: str
    root: Path
    size: int
    changed_at: datetime
    is_owned: bool


def found() -> list[Orphan]:
    """The largest first. A folder that cannot be read now has none."""
    left = [(root, part_id, files) for root in roots() for part_id, files in in_folder(root).items()]
    owned = owned_among([part_id for _, part_id, _ in left])
    lost = (orphan_of(root, part_id, files, part_id in owned) for root, part_id, files in left)
    return sorted(filter(None, lost), key=lambda orphan: -orphan.size)


def orphan_of(root: Path, part_id: str, files: dict[str, os.stat_result], is_owned: bool) -> Orphan | None:
    """None when a download needs all of it."""
    stats = [stat for name, stat in files.items() if not is_owned or is_set_aside(name)]
    if not stats:
        return None
    changed_at = datetime.fromtimestamp(max(stat.st_mtime for stat in stats), UTC)
    return Orphan(part_id, root, sum(stat.st_blocks * BLOCK for stat in stats), changed_at, is_owned)


def is_set_aside(name: str) -> bool:
    return (match := OURS.fullmatch(name)) is not None and match[3] is not None


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
        if not owned_among([orphan.part_id]):
            discard(orphan.root, orphan.part_id)
        elif orphan.is_owned:
            delete_set_aside(folder, orphan.part_id)
        else:
            return False
    except OSError:
        return False
    finally:
        claim.release()
        os.close(folder)
    return True


def delete_set_aside(folder: int, part_id: str) -> None:
    for name in os.listdir(folder):
        if is_set_aside(name) and name.startswith(part_id):
            os.unlink(name, dir_fd=folder)


def roots() -> list[Path]:
    """Every folder that downloads went to, as it really is; each once."""
    known = Download.objects.order_by().values_list("root", flat=True).distinct()
    everywhere = [*map(Path, known), Preferences.current().root, settings.FLASHARR["DOWNLOAD_DIR"]]
    real: dict[Path, None] = {}
    for root in everywhere:
        with suppress(OSError, ValueError):
            real[root.resolve(strict=True)] = None
    return list(real)


def in_folder(root: Path) -> dict[str, dict[str, os.stat_result]]:
    """The files in the part folder of a root, by the download they belong to; owned or not."""
    parts: dict[str, dict[str, os.stat_result]] = {}
    with suppress(OSError):
        if (root / FOLDER).is_symlink():
            return {}
        with os.scandir(root / FOLDER) as entries:
            for entry in entries:
                if (match := OURS.fullmatch(entry.name)) and entry.is_file(follow_symlinks=False):
                    parts.setdefault(match[1], {})[entry.name] = entry.stat(follow_symlinks=False)
    return parts


def owned_among(part_ids: list[str]) -> set[str]:
    """Those that a download has, also a removed one: its removal can be undone."""
    owned: set[str] = set()
    for start in range(0, len(part_ids), CHUNK):
        rows = Download.objects.filter(part_id__in=part_ids[start : start + CHUNK])
        owned.update(rows.values_list("part_id", flat=True))
    return owned
