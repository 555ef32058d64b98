"""Bytes of files of any size, made on the fly from a seed and never stored."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

BLOCK = 1 << 20
STAMP_EVERY = 16 * 1024

# What a file of this kind begins with, so that a client that looks at the first bytes is content.
HEADS = {
    "mkv": b"\x1a\x45\xdf\xa3",
    "webm": b"\x1a\x45\xdf\xa3",
    "mp4": b"\x00\x00\x00\x18ftypisom",
    "m4v": b"\x00\x00\x00\x18ftypM4V ",
    "avi": b"RIFF\x00\x00\x00\x00AVI ",
    "zip": b"PK\x03\x04",
    "rar": b"Rar!\x1a\x07\x01\x00",
    "7z": b"7z\xbc\xaf\x27\x1c",
}
PLAIN_HEAD = b"\x89SIM\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Content:
    """A virtual file. Equal seeds and sizes give equal bytes; other seeds differ in every 64 KiB.

    `flipped` is the offset of one byte that is wrong on purpose.
    """

    seed: str
    size: int
    head: bytes = PLAIN_HEAD
    flipped: int | None = None

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[memoryview]:
        """The bytes from `start` up to but not including `end`, in pieces of at most one block."""
        position = start
        end = self.size if end is None else min(end, self.size)
        while position < end:
            index = position // BLOCK
            begin = index * BLOCK
            stop = min(end, begin + BLOCK)
            yield memoryview(self._block(index))[position - begin : stop - begin]
            position = stop

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        return b"".join(self.pieces(start, end))

    def sha256(self) -> str:
        return _sha256(self)

    def _block(self, index: int) -> bytearray:
        stamp = hashlib.blake2b(f"{self.seed}\0{index}".encode(), digest_size=32).digest()
        turned = int.from_bytes(stamp[:4], "big") % BLOCK
        block = bytearray(_base()[turned : turned + BLOCK])
        for offset in range(0, BLOCK, STAMP_EVERY):
            block[offset : offset + len(stamp)] = stamp
        if index == 0:
            block[: len(self.head)] = self.head
        if self.flipped is not None and self.flipped // BLOCK == index:
            block[self.flipped % BLOCK] ^= 0xFF
        return block


def head_for(name: str) -> bytes:
    """The first bytes that fit a file name's extension."""
    return HEADS.get(name.rpartition(".")[2].lower(), PLAIN_HEAD)


@cache
def _base() -> memoryview:
    """One block of noise, twice: each block of a file begins somewhere else in it."""
    return memoryview(random.Random("flasharr simulator").randbytes(BLOCK) * 2)


@lru_cache(maxsize=1024)
def _sha256(content: Content) -> str:
    digest = hashlib.sha256()
    for piece in content.pieces():
        digest.update(piece)
    return digest.hexdigest()
