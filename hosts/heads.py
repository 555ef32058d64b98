"""Headers come within one time as a whole: a server that drips them holds no thread and no socket for ever. PURE."""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Callable
from http.client import HTTPResponse
from typing import Any


class Hurried(io.RawIOBase):
    """Reads of a socket that end together, `seconds` after the first was begun, until `relax` is called."""

    def __init__(self, reader: socket.SocketIO, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._reader = reader
        self._clock = clock
        self._sock: Any = reader._sock  # type: ignore[attr-defined] # the name under which others look for it
        self._seconds: float | None = self._sock.gettimeout()
        self._until = None if self._seconds is None else clock() + self._seconds

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._reader.fileno()

    def readinto(self, buffer: Any) -> int | None:
        if self._until is not None:
            left = self._until - self._clock()
            if left <= 0:
                raise TimeoutError("timed out")
            self._sock.settimeout(left)
        return self._reader.readinto(buffer)

    def relax(self) -> None:
        """The headers are there; the body has a time of its own for each read."""
        if self._until is not None:
            self._until = None
            self._sock.settimeout(self._seconds)

    def close(self) -> None:
        if not self.closed:
            self._reader.close()
        super().close()


class HurriedResponse(HTTPResponse):
    """The timeout of the socket is the time for its headers, interim answers (1xx) included."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._hurried = Hurried(self.fp.detach())  # type: ignore[arg-type]
        self.fp = io.BufferedReader(self._hurried)

    def begin(self) -> None:
        super().begin()
        self._hurried.relax()
