"""Put on the path of a stack by group_kills.py: kills the process group before a chosen system call of the engine.

Python imports a module of this name when it starts. Only what the engine's own threads call counts.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

# What decides about a crash: data and journal reaching the disk, and names coming and going.
DECISIVE = ("pwrite", "fdatasync", "fsync", "replace", "link", "unlink", "rename")
OURS = ("download-", "connection", "checkpoint", "writing")
_turn = threading.Lock()
_left = int(os.environ.get("KILL_GROUP_BEFORE_CALL", "0"))


def deadly(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        global _left
        if threading.current_thread().name.startswith(OURS):
            with _turn:
                _left -= 1
                if _left == 0:
                    os.killpg(os.getpgrp(), signal.SIGKILL)
        return function(*arguments, **options)

    return call


if _left:
    for name in DECISIVE:
        setattr(os, name, deadly(getattr(os, name)))
