"""Checksums as people write them beside a link: `sha256:<hex>`, `MD5: <hex>`, `sha-1=<hex>`. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from hosts.base import LinkRefused, gettext_noop

LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}  # weakest first
SHOWN = 150
ODD = gettext_noop(
    "{checksum} is no checksum that can be checked. Write md5:, sha1:, sha256: or sha512: and all of its hex digits."
)
STRAY = gettext_noop("{checksum} stands before any link. Write a checksum behind the link of its file.")
CONTRADICTS = gettext_noop("{checksum} is not the checksum given for the same file before. Leave only the right one.")
OF_A_FOLDER = gettext_noop("{checksum} stands behind a folder. A checksum belongs to a single file.")
OF_SEVERAL = gettext_noop("A checksum can be given for a single file only.")


@dataclass(frozen=True, slots=True)
class Checksum:
    algorithm: str
    digest: str  # lower-case hex

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `algorithm:hex`. Raises LinkRefused for what cannot be checked."""
        algorithm, _, digest = text.strip().lower().replace("=", ":", 1).partition(":")
        algorithm, digest = algorithm.replace("-", ""), digest.strip()
        if len(digest) != LENGTHS.get(algorithm) or set(digest) - set("0123456789abcdef"):
            raise LinkRefused(ODD, checksum=text[:SHOWN])
        return cls(algorithm, digest)

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.digest}"


def stronger(one: str, other: str) -> str:
    """The better one of two checksums of a file. Raises LinkRefused when they contradict each other, or are odd."""
    first, second = Checksum.parse(one), Checksum.parse(other)
    if first.algorithm == second.algorithm and first.digest != second.digest:
        raise LinkRefused(CONTRADICTS, checksum=other[:SHOWN])
    return str(max(first, second, key=lambda it: LENGTHS[it.algorithm]))


def agreed(written: Iterable[str]) -> str:
    """The best of the checksums given for one file, "" without any. Raises LinkRefused."""
    best = ""
    for text in written:
        best = stronger(best, text) if best else str(Checksum.parse(text))
    return best
