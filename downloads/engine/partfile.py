"""The file that grows: `<root>/.flasharr/<part id>.part`, with its journal beside it."""

from __future__ import annotations

import errno
import os
import re
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from downloads.engine import kernel
from downloads.engine.claim import Claim
from downloads.engine.disk import FILE_MODE, FOLDER_MODE, let_go, set_mode, sync_folder
from downloads.engine.errors import PathRefused
from downloads.engine.journal import Finishing, Journal, JournalDamaged, Record
from downloads.engine.plan import Plan

FOLDER = ".flasharr"
KEPT_ASIDE = 2
CACHE_WINDOW = 16 * 1024 * 1024
BLOCK = 512  # the unit of st_blocks
PART_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
GUARDED = os.O_NOFOLLOW | os.O_CLOEXEC
WAY_IN = os.O_RDWR | GUARDED
GRAIN = 4096  # what the strictest disk wants of a write past the page cache, in place, length and memory
SLOW_WRITE = 0.02  # seconds; a disk that seeks does better with the page cache in between
SLOW_WRITES = 8


@dataclass(frozen=True, slots=True)
class Target:
    """Where a finished file belongs. `directory` and `name` are untrusted text; `part_id` is ours and unique.

    The modes are for the finished file and for folders that are made for it, whatever the umask.
    """

    root: Path
    directory: str
    name: str
    part_id: str
    file_mode: int = FILE_MODE
    folder_mode: int = FOLDER_MODE

    def __post_init__(self) -> None:
        if not PART_ID.fullmatch(self.part_id):
            raise ValueError("A part id is made of letters, digits, - and _.")


class NotOnDisk(OSError):
    """Syncing failed: what was written since the last checkpoint may be lost, whatever a later sync says."""


class PartFile:
    """Bytes at positions, and the one record that says which of them count.

    Everything here may raise OSError; the transfer turns it into a DiskProblem. `restore` comes first, then
    `begin` unless it found something.
    """

    def __init__(self, target: Target) -> None:
        self.path = target.root / FOLDER
        self._folder = _open_part_folder(target.root)
        try:
            self._claim = Claim(self._folder, f"{target.part_id}.lock")
        except BaseException:
            os.close(self._folder)
            raise
        self.name = f"{target.part_id}.part"
        self.journal = Journal(self._folder, f"{target.part_id}.journal", target.part_id)
        self.descriptor = -1
        self._cached = 0  # bytes journalled since the page cache was given back
        self._direct = -1  # the same file past the page cache, where the file system has that
        self._is_quick = False
        self._slow = 0  # such writes in a row that took long

    @property
    def record(self) -> Record:
        assert self.journal.record is not None
        return self.journal.record

    @property
    def folder(self) -> int:
        """A descriptor of the part folder, for names relative to it."""
        return self._folder

    def restore(self) -> Record | None:
        """The proven state from before; None when there is none. Anything doubtful is set aside."""
        try:
            record = self.journal.load()
        except JournalDamaged:
            record = None
        if record and self._open_existing(record):
            return record
        if record and record.finishing and not self._exists():
            return record  # perhaps it has its name already: the finish will know
        self.set_aside()
        return None

    def begin(self, plan: Plan, etag: str = "", modified: str = "", checksum: str = "") -> None:
        """An empty part file. The journal is there before the file: a part without a journal is never ours."""
        self.journal.create(Record(self.journal.identity, plan.snapshot(), etag, modified, checksum))
        self._close_file()
        with suppress(FileNotFoundError):
            os.unlink(self.name, dir_fd=self._folder)
        self.descriptor = os.open(self.name, WAY_IN | os.O_CREAT | os.O_EXCL, FILE_MODE, dir_fd=self._folder)
        set_mode(self.descriptor, FILE_MODE)
        self._open_direct()
        sync_folder(self._folder)

    def reserve(self, size: int, stop: threading.Event) -> None:
        """Claim the room for `size` bytes now. OSError ENOSPC when there is not enough."""
        kernel.reserve(self.descriptor, size, stop)

    def write(self, view: memoryview, position: int) -> None:
        """Whole blocks from aligned memory go past the page cache: no copy, nothing left to sync but a flush."""
        if self._is_quick and position % GRAIN == 0:
            written = self._write_direct(view[: len(view) - len(view) % GRAIN], position)
            view, position = view[written:], position + written
        while view:
            count = os.pwrite(self.descriptor, view, position)
            view = view[count:]
            position += count

    def _write_direct(self, view: memoryview, position: int) -> int:
        """How many bytes were written. After a refusal or many long waits in a row everything goes the usual way."""
        if not view:
            return 0
        began = time.monotonic()
        try:
            count = os.pwrite(self._direct, view, position)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            count = 0
        self._slow = self._slow + 1 if time.monotonic() - began > SLOW_WRITE else 0
        if count < len(view) or self._slow >= SLOW_WRITES:
            self._is_quick = False  # the descriptor stays: other connections may be using it
        return count - count % GRAIN

    def read(self, length: int, position: int) -> bytes:
        """`length` bytes, fewer only at the end of the file."""
        pieces = []
        while length > 0 and (piece := os.pread(self.descriptor, length, position)):
            pieces.append(piece)
            position += len(piece)
            length -= len(piece)
        return b"".join(pieces)

    def checkpoint(self, plan: Plan) -> None:
        """Make `plan` true on the disk, then say so in the journal. `plan` is a snapshot."""
        try:
            os.fdatasync(self.descriptor)
        except OSError as error:
            raise NotOnDisk(error.errno, error.strerror) from error
        gained = plan.written - self.record.plan.written
        self.journal.advance(plan)
        self._give_back(gained)

    def settle(self, size: int) -> None:
        """Exactly `size` bytes long, and all of it durable."""
        if os.fstat(self.descriptor).st_size != size:
            os.ftruncate(self.descriptor, size)
        os.fsync(self.descriptor)

    def announce(self, finishing: Finishing) -> None:
        """Record that the file is about to get its name."""
        self.journal.save(replace(self.record, finishing=finishing))

    @property
    def allocated(self) -> int:
        """Bytes that have their blocks already."""
        return os.fstat(self.descriptor).st_blocks * BLOCK if self.descriptor >= 0 else 0

    @property
    def inode(self) -> int:
        return os.fstat(self.descriptor).st_ino

    def set_aside(self) -> None:
        """Keep a part that no longer belongs to the file under another name, and forget its journal.

        Only the first few are kept, so that a file that keeps changing cannot fill the disk.
        """
        taken = set(os.listdir(self._folder))
        free = (name for number in range(1, KEPT_ASIDE + 1) if (name := f"{self.name}.changed-{number}") not in taken)
        kept = next(free, None)
        if self.name in taken and kept:
            os.rename(self.name, kept, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        self.forget()

    def forget(self) -> None:
        """Remove journal and part, in this order: a part without a journal is never believed."""
        self._close_file()
        self.journal.close()
        for name in (self.journal.name, self.name):
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=self._folder)
        sync_folder(self._folder)
        self.journal.record = None

    def drop(self) -> None:
        """Remove the part's own name; the journal stays as the receipt of a finished file."""
        with suppress(FileNotFoundError):
            os.unlink(self.name, dir_fd=self._folder)
        sync_folder(self._folder)

    def close(self) -> None:
        self._close_file()
        self.journal.close()
        if self._folder >= 0:
            self._claim.release()
            os.close(self._folder)
            self._folder = -1

    def _open_existing(self, record: Record) -> bool:
        try:
            self.descriptor = os.open(self.name, WAY_IN, dir_fd=self._folder)
        except FileNotFoundError:
            return False
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            return False  # somebody put a link there: it is not ours to write through
        furthest = max((part.position for part in record.plan.segments), default=0)
        if os.fstat(self.descriptor).st_size >= furthest:
            self._open_direct()
            return True
        self._close_file()
        return False

    def _exists(self) -> bool:
        return self.name in os.listdir(self._folder)

    def _give_back(self, gained: int) -> None:
        """Let go of the page cache now and then: it keeps long writes fast and memory free."""
        self._cached += gained
        if self._cached >= CACHE_WINDOW:
            os.posix_fadvise(self.descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            self._cached = 0

    def _open_direct(self) -> None:
        with suppress(OSError):  # many network mounts cannot
            self._direct = os.open(self.name, os.O_WRONLY | os.O_DIRECT | GUARDED, dir_fd=self._folder)
            self._is_quick = True

    def _close_direct(self) -> None:
        direct, self._direct, self._is_quick = self._direct, -1, False
        let_go(direct)

    def _close_file(self) -> None:
        self._close_direct()
        descriptor, self.descriptor = self.descriptor, -1
        let_go(descriptor)


def allocated(root: Path, part_id: str) -> int:
    """Bytes that the part of a download has taken from the file system, 0 when there is none. Raises OSError."""
    try:
        return (root / FOLDER / f"{part_id}.part").stat().st_blocks * BLOCK
    except (FileNotFoundError, NotADirectoryError):
        return 0


def discard(root: Path, part_id: str) -> None:
    """Remove everything the engine keeps for a download: the part, its journal, parts set aside.

    For a removed download, and for a finished one once its row says so: until then its journal is the proof
    that keeps it from being fetched twice. A finished file itself is not touched. Raises OSError.
    """
    with suppress(FileNotFoundError):
        folder = _open_part_folder(root)
        try:
            _remove_copy(root, Journal(folder, f"{part_id}.journal", part_id))
            ours = re.compile(rf"{re.escape(part_id)}\.(part(\.changed-\d+)?|journal(\.new)?|lock)")
            for name in filter(ours.fullmatch, os.listdir(folder)):
                os.unlink(name, dir_fd=folder)
        finally:
            os.close(folder)


def hidden_name(part_id: str) -> str:
    """What a copy is called while it grows in a target folder on another file system."""
    return f".{part_id}.part"


def _remove_copy(root: Path, journal: Journal) -> None:
    with suppress(JournalDamaged, FileNotFoundError), closing(journal):
        record = journal.load()
        if record and record.finishing:
            (root / record.finishing.path).with_name(hidden_name(journal.identity)).unlink()


def _open_part_folder(root: Path) -> int:
    folder = root.resolve(strict=True) / FOLDER
    try:
        folder.mkdir(FOLDER_MODE)
    except FileExistsError:
        if folder.is_symlink():
            raise PathRefused() from None
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
