"""Posters and backdrops from TMDB's image server, kept on a shelf. PURE.

A picture never changes under its path. Only what says that it is a picture and begins like one of that kind is kept and
shown. An SVG, which may hold script, is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import requests

from search.problems import SourceProblem, SourceUnreadable, TitleUnknown
from search.shelf import Store
from search.sources.watch import Watch
from search.tmdb.values import image
from search.wire import Wire

SIZES = ("w92", "w154", "w185", "w300", "w342", "w500", "w780", "w1280")
LARGEST = 4 * 1024 * 1024
KEEP = 90 * 24 * 3600.0  # seconds; TMDB's terms allow six months
FAILED_FOR = 20.0
LABEL = "TMDB's image server"
BEGINNINGS = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/webp": (b"RIFF",),
}


@dataclass(frozen=True, slots=True)
class Picture:
    kind: str
    data: bytes


class Pictures:
    """Thread-safe. `root` is the image server's base address."""

    def __init__(
        self, http: requests.Session, root: str, store: Store, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._wire = Wire(LABEL, http, tries=2)
        self._root, self._store, self._clock = root.rstrip("/"), store, clock
        self._watch = Watch("images", LABEL, clock)
        self._failures: dict[str, float] = {}
        self._lock = Lock()

    def get(self, size: str, path: str) -> Picture:
        """The picture at `path`, which begins with a slash. Raises SourceProblem; ValueError when it cannot be one."""
        if size not in SIZES or not image(path):
            raise ValueError(path)
        key = f"picture {self._root}/{size}{path}"
        if found := self._kept(key):
            return found
        with self._store.only_one(key):
            if found := self._kept(key):
                return found
            self._refuse_again(key)
            try:
                picture = self._watch.run(lambda: self._fetch(f"{self._root}/{size}{path}"))
            except SourceProblem:
                self._remember(key)
                raise
            self._store.put(key, picture.kind.encode() + b"\n" + picture.data, KEEP)
            return picture

    def _kept(self, key: str) -> Picture | None:
        kind, _, data = (self._store.get(key) or b"").partition(b"\n")
        return Picture(kind.decode(), data) if data else None

    def _fetch(self, url: str) -> Picture:
        raw = self._wire.fetch("GET", url, {"Accept": ", ".join(BEGINNINGS)})
        if raw.status == 404:
            raise TitleUnknown(source=LABEL)
        if raw.status != 200 or len(raw.body) > LARGEST or not raw.body.startswith(BEGINNINGS.get(raw.kind, ())):
            raise SourceUnreadable(source=LABEL)
        return Picture(raw.kind, raw.body)

    def _refuse_again(self, key: str) -> None:
        with self._lock:
            if self._failures.get(key, 0.0) > self._clock():
                raise SourceProblem(source=LABEL)

    def _remember(self, key: str) -> None:
        with self._lock:
            now = self._clock()
            self._failures = {old: until for old, until in self._failures.items() if until > now}
            self._failures[key] = now + FAILED_FOR
