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

    with Simulator() as simulator:
        simulator.add_file("ABC123", "film.mkv", 50_000_000, etag="strong")
        simulator.fault("reset", code="ABC123", at=20_000_000, count=2)
        ...
        assert simulator.journal.max_concurrent("ABC123") == 1
    """

    def __init__(self, world: World | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        if world is None:
            world = World()
            world.add(Account("demo@example.com", "demo-password"))
        self.state = State(world, FaultBook(KINDS))
        self._address = (host, port)
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Listen. Raises OSError when the port is taken."""
        self._server = Server(self._address, self.state)
        host, port = self._server.server_address[:2]
        self.state.origin = f"http://{host!s}:{port}"
        self._thread = threading.Thread(target=self._server.serve, name="simulator", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and every connection, also those that stall. Harmless when it is not running."""
        if self._server is None or self._thread is None:
            return
        self._server.stop()
        self._thread.join()
        self._server.server_close()
        self._server.hang_up()
        self._server = self._thread = None

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
