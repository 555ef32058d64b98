"""A transfer in a process of its own that can be killed, or kills itself at a chosen system call."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

import requests

from downloads.engine.limits import Limits
from downloads.engine.transfer import Target, Throttle, Transfer
from hosts.base import Source

# What decides about a crash: data and journal reaching the disk, and names coming and going.
DECISIVE = ("pwrite", "fdatasync", "fsync", "replace", "link", "unlink", "rename")


def context() -> ForkServerContext:
    """Children fork from a clean process that has everything imported: 10 ms each, no threads inherited."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__])
    return forks


def start(
    url: str,
    root: Path,
    size: int | None,
    checksum: str | None = None,
    die_at: int = 0,
    directory: str = "",
    connections: int = 1,
) -> ForkServerProcess:
    """`die_at` kills the child just before that decisive system call, counted from 1; 0 lets it live."""
    process = context().Process(target=work, args=(url, root, size, checksum, die_at, directory, connections))
    process.start()
    return process


def work(
    url: str, root: Path, size: int | None, checksum: str | None, die_at: int, directory: str, connections: int
) -> None:
    if die_at:
        arm(die_at)
    source = Source(url, "film.mkv", size, checksum=checksum, max_connections=connections)
    target = Target(root, directory, "film.mkv", "part1")
    with requests.Session() as http:
        Transfer(lambda: source, target, http, stop=threading.Event(), throttle=Throttle(), limits=Limits()).run()


def arm(die_at: int) -> None:
    lock = threading.Lock()
    count = 0

    def deadly(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            with lock:
                count += 1
                if count == die_at:
                    os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **options)

        return call

    for name in DECISIVE:
        setattr(os, name, deadly(getattr(os, name)))
