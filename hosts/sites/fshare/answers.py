"""One tolerant reading of whatever Fshare answers: numbers as strings, wrapped payloads, pages instead of JSON.

Its limits: a body is read to wire.LARGEST bytes within wire.LONGEST seconds, and nested at most DEEPEST times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hosts.base import encodable
from hosts.sites.fshare.xml_answers import read_xml

DEEPEST = 32  # levels of objects and lists; real answers have four
WRAPPERS = ("data", "user", "file")
NUMBER = re.compile(r"\s*-?\d{1,19}\s*", re.ASCII)
LARGEST = 2**63 - 1  # what a database takes for a whole number
LISTS = ("items", "data", "files", "folders")


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is the parsed JSON, None when there is none; `text` is the beginning of the body as it came.

    Both may hold a session, so repr shows neither.
    """

    status: int
    body: Any = field(repr=False)
    text: str = field(repr=False)
    retry_after: float | None = None

    @property
    def fields(self) -> Mapping[str, Any]:
        """The object in the answer, taken out of its wrappers when it has any."""
        found: dict[str, Any] = {}
        layer = self.body
        while isinstance(layer, dict):
            found = {**layer, **found}
            layer = next((layer[name] for name in WRAPPERS if isinstance(layer.get(name), dict)), None)
        return found

    @property
    def items(self) -> list[Mapping[str, Any]] | None:
        """The list in the answer, bare or wrapped, None when there is none."""
        found = self.body
        if isinstance(found, dict):
            found = next((self.fields[name] for name in LISTS if isinstance(self.fields.get(name), list)), None)
        if not isinstance(found, list):
            return None
        return [item for item in found if isinstance(item, dict)]

    @property
    def code(self) -> int | str | None:
        """The code in the body: a number, also when sent as a string, or one of Fshare's words in lower case."""
        code = self.fields.get("code")
        number = whole(code)
        if number is not None or not isinstance(code, str):
            return number
        return code.strip().lower() or None

    @property
    def message(self) -> str:
        """What a person would read: the message of a JSON answer, else the page."""
        if self.body is None:
            return self.text
        return " ".join(str(self.fields[name]) for name in ("msg", "message") if name in self.fields)


def decoded(body: bytes, declared: str | None = None) -> str:
    """The text of a body: as what JSON may be written in, else in the charset it `declared`; the rest is \ufffd."""
    guessed = json.detect_encoding(body)
    for charset in filter(None, (guessed, declared)):
        try:
            return body.decode(charset)
        except (UnicodeError, LookupError):
            continue
    return body.decode("utf-8", errors="replace")


def read_body(text: str) -> Any:
    """The JSON in a text, or XML as if it were JSON; None when it is something else, and `null` counts as nothing.

    What its strings hold can be stored and sent on: escapes like \\ud800 are no characters.
    """
    try:
        return _encodable(json.loads(text))
    except (ValueError, RecursionError):
        return read_xml(encodable(text))


def _encodable(value: Any, depth: int = 0) -> Any:
    """Raises ValueError for what is nested too deeply to be an answer."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, list):
        return [_encodable(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {encodable(name): _encodable(item, depth + 1) for name, item in value.items()}
    return value


def whole(value: object) -> int | None:
    """A whole number of at most 63 bits, also one sent as a string; None for all else ("5 MB" is a rounded guess)."""
    match value:
        case bool():
            return None
        case int():
            number = value
        case float() if value.is_integer():
            number = int(value)
        case str() if NUMBER.fullmatch(value):
            number = int(value)
        case _:
            return None
    return number if abs(number) <= LARGEST else None


def truth(value: object) -> bool:
    """A yes in any of Fshare's spellings; for `pwd` any text but these is a password's hash, so a yes."""
    return value not in (None, False, 0, "", "0", "false", "False", "null")
