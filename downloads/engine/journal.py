"""The small file beside a part file that says which of its bytes are proven to be on the disk.

    flasharr-journal 1 <sha256 of the rest>
    {"identity": ..., "size": ..., "etag": ..., "modified": ..., "checksum": ...,
     "segments": [[start, end, written], ...], "finishing": {"path", "inode", "size", "sha256"} | null}

It is replaced as a whole (temporary file, fsync, rename, fsync of the folder), so it is always one of the
states that were saved. A journal that is damaged, of another version or of another download says nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from downloads.engine.disk import FILE_MODE, set_mode, sync_folder
from downloads.engine.plan import Plan, Segment

MAGIC = b"flasharr-journal"
VERSION = b"1"
LARGEST = 4 * 1024 * 1024


class JournalDamaged(Exception):
    """There is a journal, and nothing it says may be believed."""


@dataclass(frozen=True, slots=True)
class Finishing:
    """The end game has begun: every byte is there and checked, only the name is missing.

    `path` is relative to the root. `inode` is that of the file which gets the name, so that a name that is
    already given can be told from a stranger's file.
    """

    path: str
    inode: int
    size: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What the journal says."""

    identity: str
    plan: Plan
    etag: str = ""
    modified: str = ""
    checksum: str = ""  # "algorithm:hex" as the source gave it
    finishing: Finishing | None = None

    def to_bytes(self) -> bytes:
        fields = {
            "identity": self.identity,
            "size": self.plan.size,
            "etag": self.etag,
            "modified": self.modified,
            "checksum": self.checksum,
            "segments": [[part.start, part.end, part.written] for part in self.plan.segments],
            "finishing": asdict(self.finishing) if self.finishing else None,
        }
        payload = json.dumps(fields, ensure_ascii=True).encode()
        return b" ".join((MAGIC, VERSION, hashlib.sha256(payload).hexdigest().encode())) + b"\n" + payload

    @classmethod
    def from_bytes(cls, content: bytes) -> Record:
        """Raises JournalDamaged."""
        head, _, payload = content.partition(b"\n")
        if head != b" ".join((MAGIC, VERSION, hashlib.sha256(payload).hexdigest().encode())):
            raise JournalDamaged("checksum")
        try:
            return cls._from_fields(json.loads(payload))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise JournalDamaged("shape") from error

    @classmethod
    def _from_fields(cls, fields: dict[str, Any]) -> Record:
        plan = Plan(fields["size"], [Segment(*numbers) for numbers in fields["segments"]])
        if not plan.tiles:
            raise ValueError("segments")
        finishing = fields["finishing"]
        return cls(
            fields["identity"],
            plan,
            fields["etag"],
            fields["modified"],
            fields["checksum"],
            Finishing(**finishing) if finishing else None,
        )


@dataclass(slots=True)
class Journal:
    """The file that holds one Record. Saving is durable when `save` returns."""

    folder: int  # an open descriptor, owned by the caller
    name: str
    identity: str
    record: Record | None = field(default=None, init=False)

    def load(self) -> Record | None:
        """What was saved last; None when there is no journal. Raises JournalDamaged for a foreign one too."""
        try:
            descriptor = os.open(self.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self.folder)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            record = Record.from_bytes(file.read(LARGEST))
        if record.identity != self.identity:
            raise JournalDamaged("foreign")
        self.record = record
        return record

    def save(self, record: Record) -> None:
        """Raises OSError; the journal before stays whole then."""
        temporary = self.name + ".new"
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(temporary, flags, FILE_MODE, dir_fd=self.folder)
        with os.fdopen(descriptor, "wb") as file:
            set_mode(descriptor, FILE_MODE)
            file.write(record.to_bytes())
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)
        sync_folder(self.folder)
        self.record = record

    def advance(self, plan: Plan) -> None:
        """Record progress; `plan` must already be on the disk and must not change afterwards."""
        assert self.record is not None
        self.save(replace(self.record, plan=plan))


def journal_path(folder: Path, part_id: str) -> Path:
    return folder / f"{part_id}.journal"
