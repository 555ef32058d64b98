"""One command that starts everything: checks, migrates, prepares the first run, then hands over to the supervisor."""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.utils import DatabaseError

from flasharr import demo, first_run, running_demo, static_files

REFUSED = 2


class Command(BaseCommand):
    help = "Start Flasharr: the web server and the workers, restarted when they die, stopped together."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8484, help="port to listen on (default 8484)")
        parser.add_argument("--demo", action="store_true", help="try it without an account, on a built-in host")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if options["demo"] and not settings.FLASHARR["DEMO"]:
            demo.enter([sys.executable, *sys.argv])
        require_port(host, port)
        require_folder("data directory", settings.FLASHARR["DATA_DIR"], "FLASHARR_DATA_DIR")
        require_folder("download folder", settings.FLASHARR["DOWNLOAD_DIR"], "FLASHARR_DOWNLOAD_DIR")
        migrate()
        static_files.collect()
        code = first_run.prepare()
        announce(host, port, code)
        connection.close()
        if settings.FLASHARR["DEMO"]:
            running_demo.leave_note(settings.FLASHARR["DATA_DIR"])
        else:
            running_demo.remove_note(settings.FLASHARR["DATA_DIR"])
        supervise(children(host, port))


def require_port(host: str, port: int) -> None:
    """Raises CommandError when the address is taken or not ours."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(
            f"Cannot listen on {host}:{port}: {reason}. Choose another with --host and --port.",
            returncode=REFUSED,
        ) from error


def require_folder(what: str, path: Path, variable: str) -> None:
    """Make a folder when it is missing and prove that it can be written. Raises CommandError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise CommandError(
            f"The {what} {path} cannot be written: {error.strerror}. Correct its permissions or set {variable}.",
            returncode=REFUSED,
        ) from error


def migrate() -> None:
    """Bring the database up to date. Raises CommandError when it cannot be opened."""
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise CommandError(
            f"The database cannot be used: {error}. Restore a backup, or check DATABASE_URL.",
            returncode=REFUSED,
        ) from error


def announce(host: str, port: int, code: str | None) -> None:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    print(f"Flasharr is starting on http://{shown}:{port}{settings.FORCE_SCRIPT_NAME or ''}/")
    if settings.FLASHARR["DEMO"]:
        print(demo.welcome())
    if code:
        print(f"First run: open the page and enter this one-time code: {code}")
    sys.stdout.flush()


def children(host: str, port: int) -> list[tuple[str, list[str]]]:
    """The processes to supervise, as (name, argv)."""
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    web = [sys.executable, "-m", "flasharr.web", "-v", "0", "--no-server-name", "-b", host, "-p", str(port)]
    processes = [("web", [*web, "flasharr.asgi:application"]), ("worker", [*manage, "worker"])]
    if settings.FLASHARR["DEMO"]:
        processes.append(("simulator", [*manage, *demo.simulate_arguments()]))
    return processes


def supervise(processes: list[tuple[str, list[str]]]) -> None:
    """Become the supervisor: same process, without the memory that Django takes."""
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH")]))
    os.environ["FLASHARR_DATA_DIR"] = str(settings.FLASHARR["DATA_DIR"])
    os.environ["FLASHARR_DOWNLOAD_DIR"] = str(settings.FLASHARR["DOWNLOAD_DIR"])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flasharr.settings")
    os.execv(sys.executable, [sys.executable, "-m", "flasharr.supervisor", json.dumps(processes)])  # noqa: S606
