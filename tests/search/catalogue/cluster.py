"""A PostgreSQL server of our own for as long as it is needed, where its programs are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.stack import free_port

INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))


def programs() -> Path | None:
    """Where initdb and pg_ctl are, the newest of them; None when there are none, or none that we may run."""
    found = shutil.which("initdb") or (str(INSTALLED[-1]) if INSTALLED else None)
    if found is None or (os.geteuid() == 0 and not has_user("postgres")):  # it refuses to run as root
        return None
    return Path(found).resolve().parent


def has_user(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


@contextmanager
def cluster(bin_dir: Path) -> Iterator[str]:
    """Start one in a temporary folder; gives its DATABASE_URL."""
    with tempfile.TemporaryDirectory(prefix="flasharr-postgres-", dir="/tmp") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data, port = f"{folder}/data", free_port()
        run(bin_dir / "initdb", "-D", data, "-U", "flasharr", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
        run(bin_dir / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgres://flasharr@127.0.0.1:{port}/postgres"
        finally:
            run(bin_dir / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def run(*words: object) -> None:
    as_user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False, cwd="/", **as_user)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
