"""Put an answer on the wire, at its pace and to its bitter end."""

from __future__ import annotations

import fcntl
import select
import socket
import struct
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flasharr.simulator.answers import Answer, Ending, Framing
from flasharr.simulator.journal import CLIENT_GONE, COMPLETE, Request

# A capped connection is fed this often, so that a speed looks even and a departed client is noticed soon.
TICK = 0.05
DRAIN_SECONDS = 2.0
# A client that could not take its share for longer than this does not get it faster afterwards.
MOST_CATCHING_UP = 1.0


@dataclass
class Delivery:
    """One body on one connection. `speed()` is the cap in bytes a second at this moment, 0 for none.

    `done()` is called just before the last byte goes out: by the time the client has all of it and asks for more,
    this request no longer counts.
    """

    connection: socket.socket
    answer: Answer
    request: Request
    speed: Callable[[], int]
    done: Callable[[], None]

    def run(self) -> str:
        """Send the body; returns how it ended. After anything but complete the connection must be closed."""
        try:
            return self._send_body()
        except OSError:
            return CLIENT_GONE

    def _send_body(self) -> str:
        cut = self.answer.cut
        for piece in self._paced():
            if cut is None or self.request.bytes_sent + len(piece) < cut.after:
                self._send(piece)
                continue
            before = cut.after - self.request.bytes_sent
            self._send(piece[:before])
            if cut.ending is not Ending.STALL:
                self._break(cut.ending)
                return cut.ending.value
            if is_gone(self.connection, cut.seconds):
                return cut.ending.value
            cut = None
            self._send(piece[before:])
        if cut is not None and not self.answer.body.length:
            return self._cut_nothing(cut.ending, cut.seconds)
        self.done()
        if self.answer.framing is Framing.CHUNKED:
            self.connection.sendall(b"0\r\n\r\n")
        return COMPLETE

    def _cut_nothing(self, ending: Ending, seconds: float | None) -> str:
        """The same for an answer without a body."""
        if ending is Ending.STALL:
            is_gone(self.connection, seconds)
        else:
            self._break(ending)
        return ending.value

    def _paced(self) -> Iterator[memoryview]:
        """The body in pieces that are due now."""
        due = time.monotonic()
        for piece in self.answer.body.pieces():
            while piece:
                rate = self.speed()
                size = max(1, int(rate * TICK)) if rate else len(piece)
                part, piece = piece[:size], piece[size:]
                if rate:
                    due = max(due, time.monotonic() - MOST_CATCHING_UP) + len(part) / rate
                    if is_gone(self.connection, max(0.0, due - time.monotonic())):
                        raise ConnectionResetError
                else:
                    due = time.monotonic()
                yield part

    def _send(self, piece: memoryview) -> None:
        chunked = self.answer.framing in (Framing.CHUNKED, Framing.CHUNKED_OPEN)
        if not piece:
            return
        if chunked:
            self.connection.sendall(b"%x\r\n" % len(piece))
        is_last = self.request.bytes_sent + len(piece) == self.answer.body.length
        rest = piece[:-1] if is_last and not chunked else piece
        while rest:
            sent = self.connection.send(rest)
            self.request.bytes_sent += sent
            rest = rest[sent:]
        if is_last and not chunked:
            self.request.bytes_sent += 1
            self.done()
            self.connection.sendall(piece[-1:])
        if chunked:
            self.connection.sendall(b"\r\n")

    def _break(self, ending: Ending) -> None:
        """What was sent before the cut arrives; then comes a RST or a FIN."""
        if ending is Ending.RESET:
            _drain(self.connection)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def is_gone(connection: socket.socket, seconds: float | None) -> bool:
    """Wait this long, or for ever; True as soon as the other side has left (or the server stops)."""
    until = None if seconds is None else time.monotonic() + seconds
    poller = select.poll()
    poller.register(connection, select.POLLIN)
    while True:
        left = None if until is None else max(0.0, until - time.monotonic())
        if not poller.poll(None if left is None else left * 1000):
            return False
        try:
            if not connection.recv(1, socket.MSG_PEEK):
                return True
        except OSError:
            return True
        # The client has sent its next request early: it is still there, so just wait.
        time.sleep(min(TICK, TICK if left is None else left))
        if left is not None and left <= TICK:
            return False


def _drain(connection: socket.socket) -> None:
    """Wait until the client's kernel has everything: a RST throws away what is still in our buffer."""
    until = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < until:
        waiting = struct.unpack("i", fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, b"\0\0\0\0"))[0]
        if not waiting:
            return
        time.sleep(0.001)
