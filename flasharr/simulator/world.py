"""What exists in the simulated Fshare: accounts, files, folders, and the rules of the place."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flasharr.simulator.content import Content, head_for
from flasharr.simulator.titles.catalogue import Titles

HOUR = 3600
DAY = 24 * HOUR


@dataclass
class Account:
    """`vip_until` is in epoch seconds, "Forever", or None for a free account.

    `login_error` is a key of accounts.LOGIN_ERRORS: signing in always fails that way.
    `shape` is how user/get writes the answer: strings, ints, nested or level (which leaves the VIP fields out).
    `speed` is shared by all its transfers. `quota` is in bytes a day, until midnight in Vietnam; above it comes a page
    or, with `over_quota` slow, 200 kB/s.
    """

    email: str
    password: str
    kind: str = "Vip"
    vip_until: float | str | None = field(default_factory=lambda: time.time() + 365 * DAY)
    login_error: str = ""
    max_connections: int = 0
    speed: int = 0
    quota: int = 0
    over_quota: str = "page"
    shape: str = "strings"
    info: dict[str, Any] = field(default_factory=dict)

    def is_vip(self, now: float) -> bool:
        if self.vip_until is None:
            return False
        return isinstance(self.vip_until, str) or self.vip_until > now


@dataclass
class File:
    """`size` is in bytes; `speed` in bytes a second for one connection, 0 for no cap.

    `etag` is none, strong or weak. `disposition` is a key of cdn.DISPOSITIONS. `accept_ranges` is the header's
    value, "" to leave it out; `ranges` says whether ranges really work. `dead` is a key of dead.SHAPES, "" while
    it lives. `revision` numbers the bytes, `validator` the ETag and the date: a file may change without telling.
    """

    code: str
    name: str
    size: int
    password: str = ""
    token: str = ""
    dead: str = ""
    vip_only: bool = False  # for the website's free download
    speed: int = 0
    etag: str = "none"
    last_modified: bool = False
    disposition: str = "none"
    accept_ranges: str = "bytes"
    ranges: bool = True
    content_type: str = "application/octet-stream"
    revision: int = 0
    validator: int = 0

    def content(self) -> Content:
        return Content(f"{self.code}/{self.revision}", self.size, head_for(self.name))


@dataclass
class Folder:
    """`items` are codes of files and folders, in order; cycles and repeats are allowed."""

    code: str
    name: str
    items: list[str] = field(default_factory=list)
    token: str = ""
    dead: str = ""


@dataclass
class Rules:
    """How the place behaves when sources disagree about it. Times in seconds, speeds in bytes a second."""

    session_ttl: float = 6 * HOUR
    session_slides: bool = True
    single_session: bool = False
    expired: str = "201"  # a key of accounts.EXPIRED
    gate: str = "400"  # 400, 502 or text
    password: str = "200"  # noqa: S105 - the status of a refusal: 200 or 403
    dead: str = "json"  # a key of dead.SHAPES, for codes that never existed
    lock_after: int = 3
    lock_seconds: float = 600
    refresh: bool = True
    v3_dead: str = "http"  # http: status 404; body: 200 with {"status": 404}
    v3_sizes: str = "int"  # int, str or human ("5 MB")
    v3_description: str = "descrption"  # sic: the real key is misspelt; "" leaves it out
    folder_mimetype: str | None = None
    gated: str = "empty"  # a share without its token: empty or 403
    most_rows: int = 0  # a page never has more, whatever was asked for; 0: no such limit
    link_ttl: float = 6 * HOUR
    link_uses: int = 0  # 0: any number
    head_counts: bool = False
    ip_bound: bool = False  # an address serves only the client it was minted for
    ip_connections: int = 0  # transfers for one client address at once, 0: any number
    over_cap: str = "503"  # too many connections: 503, 403 or queue
    web_login: str = "ok"  # ok, or a key of site.PAGES
    web_sessions_full: bool = False
    speed: int = 0
    latency: float = 0.0  # negative: drawn from what was measured at the real API
    tmdb_latency: float = 0.0
    tmdb_per_second: int = 40  # requests; more are answered 429
    timfshare_latency: float = 0.0


@dataclass
class World:
    """`apps` maps an app key to the User-Agent it is bound to."""

    accounts: dict[str, Account] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=dict)
    apps: dict[str, str] = field(default_factory=lambda: {"SimulatedAppKey+0123456789abcdef": "Flasharr-SIMUL8"})
    rules: Rules = field(default_factory=Rules)
    titles: Titles = field(default_factory=Titles)

    def add(self, *things: Account | File | Folder) -> None:
        for thing in things:
            if isinstance(thing, Account):
                self.accounts[thing.email.lower()] = thing
            elif isinstance(thing, File):
                self.files[thing.code.upper()] = thing
            else:
                self.folders[thing.code.upper()] = thing

    def item(self, code: str) -> File | Folder | None:
        return self.files.get(code) or self.folders.get(code)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> World:
        """Read {"accounts": [...], "files": [...], "folders": [...], "apps": {...}, "rules": {...}}.

        Raises ValueError with the culprit when a key or value does not fit.
        """
        if not isinstance(data, Mapping):
            raise ValueError("A world is a JSON object.")
        unknown = set(data) - {"accounts", "files", "folders", "apps", "rules"}
        if unknown:
            raise ValueError(f"A world has no {', '.join(sorted(unknown))}.")
        world = cls()
        try:
            world.add(*(Account(**item) for item in data.get("accounts", [])))
            world.add(*(File(**item) for item in data.get("files", [])))
            world.add(*(Folder(**item) for item in data.get("folders", [])))
            world.rules = Rules(**data.get("rules", {}))
            world.apps = dict(data.get("apps", world.apps))
        except TypeError as error:
            raise ValueError(f"The world does not fit: {error}.") from error
        return world
