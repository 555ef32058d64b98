"""A real proxy on loopback: plain HTTP and CONNECT, or SOCKS 5, a thread for each connection."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hosts.proxy import Proxy

PIECE = 64 * 1024


@dataclass
class RealProxy:
    """`asked` holds what each connection wanted; `names` leads names elsewhere, as a proxy's own look-up does."""

    scheme: str = "http"
    username: str = ""
    password: str = ""
    refuses: bool = False
    asked: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    @property
    def proxy(self) -> Proxy:
        return Proxy(self.scheme, "127.0.0.1", self.port, self.username, self.password)

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, client: socket.socket) -> None:
        with client, suppress(OSError, EOFError):
            self.http(client) if self.scheme == "http" else self.socks(client)

    def http(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += some(client)
        self.heads.append(head)
        first, *lines = head.split(b"\r\n\r\n")[0].split(b"\r\n")
        method, target, _ = first.decode().split(" ")
        self.asked.append(f"{method} {target}")
        secret = base64.b64encode(f"{self.username}:{self.password}".encode())
        if self.username and b"Proxy-Authorization: Basic " + secret not in lines:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        elif self.refuses:
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        elif method == "CONNECT":
            name, _, port = target.rpartition(":")
            self.join(client, name, int(port), b"HTTP/1.1 200 Go on\r\nX: y\r\n\r\n")
        else:
            parts = urlsplit(target)
            path = target.partition(parts.netloc)[2].encode()
            kept = [line for line in lines if not line.lower().startswith(b"proxy-")]
            begun = b"\r\n".join([f"{method} ".encode() + path + b" HTTP/1.1", *kept, b"", b""])
            self.join(client, parts.hostname or "", parts.port or 80, b"", begun)

    def join(self, client: socket.socket, name: str, port: int, answer: bytes, begun: bytes = b"") -> None:
        try:
            server = socket.create_connection((self.names.get(name, name), port), 10)
        except OSError:
            client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        client.sendall(answer)
        server.sendall(begun)
        both_ways(client, server)

    def socks(self, client: socket.socket) -> None:
        _, count = exactly(client, 2)
        wanted = 2 if self.username else 0
        if wanted not in exactly(client, count):
            client.sendall(b"\x05\xff")
            return
        client.sendall(bytes([5, wanted]))
        if wanted:
            exactly(client, 1)
            given = [exactly(client, exactly(client, 1)[0]).decode() for _ in range(2)]
            if given != [self.username, self.password]:
                client.sendall(b"\x01\x01")
                return
            client.sendall(b"\x01\x00")
        *_, kind = exactly(client, 4)
        raw = exactly(client, {1: 4, 4: 16}.get(kind) or exactly(client, 1)[0])
        name = raw.decode() if kind == 3 else socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6, raw)
        port = int.from_bytes(exactly(client, 2), "big")
        self.asked.append(f"{name}:{port}")
        if self.refuses:
            client.sendall(b"\x05\x02\x00\x01" + bytes(6))
            return
        try:
            server = socket.create_connection((self.names.get(name, name), port), 10)
        except OSError:
            client.sendall(b"\x05\x05\x00\x01" + bytes(6))
            return
        client.sendall(b"\x05\x00\x00\x01" + bytes(6))
        both_ways(client, server)


def some(connection: socket.socket) -> bytes:
    piece = connection.recv(PIECE)
    if not piece:
        raise EOFError
    return piece


def exactly(connection: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        piece = connection.recv(count - len(got))
        if not piece:
            raise EOFError
        got += piece
    return got


def both_ways(client: socket.socket, server: socket.socket) -> None:
    back = threading.Thread(target=pump, args=(server, client), daemon=True)
    back.start()
    pump(client, server)
    back.join(60)
    server.close()


def pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def running(scheme: str = "http", username: str = "", password: str = "", **options: object) -> Iterator[RealProxy]:
    proxy = RealProxy(scheme, username, password, **options)  # type: ignore[arg-type]
    threading.Thread(target=proxy.serve, daemon=True).start()
    try:
        yield proxy
    finally:
        with suppress(OSError):
            proxy.listener.shutdown(socket.SHUT_RDWR)
        proxy.listener.close()
