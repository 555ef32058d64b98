"""The last step: a proven part gets its final name, once, over nothing, and survives being killed anywhere.

    1. the part is durable and the journal complete
    2. the journal records `finishing`: the name and the inode that is about to get it
    3. link(part, name): fails when the name exists, and then the next name is tried from 2
    4. the folder is synced, the part's own name removed

The journal stays as a receipt until `discard`. Whoever finds `finishing` there looks at the name: with the
recorded inode behind it the file is finished; otherwise everything from 2 on is done again, without fetching.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from downloads.engine import kernel, space
from downloads.engine.disk import disk_problems, longest_name, open_folder, set_mode, sync_folder
from downloads.engine.errors import DiskRefused
from downloads.engine.journal import Finishing
from downloads.engine.magic import Caution
from downloads.engine.names import fitting, free_name
from downloads.engine.opening import Interrupted
from downloads.engine.partfile import PartFile, Target, hidden_name

NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL})
BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Finished:
    """`path` is absolute and real. `sha256` is there when a sha256 checksum was asked for.

    `caution` is something that the user should know about the file, which is finished all the same.
    """

    path: Path
    size: int
    sha256: str | None
    caution: Caution | None = None


@dataclass(frozen=True)
class Proven:
    """A complete file under a name of ours, relative to an open folder."""

    folder: int
    name: str
    inode: int


@dataclass(frozen=True)
class Place:
    """Where the file goes: an open folder, the same relative to the root, and the safe name that is wanted."""

    folder: int
    directory: Path
    name: str


def already_finished(part: PartFile, target: Target) -> Finished | None:
    """The file a run before this one gave its name, if it was killed after that. Cleans up behind it."""
    finishing = part.record.finishing
    if finishing is None:
        return None
    path = target.root.resolve() / finishing.path
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(found.st_mode) or (found.st_ino, found.st_size) != (finishing.inode, finishing.size):
        return None
    path.with_name(hidden_name(target.part_id)).unlink(missing_ok=True)
    part.drop()
    return Finished(path, finishing.size, finishing.sha256)


def finish(part: PartFile, target: Target, name: str, size: int, sha256: str | None, stop: threading.Event) -> Finished:
    """Give the part its final `name`, or a numbered one. Raises OSError, DiskProblem or Interrupted."""
    set_mode(part.descriptor, target.file_mode)
    part.settle(size)
    with open_folder(target.root, target.directory, target.folder_mode) as (folder, path):
        root = target.root.resolve()
        try:
            own = Proven(part.folder, part.name, part.inode)
            given = _give_name(own, part, Place(folder, path.relative_to(root), name), size, sha256)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            with _copied(part, folder, path, target, size, stop) as copy:
                given = _give_name(copy, part, Place(folder, path.relative_to(root), name), size, sha256)
        part.drop()
        return Finished(path / given, size, sha256)


def _give_name(proven: Proven, part: PartFile, place: Place, size: int, sha256: str | None) -> str:
    """The name that was free. Whatever exists, even a dangling link, is never replaced."""
    taken, longest = set(os.listdir(place.folder)), longest_name(place.folder)
    while True:
        name = free_name(fitting(place.name, longest), taken.__contains__, longest)
        part.announce(Finishing(str(place.directory / name), proven.inode, size, sha256))
        try:
            _link(proven, place.folder, name)
        except FileExistsError:  # somebody was faster, or the file system ignores case
            taken.add(name)
            continue
        sync_folder(place.folder)
        return name


def _link(proven: Proven, folder: int, name: str) -> None:
    try:
        os.link(proven.name, name, src_dir_fd=proven.folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _rename(proven, folder, name)


def _rename(proven: Proven, folder: int, name: str) -> None:
    """For file systems without hard links."""
    try:
        kernel.rename_without_replacing(proven.name, name, source_folder=proven.folder, target_folder=folder)
    except OSError as error:
        if error.errno not in kernel.NOT_OFFERED:
            raise
        if _is_there(name, folder):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name) from None
        os.rename(proven.name, name, src_dir_fd=proven.folder, dst_dir_fd=folder)


def _is_there(name: str, folder: int) -> bool:
    """Asked by the name itself: the file system may find it written in another case."""
    try:
        os.lstat(name, dir_fd=folder)
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _copied(
    part: PartFile, folder: int, path: Path, target: Target, size: int, stop: threading.Event
) -> Iterator[Proven]:
    """A proven copy under a hidden name in the target's folder, which lies on another file system."""
    space.require_space(path, size)
    name = hidden_name(target.part_id)
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(name, flags, target.file_mode, dir_fd=folder)
    try:
        with disk_problems(path, size):
            set_mode(descriptor, target.file_mode)
            kernel.reserve(descriptor, size, stop)
            sent = _hash_while(part.descriptor, size, stop, copy_to=descriptor)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            if _hash_while(descriptor, size, stop) != sent:
                raise DiskRefused(folder=str(path), detail="what was written reads back differently")
        yield Proven(folder, name, os.fstat(descriptor).st_ino)
    finally:
        os.close(descriptor)
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)


def _hash_while(source: int, size: int, stop: threading.Event, copy_to: int | None = None) -> bytes:
    digest = hashlib.sha256()
    position = 0
    while position < size and (piece := os.pread(source, min(BLOCK, size - position), position)):
        if stop.is_set():
            raise Interrupted
        digest.update(piece)
        if copy_to is not None:
            _write(copy_to, memoryview(piece), position)
        position += len(piece)
    return digest.digest()


def _write(descriptor: int, view: memoryview, position: int) -> None:
    while view:
        count = os.pwrite(descriptor, view, position)
        view, position = view[count:], position + count
