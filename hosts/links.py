"""Find and normalise links in any text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LinkKind(StrEnum):
    FILE = "file"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Link:
    """A canonical link: two spellings of one file give equal `host` and `code`.

    `url` is the canonical address, share token kept. `code` is what identifies the file at the host.
    """

    host: str
    kind: LinkKind
    code: str
    url: str
