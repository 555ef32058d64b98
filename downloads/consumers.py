from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer

from downloads import live
from downloads.audience import NOT_SIGNED_IN, audience


class QueueConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Joins, relays, leaves. The page says in `since` which change it knows as the newest."""

    language: str | None = None
    session_key = ""

    async def connect(self) -> None:
        await self.accept()
        if not self.scope["user"].is_authenticated:
            await self.close(NOT_SIGNED_IN)
            return
        self.session_key = self.scope["session"].session_key
        audience.enter(self)
        self.language = self.scope["url_route"]["kwargs"]["language"]
        await self.channel_layer.group_add(live.group(self.language), self.channel_name)
        if live.ticker.join(self.language, since(self.scope["query_string"])):
            await self.send(live.relist())

    async def disconnect(self, code: int) -> None:
        audience.leave(self)
        if self.language is not None:
            live.ticker.leave(self.language)
            await self.channel_layer.group_discard(live.group(self.language), self.channel_name)

    async def queue_changed(self, event: dict[str, Any]) -> None:
        await self.send(event["html"])


def since(query: bytes) -> int:
    """The version in the query; 0, which has missed everything, when there is none."""
    with suppress(ValueError):
        return int(parse_qs(query.decode("ascii", "replace")).get("since", ["0"])[0])
    return 0
