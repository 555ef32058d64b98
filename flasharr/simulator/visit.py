"""One request as it came in, with what it is about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.message import Message
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass
class Visit:
    """`target` is the raw request target: `part` its first segment, `path` the decoded rest with a leading slash.

    `client` is the IP address it came from, `node` the number of the listener (0 is the main one).
    `call`, `code`, `account` and `span` are filled in by the part that serves it: the named call, the file or
    folder code, the account's e-mail, and the asked range [start, end) of a file.
    """

    method: str
    target: str
    headers: Message
    body: bytes = b""
    client: str = ""
    node: int = 0
    call: str = ""
    code: str = ""
    account: str = ""
    span: tuple[int, int] | None = None

    @cached_property
    def part(self) -> str:
        return urlsplit(self.target).path.lstrip("/").partition("/")[0]

    @cached_property
    def path(self) -> str:
        return unquote("/" + urlsplit(self.target).path.lstrip("/").partition("/")[2])

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @cached_property
    def fields(self) -> dict[str, Any] | None:
        """The body as JSON or as a form, whatever its content type says; None when it is neither."""
        text = self.body.decode("utf-8", "replace").strip()
        if not text.startswith(("{", "[")):
            return dict(parse_qsl(text, keep_blank_values=True))
        try:
            value = json.loads(text)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    @cached_property
    def cookies(self) -> dict[str, str]:
        pairs = (pair.partition("=") for pair in str(self.headers.get("Cookie", "")).split(";"))
        return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}
