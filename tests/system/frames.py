"""A WebSocket read as bytes: what a server sends is not masked, so whatever is in its frames is there to be found."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: http://{host}\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nCookie: {cookie}\r\n\r\n"
)


class Frames:
    """Listens until the block ends; `received` is everything that came."""

    def __init__(self, url: str, path: str, cookie: str) -> None:
        self.received = bytearray()
        parts = urlsplit(url)
        self._line = socket.create_connection((parts.hostname, parts.port or 80), timeout=60)
        self._line.sendall(HANDSHAKE.format(path=path, host=parts.netloc, cookie=cookie).encode())
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with suppress(OSError):
            while piece := self._line.recv(65536):
                self.received += piece

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join(60)
        self._line.close()
