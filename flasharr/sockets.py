"""Who may open a socket: only pages of this very site, whatever FLASHARR_ALLOWED_HOSTS lets in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier


class SameOrigin:
    """Refuses a socket whose Origin is not the host it was opened to.

    X-Forwarded-Host may stand for the host behind a proxy that changes it: no script can send that header.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        headers = {name.lower(): value.decode("latin1") for name, value in scope.get("headers", [])}
        origin = urlsplit(headers.get(b"origin", "")).netloc.lower()
        hosts = {headers.get(name, "").lower() for name in (b"host", b"x-forwarded-host")}
        allowed = bool(origin) and origin in hosts
        return await (self.application if allowed else WebsocketDenier())(scope, receive, send)
