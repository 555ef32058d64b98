"""The disk's refusals as Problems, and folders opened so that they cannot lead outside."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from downloads.engine import space
from downloads.engine.errors import DiskAway, DiskFull, DiskProblem, DiskRefused, FileTooLarge, PathRefused
from downloads.engine.names import LONGEST, fitting, require_below, safe_parts

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# A disk that was unplugged or is not mounted, a network share whose server is gone.
AWAY = frozenset(
    {errno.ENOENT, errno.EIO, errno.ESTALE, errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ETIMEDOUT}
    | {errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ECONNABORTED, errno.ECONNRESET, errno.EREMOTEIO}
)
MISLEADING = frozenset({errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR})
NO_MODES = frozenset({errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
FOLDER_MODE = 0o775
SHORTEST = 100  # bytes; a file system that claims to take no longer names knows not what it says
FILE_MODE = 0o664


@contextmanager
def disk_problems(path: Path, needed: int = 0) -> Iterator[None]:
    """Turn every OSError inside into the DiskProblem a person can act on. `needed` is for its sentence."""
    try:
        yield
    except OSError as error:
        raise _problem(error, path, needed) from error


def _problem(error: OSError, path: Path, needed: int) -> DiskProblem:
    if error.errno in FULL:
        return DiskFull(needed=space.readable(needed), free=space.readable(_free(path)))
    if error.errno == errno.EFBIG:
        return FileTooLarge(folder=str(path))
    if error.errno in MISLEADING:
        return PathRefused()
    return unusable(error, path)


def unusable(error: OSError, folder: Path) -> DiskAway | DiskRefused:
    """Why a folder cannot be used, and whether that passes."""
    kind = DiskAway if error.errno in AWAY else DiskRefused
    return kind(folder=str(folder), detail=error.strerror or type(error).__name__)


def _free(path: Path) -> int:
    try:
        return space.free_bytes(path)
    except OSError:  # the numbers only decorate the problem that is being reported
        return 0


def set_mode(descriptor: int, mode: int) -> None:
    """Exactly this mode, whatever the umask; left alone on file systems whose modes are fixed by the mount."""
    with without_modes():
        os.fchmod(descriptor, mode)


@contextmanager
def without_modes() -> Iterator[None]:
    """A mode is not worth a file: file systems of other worlds refuse it in many words."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_MODES:
            raise


def sync_folder(descriptor: int) -> None:
    """Make names created or removed in an open folder survive a power cut."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network mounts cannot sync a folder
            raise


def let_go(descriptor: int) -> None:
    """Close a file, -1 for none. What counts of it was synced before; a network mount may complain once more now,
    and has closed it all the same.
    """
    if descriptor >= 0:
        with suppress(OSError):
            os.close(descriptor)


@contextmanager
def open_folder(root: Path, directory: str, mode: int = FOLDER_MODE) -> Iterator[tuple[int, Path]]:
    """The folder `directory` (untrusted) below `root`, created if need be: a descriptor and its real path.

    Every step is resolved and checked before anything is created in it, and what was opened is compared with
    what was checked. Use the descriptor to create names: a link swapped in later changes nothing.
    """
    top = root.resolve(strict=True)
    current = top
    for part in safe_parts(directory):
        current = current / fitting(part, longest_name(current))
        require_below(top, current.resolve())
        _make(current, mode)
        current = current.resolve(strict=True)
        require_below(top, current)
    descriptor = os.open(current, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if not os.path.samestat(os.fstat(descriptor), os.stat(current.resolve())):
            raise PathRefused()
        yield descriptor, current
    finally:
        os.close(descriptor)


def longest_name(folder: int | Path) -> int:
    """Bytes that the file system takes for one name: encrypted shares take far fewer than all others."""
    told = os.statvfs(folder).f_namemax
    return told if SHORTEST <= told < LONGEST else LONGEST


def _make(folder: Path, mode: int) -> None:
    """A folder that is there already keeps its mode; a group that a new one inherits goes on being inherited."""
    try:
        folder.mkdir(mode)
    except FileExistsError:
        return
    with without_modes():
        folder.chmod(mode | folder.stat().st_mode & stat.S_ISGID)
    above = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sync_folder(above)
    finally:
        os.close(above)
