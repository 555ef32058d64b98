"""The web server in a process of its own, as `up` starts it, and somebody who is signed in to read its pages."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

import django
import requests

from flasharr.simulator import Simulator

PORT = 18_484
ROOT = f"http://127.0.0.1:{PORT}"


@contextmanager
def served(simulator: Simulator) -> Iterator[dict[str, str]]:
    """Serve an empty installation that asks the simulator; gives the cookies of its only user.

    Django is set up for the same database in this process.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= simulator.environment() | {
            "FLASHARR_DATA_DIR": folder,
            "FLASHARR_ALLOWED_HOSTS": "*",
            "DJANGO_SETTINGS_MODULE": "flasharr.settings",
        }
        django.setup()
        cookies = signed_in(Path(folder))
        argv = [sys.executable, "-m", "flasharr.web", "-v", "0", "-b", "127.0.0.1", "-p", str(PORT)]
        with (Path(folder) / "log").open("ab") as log:
            server = subprocess.Popen([*argv, "flasharr.asgi:application"], stdout=log, stderr=log)
        try:
            wait_for(server)
            yield cookies
        finally:
            server.terminate()
            server.wait()


def signed_in(folder: Path) -> dict[str, str]:
    """The cookies of a new user of a new database."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.core.management import call_command

    from downloads.models import Preferences

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    Preferences.objects.update_or_create(pk=1, defaults={"download_dir": str(folder)})
    user = User.objects.create_superuser("an", password="a long passphrase 1")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {settings.SESSION_COOKIE_NAME: session.session_key}


def wait_for(server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends and server.poll() is None:
        with suppress(requests.ConnectionError):
            if requests.get(f"{ROOT}/health/live", timeout=10).ok:
                return
        time.sleep(0.1)
    sys.exit("The server did not start.")


def reader(cookies: dict[str, str]) -> requests.Session:
    session = requests.Session()
    session.cookies.update(cookies)
    return session


def read(session: requests.Session, address: str) -> str:
    answer = session.get(f"{ROOT}{address}", headers={"HX-Request": "true"} if "/files/" in address else {}, timeout=60)
    answer.raise_for_status()
    return answer.text
