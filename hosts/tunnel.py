"""A connection to a server through a proxy: CONNECT (RFC 9110) or SOCKS 5 (RFC 1928, 1929). PURE.

What the proxy says about the server is an OSError as if we had connected ourselves; what is wrong with the proxy
itself is a ProxyProblem.
"""

from __future__ import annotations

import base64
import errno
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

from hosts.proxy import LOST, Proxy, ProxyDown, ProxyLoginRefused, ProxyLost, ProxyRefused

NO_SIGN_IN, SIGN_IN = 0, 2
LONGEST_HEAD = 16 * 1024
ALIEN = "it is no such proxy"
UNREACHABLE = (502, 503, 504)
# What a SOCKS proxy answers about the server.
ERRORS = {1: errno.EHOSTUNREACH, 3: errno.ENETUNREACH, 4: errno.EHOSTUNREACH, 5: errno.ECONNREFUSED, 6: errno.ETIMEDOUT}
NOT_ALLOWED = 2


def reach(proxy: Proxy, timeout: float | None) -> socket.socket:
    """A connection to the proxy itself. Raises ProxyDown or ProxyLost."""
    if proxy == LOST:
        raise ProxyLost()
    try:
        return socket.create_connection((proxy.host, proxy.port), timeout)
    except TimeoutError:
        raise ProxyDown(proxy=proxy.server, detail="timed out") from None
    except (socket.gaierror, UnicodeError):
        raise ProxyDown(proxy=proxy.server, detail="the name is not known") from None
    except OSError as error:
        raise ProxyDown(proxy=proxy.server, detail=(error.strerror or "the connection was lost").lower()) from None


def connect(proxy: Proxy, host: str, port: int, timeout: float | None) -> socket.socket:
    """A connection through the proxy to a server. Raises ProxyProblem, or OSError for the server."""
    opened = reach(proxy, timeout)
    with closed_on_error(opened):
        line = Hurried(opened, timeout)
        if proxy.is_http:
            ask_http(line, proxy, host, port)
        else:
            ask_socks(line, proxy, host, port)
        opened.settimeout(timeout)
    return opened


class Hurried:
    """A socket whose sends and reads end together after `seconds`, so that an answer in drips holds nobody up."""

    def __init__(self, opened: socket.socket, seconds: float | None) -> None:
        self._opened = opened
        self._until = None if seconds is None else time.monotonic() + seconds

    def sendall(self, content: bytes) -> None:
        self._hurry()
        self._opened.sendall(content)

    def recv(self, count: int) -> bytes:
        self._hurry()
        return self._opened.recv(count)

    def _hurry(self) -> None:
        if self._until is None:
            return
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._opened.settimeout(left)


def basic(proxy: Proxy) -> str:
    """The value of Proxy-Authorization; "" without anything to sign in with."""
    if not proxy.username:
        return ""
    return "Basic " + base64.b64encode(f"{proxy.username}:{proxy.password}".encode()).decode("ascii")


def netloc(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def ask_http(opened: Hurried, proxy: Proxy, host: str, port: int) -> None:
    target = netloc(host, port)
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if authorization := basic(proxy):
        lines.append(f"Proxy-Authorization: {authorization}")
    opened.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    status = status_of(read_head(opened, proxy), proxy)
    if status == 407:
        raise ProxyLoginRefused(proxy=proxy.server)
    if status in UNREACHABLE:
        raise unreachable(errno.EHOSTUNREACH)
    if not 200 <= status < 300:
        raise ProxyRefused(proxy=proxy.server, server=host)


def read_head(opened: Hurried, proxy: Proxy) -> bytes:
    """Byte by byte: what follows the empty line belongs to the server."""
    head = bytearray()
    while not head.endswith(b"\r\n\r\n"):
        head += receive(opened, 1, proxy)
        if len(head) > LONGEST_HEAD:
            raise ProxyDown(proxy=proxy.server, detail=ALIEN)
    return bytes(head)


def status_of(head: bytes, proxy: Proxy) -> int:
    words = head.split(b"\r\n", 1)[0].split()
    if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
        raise ProxyDown(proxy=proxy.server, detail=ALIEN)
    return int(words[1])


def ask_socks(opened: Hurried, proxy: Proxy, host: str, port: int) -> None:
    methods = bytes([NO_SIGN_IN, SIGN_IN] if proxy.username else [NO_SIGN_IN])
    opened.sendall(bytes([5, len(methods)]) + methods)
    version, method = receive(opened, 2, proxy)
    if version != 5:
        raise ProxyDown(proxy=proxy.server, detail=ALIEN)
    if method == SIGN_IN and proxy.username:
        sign_in(opened, proxy)
    elif method != NO_SIGN_IN:
        raise ProxyLoginRefused(proxy=proxy.server)
    opened.sendall(b"\x05\x01\x00" + destination(host) + port.to_bytes(2, "big"))
    version, reply, _, kind = receive(opened, 4, proxy)
    if version != 5:
        raise ProxyDown(proxy=proxy.server, detail=ALIEN)
    if reply == NOT_ALLOWED:
        raise ProxyRefused(proxy=proxy.server, server=host)
    if reply:
        raise unreachable(ERRORS.get(reply, errno.EHOSTUNREACH))
    length = {1: 4, 4: 16}.get(kind) or receive(opened, 1, proxy)[0]
    receive(opened, length + 2, proxy)


def sign_in(opened: Hurried, proxy: Proxy) -> None:
    name, password = proxy.username.encode(), proxy.password.encode()
    opened.sendall(bytes([1, len(name)]) + name + bytes([len(password)]) + password)
    if receive(opened, 2, proxy)[1] != 0:
        raise ProxyLoginRefused(proxy=proxy.server)


def destination(host: str) -> bytes:
    """An address as such, a name for the proxy to look up."""
    try:
        ip = ip_address(host)
    except ValueError:
        name = host.encode("idna") if not host.isascii() else host.encode("ascii")
        return bytes([3, len(name)]) + name
    return bytes([1 if ip.version == 4 else 4]) + ip.packed


def receive(opened: Hurried, count: int, proxy: Proxy) -> bytes:
    """Exactly so many bytes. A proxy that hangs up instead is down; silence is the server's, and a TimeoutError."""
    got = bytearray()
    while len(got) < count:
        try:
            piece = opened.recv(count - len(got))
        except TimeoutError:
            raise
        except OSError:
            piece = b""
        if not piece:
            raise ProxyDown(proxy=proxy.server, detail="the connection was lost")
        got += piece
    return bytes(got)


def unreachable(number: int) -> OSError:
    return OSError(number, os.strerror(number))


@contextmanager
def closed_on_error(opened: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        opened.close()
        raise
