"""Two Linux calls that Python does not offer, and what to do where they are missing."""

from __future__ import annotations

import ctypes
import errno
import os
import threading

AT_FDCWD = -100
RENAME_NOREPLACE = 1
STEP = 256 * 1024 * 1024  # bytes of length given at once where that may mean to write them
NOT_OFFERED = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP})

_library = ctypes.CDLL(None, use_errno=True)
# The plain name takes 32-bit sizes on 32-bit glibc; musl has only the plain name and always 64 bits.
FALLOCATE = "fallocate64" if hasattr(_library, "fallocate64") else "fallocate"


def reserve(descriptor: int, size: int, stop: threading.Event) -> None:
    """Give a file its blocks and its length at once, so that a full disk is known now. Raises OSError.

    Not os.posix_fallocate: where the file system cannot do it, glibc writes into every single block, which
    takes hours on a network share. Here such a file is only given its length, in steps, until `stop`: exFAT and
    encrypted shares fill it with zeros.
    """
    length = os.fstat(descriptor).st_size
    if size <= length:
        return
    try:
        _call(FALLOCATE, descriptor, 0, ctypes.c_int64(0), ctypes.c_int64(size))
    except OSError as error:
        if error.errno not in NOT_OFFERED:
            raise
        while length < size and not stop.is_set():
            length = min(size, length + STEP)
            os.ftruncate(descriptor, length)


def rename_without_replacing(source: str, target: str, *, source_folder: int, target_folder: int) -> None:
    """Raises FileExistsError when the target is there, another OSError when the system cannot promise that."""
    _call(
        "renameat2",
        source_folder,
        os.fsencode(source),
        target_folder,
        os.fsencode(target),
        ctypes.c_uint(RENAME_NOREPLACE),
    )


def _call(name: str, *arguments: object) -> None:
    function = getattr(_library, name, None)
    if function is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), name)
    while function(*arguments) != 0:
        number = ctypes.get_errno()
        if number != errno.EINTR:
            raise OSError(number, os.strerror(number), name)
