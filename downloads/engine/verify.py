"""Checksums that a host or a user gave, computed while the bytes pass or from the disk afterwards."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import Self

from downloads.engine.errors import ChecksumMismatch
from downloads.engine.opening import Interrupted
from downloads.engine.partfile import PartFile
from hosts.base import gettext_noop

LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}
BLOCK = 1024 * 1024
UNKNOWN = gettext_noop("The checksum {checksum} cannot be checked. Give it as md5:, sha1:, sha256: or sha512: and hex.")


@dataclass(frozen=True, slots=True)
class Checksum:
    algorithm: str
    digest: str  # lower-case hex

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `algorithm:hex`. Raises ChecksumMismatch: what cannot be checked does not match."""
        algorithm, _, digest = text.strip().lower().partition(":")
        algorithm, digest = algorithm.replace("-", ""), digest.strip()
        if len(digest) != LENGTHS.get(algorithm) or set(digest) - set("0123456789abcdef"):
            raise ChecksumMismatch(UNKNOWN, checksum=text[:150])
        return cls(algorithm, digest)


class RunningHash:
    """Follows bytes written in order from the start; a gap or a jump makes it useless, never wrong."""

    def __init__(self, algorithm: str) -> None:
        self._algorithm = algorithm
        self._hash = hashlib.new(algorithm, usedforsecurity=False)
        self._position = 0

    def update(self, view: memoryview, position: int) -> None:
        if position == 0:
            self._hash = hashlib.new(self._algorithm, usedforsecurity=False)
            self._position = 0
        if position == self._position:
            self._hash.update(view)
            self._position += len(view)

    def result(self, size: int) -> str | None:
        """The hex digest of the whole file, None when not every byte passed here."""
        return self._hash.hexdigest() if self._position == size else None


def verify(part: PartFile, size: int, checksum: Checksum, running: RunningHash | None, stop: threading.Event) -> None:
    """Raises ChecksumMismatch, or Interrupted when stopped while reading the disk."""
    digest = running.result(size) if running else None
    if digest is None:
        digest = _hash_of(part, size, checksum.algorithm, stop)
    if digest != checksum.digest:
        raise ChecksumMismatch()


def _hash_of(part: PartFile, size: int, algorithm: str, stop: threading.Event) -> str:
    running = hashlib.new(algorithm, usedforsecurity=False)
    for position in range(0, size, BLOCK):
        if stop.is_set():
            raise Interrupted
        running.update(part.read(min(BLOCK, size - position), position))
    return running.hexdigest()
