"""The socket below an answer, read directly: no copy in between, and never deaf to the stop event.

http.client's own reader cannot be used again after a timeout. Here every read waits at most one tick, so that
a silent server costs a stop less than a second, and a limit without bytes is measured by us.
"""

from __future__ import annotations

import io
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

import requests

from downloads.engine.errors import CutShort, Stalled
from downloads.engine.limits import Limits
from downloads.engine.opening import Interrupted
from downloads.engine.pace import Pace

HELD_BACK = 36 * 1024  # more than the record of TLS that OpenSSL may have taken from the kernel in part


class Wire:
    """Bytes of one connection from the end of the headers on."""

    def __init__(
        self,
        response: requests.Response,
        server: str,
        stop: threading.Event,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
        pace: Pace | None = None,
    ) -> None:
        reader: Any = response.raw._fp.fp  # type: ignore[union-attr] # the BufferedReader of http.client
        self._socket: socket.socket = reader.raw._sock
        self._server = server
        self._stop = stop
        self._limits = limits
        self._clock = clock
        self._pace = pace or Pace(limits)
        self.left: int | None = None  # bytes that the body has still to bring, where that is known
        self._early = memoryview(_drained(reader, self._socket))
        self._low_water = 1
        self._is_secure = isinstance(self._socket, ssl.SSLSocket)
        if isinstance(self._socket, ssl.SSLSocket):
            # An end without a goodbye must not look like the end.
            self._socket.suppress_ragged_eofs = False  # type: ignore[attr-defined]
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)

    def receive(self, view: memoryview) -> int:
        """At least one byte into `view`; 0 when the server closed. Raises Stalled, TooSlow, CutShort or Interrupted."""
        if self._early:
            count = min(len(view), len(self._early))
            view[:count] = self._early[:count]
            self._early = self._early[count:]
            return count
        asked = since = self._clock()  # silence before this was ours: a speed limit, a slow disk
        while not self._stop.is_set():
            try:
                received = self._gather(view) if self._is_secure else self._collect(view)
            except OSError as error:
                raise CutShort(server=self._server) from error
            now = self._clock()
            if received is None and now - asked >= self._limits.stall:
                raise Stalled(server=self._server, seconds=round(self._limits.stall))
            if received != 0:
                self._pace.note(now - since, received or 0, self.left, self._server)
            if received is not None:
                return received
            since = now
        raise Interrupted

    def wake_at(self, count: int) -> None:
        """Let the kernel collect about `count` bytes before it wakes us: on a real line that halves the CPU."""
        count = max(1, count - HELD_BACK if self._is_secure else count)
        if count != self._low_water:
            self._low_water = count
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, count)

    def has_more(self, seconds: float) -> bool:
        """Whether a byte follows within this time, or the server closes first."""
        if self._early:
            return True
        self.wake_at(1)
        self._poll.poll(seconds * 1000)
        try:
            return self._socket.recv_into(bytearray(1)) > 0
        except OSError:
            return False

    def _collect(self, view: memoryview) -> int | None:
        """One read of a plain socket; None when a tick passed without a byte.

        The poll waits for the low-water mark; the read takes what there is, also when it is less.
        """
        self._poll.poll(self._limits.tick * 1000)
        try:
            return self._socket.recv_into(view)
        except BlockingIOError:
            return None

    def _gather(self, view: memoryview) -> int | None:
        """TLS gives one record of 16 KiB at a time: take all that have come, then wait for at most a tick."""
        filled = 0
        try:
            while filled < len(view) and (count := self._socket.recv_into(view[filled:])):
                filled += count
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            if filled:
                return filled
            self._poll.poll(self._limits.tick * 1000)
            return None
        except OSError:
            if not filled:
                raise  # otherwise the next read meets it again
        return filled


def _drained(reader: io.BufferedReader, connection: socket.socket) -> bytes:
    """What http.client has read beyond the headers. The socket no longer blocks from here on."""
    connection.settimeout(0)
    try:
        return reader.peek()
    except (ssl.SSLWantReadError, OSError):  # nothing is there yet; a broken line shows at the first read
        return b""
