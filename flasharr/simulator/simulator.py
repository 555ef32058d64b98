"""The simulator as an object: start it, break it, ask it what happened."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from flasharr.simulator.clock import Clock
from flasharr.simulator.faults import Fault, FaultBook
from flasharr.simulator.journal import Journal
from flasharr.simulator.registry import KINDS
from flasharr.simulator.server import Server
from flasharr.simulator.state import State
from flasharr.simulator.world import Account, File, Folder, World


class Simulator:
    """Fshare's API, web listing and file servers on one port of this machine. Thread-safe.

    `nodes` are further ports for minted addresses, which take turns, so that one of them can fail. `clock` may be one
    that stands still.

    with Simulator() as simulator:
        simulator.add_file("ABC123", "film.mkv", 50_000_000, etag="strong")
        simulator.fault("reset", code="ABC123", at=20_000_000, count=2)
        ...
        assert simulator.journal.max_concurrent("ABC123") == 1
    """

    def __init__(
        self,
        world: World | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        nodes: int = 0,
        clock: Clock | None = None,
    ) -> None:
        if world is None:
            world = World()
            world.add(Account("demo@example.com", "demo-password"))
        clock = clock or Clock()
        self.state = State(world, FaultBook(KINDS, clock), clock)
        self._address, self._node_count = (host, port), nodes
        self._running: dict[int, tuple[Server, threading.Thread]] = {}

    def start(self) -> Self:
        """Listen. Raises OSError when the port is taken."""
        self.state.origin = self._listen(self._address, 0)
        self.state.nodes = [self._listen((self._address[0], 0), node + 1) for node in range(self._node_count)]
        return self

    def stop(self) -> None:
        """Close the port and every connection, also those that stall. Harmless when it is not running."""
        for node in list(self._running):
            self.stop_node(node)

    def stop_node(self, node: int) -> None:
        """Close one file server, numbered from 1: connections to it are refused from now on."""
        server, thread = self._running.pop(node)
        server.stop()
        thread.join()
        server.server_close()
        server.hang_up()

    def _listen(self, address: tuple[str, int], node: int) -> str:
        """Start one more server; where it is."""
        server = Server(address, self.state, node)
        thread = threading.Thread(target=server.serve, name=f"simulator-{node}", daemon=True)
        thread.start()
        self._running[node] = (server, thread)
        host, port = server.server_address[:2]
        return f"http://{host!s}:{port}"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end; "" before the first start."""
        return self.state.origin

    @property
    def world(self) -> World:
        return self.state.world

    @property
    def clock(self) -> Clock:
        return self.state.clock

    @property
    def journal(self) -> Journal:
        return self.state.journal

    def environment(self) -> dict[str, str]:
        """What to set so that Flasharr talks to this simulator with its first account and app key, if any."""
        names = {"FSHARE_API_URL": f"{self.url}/api", "FSHARE_WEB_URL": f"{self.url}/web", "FSHARE_INTERVAL": "0"}
        for app_key, agent in list(self.world.apps.items())[:1]:
            names |= {"FSHARE_APP_KEY": app_key, "FSHARE_USER_AGENT": agent}
        for account in list(self.world.accounts.values())[:1]:
            names |= {"FSHARE_EMAIL": account.email, "FSHARE_PASSWORD": account.password}
        return names | self._search_environment()

    def _search_environment(self) -> dict[str, str]:
        return {
            "TMDB_API_URL": f"{self.url}/tmdb",
            "TMDB_IMAGE_URL": f"{self.url}/images",
            "TMDB_API_KEY": self.world.titles.key,
            "TIMFSHARE_URL": f"{self.url}/timfshare",
        }

    def add_account(self, email: str, password: str, **options: Any) -> Account:
        account = Account(email, password, **options)
        self.world.add(account)
        self.journal.keep_secret(password)
        return account

    def change_password(self, email: str, password: str) -> None:
        """On the website, say: every session of the account ends."""
        self.world.accounts[email.lower()].password = password
        self.journal.keep_secret(password)
        self.state.sessions.end_all(email)

    def add_file(self, code: str, name: str, size: int, **options: Any) -> File:
        """`options` are the other fields of world.File."""
        file = File(code.upper(), name, size, **options)
        self.world.add(file)
        return file

    def add_folder(self, code: str, name: str, items: list[str] | None = None, **options: Any) -> Folder:
        """`items` are codes of files and folders, which may be added later."""
        folder = Folder(code.upper(), name, list(items or []), **options)
        self.world.add(folder)
        return folder

    def direct_url(self, code: str) -> str:
        """A plain address of the file that needs no account and no minting."""
        return f"{self.url}/cdn/file/{code.upper()}/{quote(self.world.files[code.upper()].name, safe='')}"

    def sha256(self, code: str) -> str:
        """Of the file as it is now: a fault may have changed it."""
        return self.world.files[code.upper()].content().sha256()

    def fault(self, name: str, **options: Any) -> Fault:
        """`options` are the fields of faults.Fault: code, account, call, count, at, value ..."""
        return self.state.faults.add(Fault(name, **options))

    def clear_faults(self) -> None:
        self.state.faults.clear()
