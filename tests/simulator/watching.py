"""A client that says exactly what came over the line and how it ended."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 60.0
# For answers that are meant to stall: long enough for what comes before.
SHORT_PATIENCE = 0.4


@dataclass
class Seen:
    """`ended` is complete, reset, short (the line closed early) or silent (open, and nothing more came)."""

    status: int
    headers: dict[str, str]
    body: bytes
    ended: str

    def json(self) -> Any:
        return json.loads(self.body)


def fetch(
    url: str,
    headers: dict[str, str] | None = None,
    method: str = "GET",
    body: bytes | None = None,
    *,
    stalls: bool = False,
) -> Seen:
    """One request on a line of its own, without any tolerance for a server's mistakes.

    `stalls` says that the answer is expected to, so that the wait for it may be short.
    """
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=SHORT_PATIENCE if stalls else PATIENCE)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, body=body, headers=headers or {})
        response = connection.getresponse()
        received, ended = _read(response)
        return Seen(response.status, {k.lower(): v for k, v in response.getheaders()}, received, ended)
    finally:
        connection.close()


def fetch_json(
    url: str, value: Any, method: str = "POST", headers: dict[str, str] | None = None, *, stalls: bool = False
) -> Seen:
    sent = {"Content-Type": "application/json", **(headers or {})}
    return fetch(url, sent, method, json.dumps(value).encode(), stalls=stalls)


def _read(response: http.client.HTTPResponse) -> tuple[bytes, str]:
    received = bytearray()
    try:
        while piece := response.read1(65536):
            received += piece
    except ConnectionResetError:
        return bytes(received), "reset"
    except TimeoutError:
        return bytes(received), "silent"
    except (http.client.IncompleteRead, ValueError):
        return bytes(received), "short"
    # read1 gives b"" at an early end of the line too: what is still missing tells.
    return bytes(received), "short" if response.length else "complete"
