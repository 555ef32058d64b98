"""What all connections of one transfer share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

from downloads.engine.limits import Limits
from downloads.engine.partfile import PartFile
from downloads.engine.throttle import Throttle
from downloads.engine.verify import RunningHash
from hosts.base import Problem


class Halt(threading.Event):
    """Set by itself or through the stop of the whole transfer: ends one round of connections."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self._stop = stop

    def is_set(self) -> bool:
        return super().is_set() or self._stop.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wakes at once by the stop, late by itself: only for short timeouts."""
        return self.is_set() or self._stop.wait(timeout) or self.is_set()


def nothing_known(page: str) -> Problem | None:
    """What most hosts have to say about their pages."""
    return None


def no_checksum() -> str:
    """Nobody gave one meanwhile."""
    return ""


@dataclass
class Tools:
    name: str  # of the finished file
    part: PartFile
    http: requests.Session
    stop: threading.Event
    throttle: Throttle
    limits: Limits
    clock: Callable[[], float] = time.monotonic
    running_hash: RunningHash | None = field(default=None, init=False)
    read_page: Callable[[str], Problem | None] = field(default=nothing_known, init=False)
