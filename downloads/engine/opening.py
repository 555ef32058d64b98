"""From an address to an open answer: redirects, timeouts, a stop that does not wait, and failures in words."""

from __future__ import annotations

import errno
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from urllib.parse import urlsplit

import requests

from downloads.engine.errors import ConnectFailed, NetworkProblem, Stalled, WrongAnswer
from downloads.engine.limits import Limits

SECRET_HEADERS = ("Authorization", "Cookie", "Proxy-Authorization", "Referer")


class Interrupted(Exception):
    """The stop event was set. Never leaves the engine."""


def open_answer(
    session: requests.Session, url: str, headers: Mapping[str, str], limits: Limits, stop: threading.Event
) -> requests.Response:
    """The answer to a GET, headers read and body untouched; the caller closes it.

    Connecting and waiting for headers happen in a thread that is left behind when `stop` is set or the time is
    over: it closes what it gets by itself and follows no further redirect, and a guarded session bounds how long
    it waits for one answer's headers as a whole. Raises NetworkProblem, Interrupted, or the LinkRefused of a
    guarded session.
    """
    server = server_of(url)
    outcome: Future[requests.Response] = Future()
    done, is_left = threading.Event(), threading.Event()
    outcome.add_done_callback(lambda _: done.set())
    arguments = (outcome, session, url, headers, limits, is_left)
    threading.Thread(target=_open, args=arguments, name=f"opening {server}", daemon=True).start()
    patience = limits.connect + limits.answer
    while patience > 0 and not done.wait(limits.tick):
        patience -= limits.tick
        if stop.is_set():
            _leave(outcome, is_left)
            raise Interrupted
    if not done.is_set():
        _leave(outcome, is_left)
        raise Stalled(server=server, seconds=round(limits.connect + limits.answer))
    try:
        return outcome.result()
    except (requests.RequestException, ValueError) as error:  # the latter for a redirect to what is no address
        raise _failure(error, server, limits) from None  # its text holds the secret direct address


def server_of(url: str) -> str:
    """The server's name for sentences; never the path, which holds the secret of a direct address."""
    return urlsplit(url).hostname or "?"


def _open(
    outcome: Future[requests.Response],
    session: requests.Session,
    url: str,
    headers: Mapping[str, str],
    limits: Limits,
    is_left: threading.Event,
) -> None:
    try:
        outcome.set_result(_follow(session, url, headers, limits, is_left))
    except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
        outcome.set_exception(error)


def _leave(outcome: Future[requests.Response], is_left: threading.Event) -> None:
    is_left.set()
    outcome.add_done_callback(_close_unused)


def _close_unused(outcome: Future[requests.Response]) -> None:
    if outcome.exception() is None:
        outcome.result().close()


def _follow(
    session: requests.Session, url: str, headers: Mapping[str, str], limits: Limits, is_left: threading.Event
) -> requests.Response:
    """Prepared without the session, so that no cookie, netrc entry or default header of it goes along.

    `Connection: close` because no connection is used twice here, and because a server that hangs up at the end
    shows at once that nothing more comes.
    """
    ours = {"User-Agent": str(session.headers.get("User-Agent", "Flasharr")), "Connection": "close"}
    asked = requests.Request("GET", url, {**ours, **headers}, auth=lambda request: request).prepare()
    for _ in range(limits.redirects + 1):
        for name in SECRET_HEADERS:
            asked.headers.pop(name, None)
        timeout = (limits.connect, limits.answer)
        response = session.send(asked, stream=True, allow_redirects=False, timeout=timeout)
        if response.next is None:
            return response
        response.close()
        if is_left.is_set():
            raise Interrupted
        asked = response.next
    raise WrongAnswer(server=server_of(url), detail="too many redirects")


def _failure(error: Exception, server: str, limits: Limits) -> NetworkProblem:
    if isinstance(error, requests.ReadTimeout):
        return Stalled(server=server, seconds=round(limits.answer))
    return ConnectFailed(server=server, detail=_cause(error))


def _cause(error: BaseException) -> str:
    """The innermost reason in a few words, without addresses."""
    if isinstance(error, requests.ConnectTimeout):
        return "timed out"
    for inner in _chain(error):
        if isinstance(inner, socket.gaierror):
            return "the name is not known"
        if isinstance(inner, ssl.SSLCertVerificationError):
            return f"its certificate is not valid ({inner.verify_message})"
        if isinstance(inner, ssl.SSLError):
            return "no secure connection could be agreed on"
        if isinstance(inner, OSError) and inner.errno in errno.errorcode and inner.strerror:
            return inner.strerror.lower()
    return "the connection was lost" if isinstance(error, requests.ConnectionError) else "the address is not valid"


def _chain(error: BaseException) -> Iterator[BaseException]:
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
