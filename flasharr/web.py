"""The web server: daphne, with a limit on what a stranger may send before anybody has looked at it.

`python -m flasharr.web` takes the arguments of `python -m daphne`. Daphne keeps whole request bodies on the disk, and
Django reads them before it knows who asks; so what is too large is answered here, as soon as it shows.
"""

from __future__ import annotations

import json
import sys
from http import HTTPStatus
from typing import Any

import daphne.server  # first of all: it chooses twisted's reactor
from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings
from twisted.web.http import HTTPChannel

SLACK = 1024 * 1024  # up to here Django itself refuses, in the user's language
SMALL = 64 * 1024
MOST_HELD = 64 * 1024 * 1024
RECEIVED_WITHIN = 60
REFUSED_GOES_WITHIN = 3
SENTENCES = {
    HTTPStatus.BAD_REQUEST: "A WebSocket is opened without a body.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is too large.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too many large requests at once. Try again in a moment.",
}


class Request(WebRequest):  # type: ignore[misc]
    """Counts its body while it arrives; what goes past a limit is answered at once and then dropped unread."""

    def __init__(self, channel: Any, *args: Any) -> None:
        super().__init__(channel, *args, parsePOSTFormSubmission=False)  # Django does that, off the reactor's thread
        self.most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + SLACK
        self.size = 0
        self.refused = False
        self.factory = channel.factory
        channel.setTimeout(RECEIVED_WITHIN)

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - twisted's name
        """`length` is None for a chunked body."""
        too_large = length is not None and length > self.most
        super().gotLength(0 if too_large else length)
        upgrade = (self.requestHeaders.getRawHeaders(b"Upgrade") or [b""])[0].lower()
        if too_large:
            self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif upgrade == b"websocket" and length != 0:
            self.refuse(HTTPStatus.BAD_REQUEST)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        if self.refused:
            return
        self.size += len(data)
        self.factory.held += len(data)
        if self.size > self.most:
            self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif self.size > SMALL and self.factory.held > MOST_HELD:
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            super().handleContentChunk(data)

    def requestReceived(self, *line: bytes) -> None:  # noqa: N802
        if self.refused:
            self.channel.loseConnection()
        else:
            super().requestReceived(*line)

    def refuse(self, status: HTTPStatus) -> None:
        """Answer, then read and drop for a moment: a client that is cut off while it sends never sees the answer."""
        self.refused = True
        self.release()
        self.content.truncate(0)
        self.requestHeaders.removeHeader(b"Expect")  # twisted would ask for the body after all
        self.transport.write(answer(status, self.requestHeaders.getRawHeaders(b"Content-Type")))
        self.channel.setTimeout(REFUSED_GOES_WITHIN)

    def release(self) -> None:
        self.factory.held -= self.size
        self.size = 0

    def finish(self) -> None:
        self.release()
        super().finish()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        self.release()
        super().connectionLost(reason)


def answer(status: HTTPStatus, content_types: list[bytes] | None) -> bytes:
    """A whole response, as JSON to whoever sends JSON."""
    text, kind = SENTENCES[status] + "\n", "text/plain"
    if content_types and content_types[0].startswith(b"application/json"):
        text = json.dumps({"error": {"code": status.name.lower(), "message": SENTENCES[status]}})
        kind = "application/json"
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Type: {kind}; charset=utf-8\r\n"
    return f"{head}Content-Length: {len(text)}\r\n\r\n{text}".encode("ascii")


class Channel(HTTPChannel):
    """A request has RECEIVED_WITHIN to arrive, and a connection as long to begin one. Answers may take their time."""

    def resetTimeout(self) -> None:  # noqa: N802
        """A byte now and then keeps no connection open."""


class Factory(HTTPFactory):  # type: ignore[misc]
    """`held` counts the bytes of all bodies that are not answered yet."""

    protocol = Channel
    held = 0

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
        channel = super().buildProtocol(addr)
        channel.requestFactory = Request
        channel.timeOut = RECEIVED_WITHIN
        return channel


def main(arguments: list[str]) -> None:
    """Serve until told to stop. `arguments` are those of daphne's own command."""
    daphne.server.HTTPFactory = Factory  # there is no other place to name it
    CommandLineInterface().run(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
