"""Compare finished files with the checksums that were given for them afterwards."""

from __future__ import annotations

import hashlib
from pathlib import Path

from downloads.actions import next_version, warning_fields
from downloads.cautions import CHECKING, DIFFERS, UNREADABLE
from downloads.engine import magic
from downloads.engine.magic import Caution
from downloads.models import Download
from downloads.states import Status
from hosts.checksums import Checksum


def check_all() -> None:
    """Each file that waits for it, once. Killed in between, the rest waits for the next time."""
    waiting = Download.objects.filter(status=Status.COMPLETED, removed_at=None, warning_code=CHECKING.code)
    for row in waiting.order_by("pk"):
        same = Download.objects.filter(pk=row.pk, warning_code=CHECKING.code, checksum=row.checksum, path=row.path)
        same.update(version=next_version(), **warning_fields(caution_of(Path(row.path), row.checksum)))


def caution_of(path: Path, checksum: str) -> Caution | None:
    """None when the file is the right one and what its name says."""
    expected = Checksum.parse(checksum)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.new(expected.algorithm, usedforsecurity=False))
    except OSError:
        return UNREADABLE
    return magic.look_at(path) if digest.hexdigest() == expected.digest else DIFFERS
