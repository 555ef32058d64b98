from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from downloads.models import Preferences
from flasharr import keys
from flasharr.keys import Scope
from flasharr.simulator.demo import demo_world
from flasharr.simulator.simulator import Simulator
from tests.downloads.conftest import no_workers

__all__ = ["no_workers"]

PASSWORD = "a long passphrase 1"


class Program:
    """A program at the REST door: sends and reads JSON, with a key."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"X-Api-Key": secret})
        self.status = 0

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The decoded answer; its status is kept in `status`."""
        data = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body)
        response = self.client.generic(method, f"/api/v1/{path}", data, content_type="application/json")
        self.status = response.status_code
        return response.json() if response.content else None


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_superuser("anna", password=PASSWORD)


@pytest.fixture
def visitor(user: User) -> Client:
    """Signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def program(user: User) -> Program:
    """With a key for everything."""
    return with_scopes(Scope.ALL)


def with_scopes(*scopes: Scope) -> Program:
    return Program(keys.create("test", scopes)[1])


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(demo_world(speed=0)) as running:
        yield running


@pytest.fixture
def fshare(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_workers: list[str], transactional_db: None
) -> Simulator:
    """The simulator stands in for Fshare; no account is set up yet and nothing runs the queue."""
    configured = {**simulator.environment(), "FSHARE_EMAIL": "", "FSHARE_PASSWORD": ""}
    monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, **configured})
    Preferences.objects.create(pk=1, download_dir=str(tmp_path))
    return simulator


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Change settings.FLASHARR for one test."""

    def change(**values: object) -> None:
        monkeypatch.setattr(settings, "FLASHARR", {**settings.FLASHARR, **values})

    return change
