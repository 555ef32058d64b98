"""Checksums that a host or a user gave, computed while the bytes pass or from the disk afterwards."""

from __future__ import annotations

import hashlib
import threading

from downloads.engine.errors import ChecksumMismatch
from downloads.engine.opening import Interrupted
from downloads.engine.partfile import PartFile
from hosts.base import LinkRefused
from hosts.checksums import Checksum

BLOCK = 1024 * 1024


def readable(text: str) -> Checksum:
    """Raises ChecksumMismatch: what cannot be checked does not match."""
    try:
        return Checksum.parse(text)
    except LinkRefused as problem:
        raise ChecksumMismatch(problem.sentence, checksum=text[:150]) from None


class RunningHash:
    """Follows bytes written in order from the start. Those that came out of order it reads from the disk at the end."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm = algorithm
        self._hash = hashlib.new(algorithm, usedforsecurity=False)
        self._position = 0

    def update(self, view: memoryview, position: int) -> None:
        """Only the writer of the segment at our position gets past the comparison, so there is no race."""
        if position == 0:
            self._hash = hashlib.new(self.algorithm, usedforsecurity=False)
            self._position = 0
        if position == self._position:
            self._hash.update(view)
            self._position += len(view)

    def result(self, part: PartFile, size: int, stop: threading.Event) -> str:
        """The hex digest of the whole file. Raises Interrupted when stopped while reading the disk."""
        if self._position > size:  # of a longer file that this one has replaced
            self._hash, self._position = hashlib.new(self.algorithm, usedforsecurity=False), 0
        while self._position < size:
            if stop.is_set():
                raise Interrupted
            piece = part.read(min(BLOCK, size - self._position), self._position)
            if not piece:
                break
            self._hash.update(piece)
            self._position += len(piece)
        return self._hash.hexdigest()


def verify(part: PartFile, size: int, checksum: Checksum, running: RunningHash | None, stop: threading.Event) -> None:
    """Raises ChecksumMismatch, or Interrupted when stopped while reading the disk."""
    if running is None or running.algorithm != checksum.algorithm:
        running = RunningHash(checksum.algorithm)
    if running.result(part, size, stop) != checksum.digest:
        raise ChecksumMismatch()
