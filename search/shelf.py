"""Answers kept on disk for a while, in a bounded folder that several processes share. PURE.

One file a key, written aside and renamed; what is torn or too old counts as absent. When the folder outgrows its bound,
what was not read for longest goes first. Nothing in it is precious: it may be deleted at any time.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

LOCK = ".lock"
SWEEP_EVERY = 16  # the folder is measured whenever a 16th of its bound was added
ROOM_AFTER = 0.9  # of the bound, after a sweep


class Store(Protocol):
    """Where answers are kept between requests and processes."""

    def get(self, key: str) -> bytes | None:
        """What was put there, None when there is nothing or its time is over."""

    def put(self, key: str, data: bytes, seconds: float) -> None: ...

    def only_one(self, key: str) -> AbstractContextManager[None]:
        """Held by one thread of one process at a time. Not to be taken while another one is held."""


class Shelf:
    """A Store in a folder of its own. `now` is in epoch seconds. Thread-safe.

    A folder that cannot be written keeps nothing: searching goes on, only slower.
    """

    def __init__(self, folder: Path, most_bytes: int, now: Callable[[], float] = time.time) -> None:
        self._folder, self._most, self._now = folder, most_bytes, now
        self._unmeasured = most_bytes  # so that the first write measures

    def get(self, key: str) -> bytes | None:
        path = self._path(key)
        try:
            head, _, data = path.read_bytes().partition(b"\n")
            until, check = (int(number) for number in head.split(b" "))
        except (OSError, ValueError):
            return None
        if until <= self._now() or check != zlib.crc32(data):
            return None
        with suppress(OSError):
            os.utime(path)
        return data

    def put(self, key: str, data: bytes, seconds: float) -> None:
        if len(data) > self._most // SWEEP_EVERY:
            return
        head = f"{int(self._now() + seconds)} {zlib.crc32(data)}\n".encode()
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, aside = tempfile.mkstemp(dir=self._folder, prefix=".")
            with os.fdopen(descriptor, "wb") as file:
                file.write(head + data)
            Path(aside).replace(self._path(key))
            self._unmeasured += len(data)
            if self._unmeasured > self._most // SWEEP_EVERY:
                self._sweep()

    @contextmanager
    def only_one(self, key: str) -> Iterator[None]:
        """A lock file of the key's own, so that nobody waits for another question's answer."""
        path = self._path(key).with_suffix(LOCK)
        descriptor = _locked(path)
        try:
            yield
        finally:
            if descriptor is not None:
                with suppress(OSError):
                    path.unlink()  # while it is held: see _locked
                os.close(descriptor)  # which ends the lock

    def _path(self, key: str) -> Path:
        return self._folder / hashlib.sha256(key.encode()).hexdigest()

    def _sweep(self) -> None:
        """Measure the folder, and delete what was not read for longest until it fits."""
        self._unmeasured = 0
        kept = []
        for entry in os.scandir(self._folder):
            with suppress(OSError):  # another process sweeps too
                if not entry.name.endswith(LOCK):
                    kept.append((entry.stat().st_mtime, entry.stat().st_size, entry.path))
        total = sum(size for _, size, _ in kept)
        if total <= self._most:
            return
        for _, size, path in sorted(kept):
            with suppress(OSError):
                os.unlink(path)
            total -= size
            if total <= self._most * ROOM_AFTER:
                return


def _locked(path: Path) -> int | None:
    """A descriptor that holds the lock of a file; None where none can be made.

    Whoever held it before has deleted the file: then it locks nobody out any more, and a new one is made.
    """
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:  # a file system without locks
            os.close(descriptor)
            return None
        with suppress(OSError):
            if path.stat().st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        os.close(descriptor)
