"""Lines that fail before HTTP begins: refused, unanswered, silent, and TLS with anything wrong with it.

Each is a context manager that gives the port (on 127.0.0.1) of such a server.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

UNKNOWN_NAME = "no-such-server.invalid"  # a name that never resolves (RFC 6761)
BACKLOG_FILLERS = 4


@contextmanager
def refused() -> Iterator[int]:
    """Nobody listens there; the port is held, so that nobody else will."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])


@contextmanager
def unanswered() -> Iterator[int]:
    """Connecting takes for ever: the queue of connections is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(BACKLOG_FILLERS)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        try:
            yield int(listener.getsockname()[1])
        finally:
            for filler in fillers:
                filler.close()


@contextmanager
def silent() -> Iterator[int]:
    """Connections are taken and nothing is ever said; as TLS this is a handshake that stalls."""
    with _serving(lambda connection: None) as port:
        yield port


@contextmanager
def tls_front(target_port: int, context: ssl.SSLContext) -> Iterator[int]:
    """TLS in front of a plain server, such as the simulator: bytes go through as they are."""

    def through(connection: socket.socket) -> None:
        with (
            suppress(OSError),
            context.wrap_socket(connection, server_side=True) as outside,
            socket.create_connection(("127.0.0.1", target_port)) as inside,
        ):
            back = threading.Thread(target=_pump, args=(inside, outside), daemon=True)
            back.start()
            _pump(outside, inside)
            back.join(5)

    with _serving(lambda connection: threading.Thread(target=through, args=(connection,), daemon=True).start()) as port:
        yield port


@contextmanager
def _serving(welcome: Callable[[socket.socket], None]) -> Iterator[int]:
    """A listener that hands each connection on and keeps it open until the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):  # the listener was shut down
            while True:
                connection, _ = listener.accept()
                taken.append(connection)
                welcome(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()
        for connection in taken:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Pass bytes on until either side ends."""
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
