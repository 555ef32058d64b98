"""Is this a file, or a page that says why there is no file?

Hosts answer with status 200 and a page when a limit is reached or a link has died. The content type alone
proves nothing (pages come as octet-stream, films as text/html), so the first bytes decide.
"""

from __future__ import annotations

import re
from pathlib import PurePath

HEAD = 1024  # bytes looked at
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
DATA_TYPES = frozenset({"application/json", "text/json", "application/problem+json"})
# Files that may well begin like a page.
PAGE_NAMES = frozenset(
    "htm html xhtml shtml mht mhtml php asp aspx jsp xml svg opf ncx fb2 md txt vue tpl hbs eml".split()  # noqa: SIM905
)
# Text that sloppy servers declare to be a page although it is not one.
TEXT_NAMES = frozenset(
    "txt nfo srt ass ssa sub vtt csv log md json jsonl ndjson geojson ipynb har m3u m3u8".split()  # noqa: SIM905
)
# Files that are never JSON, whatever the server calls them.
BINARY_NAMES = frozenset(
    "mkv mp4 m4v avi mov wmv flv webm ts m2ts mpg mpeg vob iso img bin exe msi dmg apk pdf epub djvu".split()  # noqa: SIM905
    + "zip rar 7z gz bz2 xz zst tar tgz mp3 flac m4a aac ogg opus wav jpg jpeg png gif webp".split()  # noqa: SIM905
)
MARKUP = re.compile(rb"(?:<!doctype\s+html|<html|<head|<body|<script|<title|<meta|<div|<h1|<p>|<br)", re.IGNORECASE)
PREAMBLE = re.compile(rb"(?:\s|\xef\xbb\xbf|<\?xml[^>]*\?>|<!--.*?-->)*", re.DOTALL)
JSON = re.compile(rb'(?:\{\s*(?:"|\})|\[\s*[\{"])')
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def is_page(head: bytes, content_type: str, name: str) -> bool:
    """Whether the first bytes of a body are a web page or a JSON answer where the file `name` was promised."""
    kind = content_type.partition(";")[0].strip().lower()
    extension = PurePath(name).suffix.lstrip(".").lower()
    if extension not in PAGE_NAMES and _is_markup(head):
        return True
    if not _is_text(head):
        return False
    if kind in PAGE_TYPES and extension not in PAGE_NAMES | TEXT_NAMES:
        return True
    if kind in DATA_TYPES and extension not in TEXT_NAMES:
        return True
    return extension in BINARY_NAMES and JSON.match(head.lstrip(b"\xef\xbb\xbf \t\r\n")) is not None


def _is_markup(head: bytes) -> bool:
    start = PREAMBLE.match(head)
    return MARKUP.match(head, start.end() if start else 0) is not None


def _is_text(head: bytes) -> bool:
    """Printable UTF-8 as far as it goes; an empty body is no page."""
    if not head or CONTROL.search(head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return len(head) == HEAD and error.start >= len(head) - 3  # cut inside a character
    return True
