"""The whole program as a user starts it: `manage.py up` in a process group of its own, against a simulator."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

ROOT = Path(__file__).resolve().parent.parent
KEY = "key-for-tests-0123456789"
USER, PASSWORD = "an", "mat-khau-rat-dai-1"


class Stack:
    """Start it, talk to it through REST, kill it without warning, start it again on the same data."""

    def __init__(self, folder: Path, environment: dict[str, str], *arguments: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.downloads = folder / "downloads"
        self.log = folder / "up.log"
        self.arguments = arguments
        self.environment = {
            **os.environ,
            "FLASHARR_DATA_DIR": str(folder / "data"),
            "FLASHARR_DOWNLOAD_DIR": str(self.downloads),
            "FLASHARR_ADMIN_USERNAME": USER,
            "FLASHARR_ADMIN_PASSWORD": PASSWORD,
            "FLASHARR_API_KEY": KEY,
            "DJANGO_SETTINGS_MODULE": "flasharr.settings",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Run `up` and wait for its first page."""
        argv = [sys.executable, str(ROOT / "manage.py"), "up", "--port", str(self.port), *self.arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                argv, env=self.environment, stdout=log, stderr=log, start_new_session=True, cwd=ROOT
            )
        until(self.answers, 60, lambda: f"it did not start:\n{self.log.read_text()}")
        return self

    def answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"it ended with {self.process.returncode}:\n{self.log.read_text()}")
        with contextlib.suppress(requests.ConnectionError, requests.Timeout):
            return requests.get(f"{self.url}/health/live", timeout=5).ok
        return False

    def kill(self) -> None:
        """kill -9 of the whole process group; returns when the port is free again."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        until(lambda: port_is_free(self.port), 10)

    def kill_rest(self) -> None:
        """The same for a group that may have been killed, or have killed itself, already."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        until(lambda: port_is_free(self.port), 10)

    def stop(self) -> None:
        """SIGTERM, as Docker and systemd do it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(12)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)

    def api(self, method: str, path: str, body: Any = None, expect: int | None = None) -> Any:
        answer = requests.request(
            method, f"{self.url}/api/v1/{path}", json=body, headers={"X-Api-Key": KEY}, timeout=60
        )
        assert answer.ok if expect is None else answer.status_code == expect, answer.text
        return answer.json() if answer.content else None

    def rows(self) -> list[dict[str, Any]]:
        """All of them, however many pages they fill."""
        items: list[dict[str, Any]] = []
        while True:
            page = self.api("GET", f"downloads?page_size=100&page={len(items) // 100 + 1}")
            items += page["items"]
            if len(items) >= page["total"] or not page["items"]:
                return items

    def manage(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(
            argv, env=self.environment, capture_output=True, text=True, timeout=timeout, check=False, cwd=ROOT
        )

    def processes(self) -> list[int]:
        """Every process of the group, the supervisor first."""
        assert self.process is not None
        group = self.process.pid
        found = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        return sorted(pid for pid in found if group_of(pid) == group)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def group_of(pid: int) -> int:
    with contextlib.suppress(ProcessLookupError):
        return os.getpgid(pid)
    return 0


def command_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def free_port() -> int:
    """Nobody listens there and nobody else is given it; a server of ours may listen, as servers set SO_REUSEADDR."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    port = int(holder.getsockname()[1])
    holder.detach()  # it holds the port for as long as this process lives
    return port


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def until(condition: Callable[[], object], seconds: float = 30, otherwise: Callable[[], str] | None = None) -> None:
    """Wait for something to become true; AssertionError when it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, otherwise() if otherwise else "it did not happen in time"
        time.sleep(0.1)
