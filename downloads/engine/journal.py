"""The small file beside a part file that says which of its bytes are proven to be on the disk.

Two slots of equal length, written in turn, each holding one state:

    flasharr-journal 2 <sequence> <length> <sha256 of sequence and record>
    {"identity": ..., "size": ..., "etag": ..., "modified": ..., "checksum": ...,
     "segments": [[start, end, written], ...], "finishing": {"path", "inode", "size", "sha256"} | null}

The room for both is there from the start, so a state costs one write in place and one sync, also on a full disk. A
write that is torn by a crash leaves the other slot, which holds the state before. A journal of which no slot is
whole, or that is of another version or another download, says nothing.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from downloads.engine.disk import FILE_MODE, let_go, set_mode, sync_folder
from downloads.engine.plan import Plan, Segment

MAGIC = b"flasharr-journal"
VERSION = b"2"
SLOT = 32 * 1024
LONGEST_VALIDATOR = 500  # characters; a longer one is not worth keeping


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

    def to_bytes(self, sequence: int = 0) -> bytes:
        fields = {
            "identity": self.identity,
            "size": self.plan.size,
            "etag": self.etag if len(self.etag) <= LONGEST_VALIDATOR else "",
            "modified": self.modified if len(self.modified) <= LONGEST_VALIDATOR else "",
            "checksum": self.checksum,
            "segments": [[part.start, part.end, part.written] for part in self.plan.segments],
            "finishing": asdict(self.finishing) if self.finishing else None,
        }
        payload = json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()
        return b"%b\n%b" % (_head(sequence, payload), payload)

    @classmethod
    def from_bytes(cls, content: bytes) -> Record:
        """The newest whole state in a slot or a whole journal. Raises JournalDamaged."""
        states = [state for start in (0, SLOT) if (state := _state(content[start : start + SLOT]))]
        if not states:
            raise JournalDamaged("no slot is whole")
        try:
            return cls._from_fields(json.loads(max(states)[1]))
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


def _head(sequence: int, payload: bytes) -> bytes:
    number = b"%d" % sequence
    digest = hashlib.sha256(number + b"\n" + payload).hexdigest().encode()
    return b" ".join((MAGIC, VERSION, number, b"%d" % len(payload), digest))


def _state(slot: bytes) -> tuple[int, bytes] | None:
    """(sequence, payload) of a slot; None for one that is empty, torn or damaged."""
    head, _, rest = slot.partition(b"\n")
    fields = head.split(b" ")
    if len(fields) != 5 or not (fields[2].isdigit() and fields[3].isdigit() and len(fields[2] + fields[3]) < 40):
        return None
    sequence, payload = int(fields[2]), rest[: int(fields[3])]
    return (sequence, payload) if head == _head(sequence, payload) else None


@dataclass(slots=True)
class Journal:
    """The file that holds one Record. A change is durable when the call returns."""

    folder: int  # an open descriptor, owned by the caller
    name: str
    identity: str
    record: Record | None = field(default=None, init=False)
    _descriptor: int = field(default=-1, init=False)
    _sequence: int = field(default=0, init=False)

    def load(self) -> Record | None:
        """What was saved last; None when there is no journal. Raises JournalDamaged for a foreign one too."""
        self.close()
        try:
            self._descriptor = os.open(self.name, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self.folder)
        except FileNotFoundError:
            return None
        content = os.pread(self._descriptor, 2 * SLOT, 0)
        record = Record.from_bytes(content)
        if record.identity != self.identity:
            raise JournalDamaged("foreign")
        self._sequence = max(state[0] for start in (0, SLOT) if (state := _state(content[start : start + SLOT])))
        self.record = record
        return record

    def create(self, record: Record) -> None:
        """A journal of its own for a new part: no slot of the one before survives. Raises OSError."""
        self.close()
        temporary = self.name + ".new"
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        self._descriptor = os.open(temporary, flags, FILE_MODE, dir_fd=self.folder)
        set_mode(self._descriptor, FILE_MODE)
        if os.pwrite(self._descriptor, record.to_bytes().ljust(2 * SLOT, b"\0"), 0) != 2 * SLOT:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(self._descriptor)
        os.replace(temporary, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)
        sync_folder(self.folder)
        self.record, self._sequence = record, 0

    def save(self, record: Record) -> None:
        """Raises OSError; the state before stays whole then."""
        assert self._descriptor >= 0
        sequence = self._sequence + 1
        content = record.to_bytes(sequence)
        if len(content) > SLOT or os.pwrite(self._descriptor, content, sequence % 2 * SLOT) != len(content):
            raise OSError("the journal could not be written")
        os.fdatasync(self._descriptor)
        self.record, self._sequence = record, sequence

    def advance(self, plan: Plan) -> None:
        """Record progress; `plan` must already be on the disk and must not change afterwards."""
        assert self.record is not None
        self.save(replace(self.record, plan=plan))

    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        let_go(descriptor)
