"""What folders hold, remembered for a while: a preview, the opening of its folders and the adding are one walk."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection
from typing import TypeVar

from django.core.cache import cache

from hosts import accounts
from hosts.base import Entry, Host
from hosts.links import Link

Known = TypeVar("Known")

KEPT_FOR = 1800


class Listings:
    """The folders of one host, each asked for once. `fresh` ones forget what was remembered."""

    def __init__(self, host: Host, *, fresh: bool = False) -> None:
        self.host = host
        self.context = accounts.context_for(host)
        self.fresh = fresh

    def describe(self, folder: Link) -> Entry:
        """The folder itself: its name. Raises Problem."""
        return self._remembered("name", folder, lambda: self.host.describe(folder, self.context))

    def of(self, folder: Link) -> list[Entry]:
        """What is directly in a folder. Raises Problem, which is never remembered."""
        return self._remembered("content", folder, lambda: self.host.list_folder(folder, self.context))

    def remembers(self, folder: Link) -> bool:
        """Whether `of` answers without asking the host."""
        return not self.fresh and cache_key("content", folder) in cache

    def _remembered(self, what: str, folder: Link, ask: Callable[[], Known]) -> Known:
        known: Known | None = None if self.fresh else cache.get(cache_key(what, folder))
        if known is None:
            known = ask()
            cache.set(cache_key(what, folder), known, KEPT_FOR)
        return known


class Glance:
    """How far a page looks before it is shown; what lies further opens when the user asks for it.

    `ticked` and `opened` are keys of folders: whatever is found in a ticked one is wanted, an opened one is looked
    into, and with `deep` the ticked ones are, with everything below them.
    """

    SECONDS = 3.0
    FILES = 1_000
    LONGEST = 60.0  # seconds that anybody waits for a page

    def __init__(self, *, ticked: Collection[str] = (), opened: Collection[str] = (), deep: bool = False) -> None:
        self.ticked = ticked
        self.opened = opened
        self.deep = deep
        self.began = time.monotonic()
        self.files = 0

    @property
    def is_over(self) -> bool:
        return self.files >= self.FILES or time.monotonic() - self.began >= self.SECONDS

    @property
    def is_too_long(self) -> bool:
        return time.monotonic() - self.began >= self.LONGEST


def cache_key(what: str, folder: Link) -> str:
    """A key that any cache takes; it needs the token of a share, so whoever lacks that does not find the listing."""
    return f"{what}-" + hashlib.sha256(f"{folder.host} {folder.url}".encode()).hexdigest()
