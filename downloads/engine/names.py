"""From any remote text to a name, and from names to a path that stays below the download root."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from downloads.engine.errors import PathRefused

LONGEST = 255  # bytes of UTF-8 that every common file system takes for one name
LONGEST_EXTENSION = 32
DEEPEST = 32
NAMELESS = "download"

SEPARATORS = "/\\\u2044\u2215\u29f5\u29f8\u29f9\uff0f\uff3c\ufe68"
FORBIDDEN = '<>:"|?*'  # legal here, but SMB and exFAT mounts refuse them when the file is already complete
DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
REPLACED = str.maketrans({**dict.fromkeys(SEPARATORS + FORBIDDEN, "_"), **dict.fromkeys(DIRECTION, None)})
DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(\.|$)", re.IGNORECASE
)


def safe_name(text: str) -> str:
    """One name for a file or folder: never empty, hidden, a device, or longer than 255 bytes. Idempotent."""
    name = unicodedata.normalize("NFC", text).translate(REPLACED)
    name = "".join(_visible(character) for character in name)
    name = _trimmed(unicodedata.normalize("NFC", name))
    if DEVICE.match(name):
        name = "_" + name
    return fitting(name, LONGEST)


def fitting(name: str, longest: int) -> str:
    """A safe name within so many bytes, for a file system that takes fewer than others."""
    return _trimmed(_shortened(name, longest)) or NAMELESS


def safe_parts(directory: str) -> list[str]:
    """The folders of an untrusted path; empty ones, `.` and `..` are dropped, so it can only lead downwards."""
    parts = [part.strip() for part in re.split(r"[/\\\0]", directory)]
    return [safe_name(part) for part in parts if part.strip(".")][:DEEPEST]


def safe_path(root: Path, directory: str, name: str) -> Path:
    """Where a file belongs below `root`, with symbolic links as they are now. Raises PathRefused.

    Nothing is created. Whoever creates something there opens the folder with `folders.open_folder`, which
    checks again.
    """
    top = root.resolve()
    folder = top.joinpath(*safe_parts(directory)).resolve()
    require_below(top, folder)
    return folder / safe_name(name)


def require_below(root: Path, path: Path) -> None:
    """Both resolved. The part folder of the engine counts as outside."""
    if path != root and root not in path.parents:
        raise PathRefused()


def free_name(name: str, is_taken: Callable[[str], bool], longest: int = LONGEST) -> str:
    """`name`, or the first of `name (2)`, `name (3)`... that is not taken."""
    return next(candidate for candidate in candidates(name, longest) if not is_taken(candidate))


def candidates(name: str, longest: int) -> Iterator[str]:
    """`film.mkv`, `film (2).mkv`, `film (3).mkv`... each within the length limit, as `name` itself is."""
    yield name
    stem, extension = _split(name)
    for number in count(2):
        mark = f" ({number}){extension}"
        yield _cut(stem, longest - len(mark.encode())) + mark


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith("Z") or character in "\t\n\r":
        return " "
    return "" if category in ("Cc", "Cs") else character


def _trimmed(name: str) -> str:
    """Without what Windows drops silently at the end, and without a leading dot that would hide it."""
    return name.strip(". ")


def _split(name: str) -> tuple[str, str]:
    stem, extension = os.path.splitext(name)
    if len(extension.encode()) > LONGEST_EXTENSION:
        return name, ""
    return stem, extension


def _shortened(name: str, limit: int) -> str:
    if len(name.encode()) <= limit:
        return name
    stem, extension = _split(name)
    return _cut(stem, limit - len(extension.encode())) + extension


def _cut(text: str, limit: int) -> str:
    """At most `limit` bytes, not inside a character and not between a letter and its accents."""
    end = len(text.encode()[:limit].decode(errors="ignore"))
    while 0 < end < len(text) and unicodedata.combining(text[end]):
        end -= 1
    return text[:end].rstrip(". ")
