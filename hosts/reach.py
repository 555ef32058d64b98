"""Was a server reached at all? What tells a broken line from a broken server. PURE."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from enum import Enum

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError

LOCAL = frozenset({errno.ENETUNREACH, errno.ENETDOWN})


class Reach(Enum):
    NOT_REACHED = "no connection: refused, timed out, an unknown name; the server or the line may be to blame"
    NO_WAY_OUT = "this machine has no route, or no name server answers it: the line is to blame"


def reach_of(error: BaseException) -> Reach | None:
    """What an exception, with all that it carries, says about the line; None when a server was reached."""
    found: Reach | None = None
    for inner in chain(error):
        if isinstance(inner, ssl.SSLError | ProtocolError | requests.ReadTimeout):
            return None
        if isinstance(inner, socket.gaierror) and inner.errno == socket.EAI_AGAIN:
            return Reach.NO_WAY_OUT
        if isinstance(inner, OSError) and inner.errno in LOCAL:
            return Reach.NO_WAY_OUT
        if isinstance(inner, socket.gaierror | NewConnectionError | ConnectTimeoutError | requests.ConnectTimeout):
            found = Reach.NOT_REACHED
    return found


def chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and everything it carries: requests and urllib3 wrap by argument, attribute and context."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        inner = waiting.pop(0)
        if not isinstance(inner, BaseException) or id(inner) in seen:
            continue
        seen.add(id(inner))
        yield inner
        waiting += [inner.__cause__, inner.__context__, getattr(inner, "reason", None), *inner.args]
