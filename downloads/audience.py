"""Who watches, and whether they still may: a socket must not outlive the session that opened it.

What ends a session in this process (a logout, a changed or removed user) is acted upon at once; what ends one
elsewhere (a command, another process, time) is seen by the next look.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from typing import Any, Protocol

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.signals import user_logged_out
from django.db import DatabaseError, transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

log = logging.getLogger(__name__)

LOOK_EVERY = 30.0
NOT_SIGNED_IN = 4401


class Socket(Protocol):
    """An open connection and the session that it was opened with."""

    session_key: str

    async def close(self, code: int) -> None: ...


class Audience:
    """The open sockets of this process. One task looks after all of them, and lives only while there are any."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()
        self.over: set[str] = set()
        self.task: asyncio.Task[None] | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.awake: asyncio.Event | None = None

    def enter(self, socket: Socket) -> None:
        self.sockets.add(socket)
        if self.task is None or self.task.done():
            self.loop, self.awake = asyncio.get_running_loop(), asyncio.Event()
            self.task = asyncio.create_task(self.look_after(self.awake))

    def leave(self, socket: Socket) -> None:
        self.sockets.discard(socket)
        if not self.sockets and self.task is not None:
            self.task.cancel()
            self.task = None

    def look_soon(self) -> None:
        """From any thread: something has happened to a user."""
        if self.task is not None and self.loop is not None and self.awake is not None:
            with suppress(RuntimeError):  # the loop is closed: the server ends, and all sockets with it
                self.loop.call_soon_threadsafe(self.awake.set)

    def dismiss(self, session_key: str) -> None:
        """From any thread: this session is over, even when its row is still there."""
        if self.task is not None:
            self.over.add(session_key)
            self.look_soon()

    async def look_after(self, awake: asyncio.Event) -> None:
        """Close what may not watch any more, until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(awake.wait(), LOOK_EVERY)
            awake.clear()
            told, self.over = self.over, set()
            over = told | await database_sync_to_async(ended)({socket.session_key for socket in self.sockets} - told)
            for socket in [socket for socket in self.sockets if socket.session_key in over]:
                await socket.close(NOT_SIGNED_IN)


def ended(keys: Iterable[str]) -> set[str]:
    """The sessions that nobody is signed in with: gone, expired, of a user who left or has another password."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    over = set()
    for key in keys:
        request = HttpRequest()
        request.session = store(key)
        try:
            if not get_user(request).is_authenticated:
                over.add(key)
        except DatabaseError as error:
            log.warning("Cannot see whether sessions have ended: %s", error)
    return over


@receiver(user_logged_out)
def on_logout(request: HttpRequest | None, **_: Any) -> None:
    """Comes before the session is removed."""
    key = request.session.session_key if request is not None else None
    if key:
        audience.dismiss(key)


@receiver([post_save, post_delete], sender=settings.AUTH_USER_MODEL)
def on_change(**_: Any) -> None:
    """Another password, no longer active, removed."""
    transaction.on_commit(audience.look_soon)


audience = Audience()
