"""The file name in a Content-Disposition header (RFC 6266, RFC 5987) as servers really write it. PURE."""

from __future__ import annotations

import re
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header
from urllib.parse import unquote, unquote_to_bytes

PARAMETER = re.compile(r";\s*([\w*-]{1,40})\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;]*)", re.DOTALL)
WORD = re.compile(r"=\?[\w-]{1,40}\?[bq]\?[^?\s]*\?=", re.IGNORECASE)
LONGEST = 4096
CHARSETS = ("utf-8", "iso-8859-1")  # some of Python's other codecs execute escapes or make halves of characters


def file_name(header: str | None) -> str | None:
    """The name a server gives, without folders; still remote text and not safe as a path. None without one.

    requests decodes headers as latin-1; names sent as raw UTF-8 are put right.
    """
    if not header or len(header) > LONGEST:
        return None
    parameters: dict[str, str] = {}
    for match in PARAMETER.finditer(";" + header.partition(";")[2]):
        parameters.setdefault(match[1].lower(), _unquoted(match[2].strip()))
    extended = parameters.get("filename*")
    name = (_extended(extended) if extended else None) or _plain(parameters.get("filename", ""))
    return re.split(r"[/\\]", name)[-1].strip() or None


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        # A backslash escapes quotes and itself; before anything else it is a Windows path.
        return re.sub(r"\\([\"\\])", r"\1", value[1:-1])
    return value


def _extended(value: str) -> str | None:
    """RFC 5987: charset'language'percent-encoded. None when the charset is not known or does not fit."""
    charset, _, rest = value.partition("'")
    _, quote, encoded = rest.partition("'")
    return _decoded(unquote_to_bytes(encoded if quote else value), charset if quote and charset else "utf-8")


def _decoded(raw: bytes, charset: str) -> str | None:
    try:
        return raw.decode(charset) if charset.lower() in CHARSETS else None
    except UnicodeDecodeError:
        return None


def _plain(value: str) -> str:
    with suppress(UnicodeError):  # then it really was latin-1
        value = value.encode("latin-1").decode("utf-8")
    if WORD.search(value):
        return _words(value)
    if re.search(r"%[0-9A-Fa-f]{2}", value):
        try:
            return unquote(value, errors="strict")
        except UnicodeDecodeError:
            return value
    return value


def _words(value: str) -> str:
    """RFC 2047, which is not meant for names but is sent; a word that makes no sense stays as it is."""
    return WORD.sub(_word, re.sub(r"(?<=\?=)\s+(?==\?)", "", value))


def _word(match: re.Match[str]) -> str:
    try:
        [(raw, charset)] = decode_header(match[0])
    except HeaderParseError:
        return match[0]
    return _decoded(raw, charset) or match[0] if isinstance(raw, bytes) and charset else match[0]
