from __future__ import annotations

from itertools import count

import pytest
from django.contrib.auth.models import User
from django.test import Client

from downloads.models import Download
from downloads.states import Status
from hosts import registry

numbers = count(1)


def make_download(status: Status = Status.QUEUED, **fields: object) -> Download:
    """A row as `actions.add` would leave it, in any state."""
    number = next(numbers)
    values: dict[str, object] = {
        "host": "fshare",
        "code": f"CODE{number}",
        "url": f"https://www.fshare.vn/file/CODE{number}",
        "name": f"film {number}.mkv",
        "root": "/nowhere",
        "size": 1_000_000,
        "position": number,
        "status": status,
    }
    row = Download(**{**values, **fields})
    row.folded = row.searchable()
    row.server = row.server or registry.server_of(row.link)
    row.save()
    return row


@pytest.fixture
def no_workers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the tasks that would have been queued."""
    asked: list[str] = []
    monkeypatch.setattr("downloads.wake.async_task", lambda name, **_: asked.append(name))
    return asked


@pytest.fixture
def reader(db: None) -> Client:
    """A signed-in browser without JavaScript."""
    client = Client()
    client.force_login(User.objects.create_superuser("an", password="a long passphrase 1"))
    return client


@pytest.fixture
def htmx(reader: Client) -> Client:
    """The same with htmx at work."""
    client = Client(headers={"HX-Request": "true"})
    client.cookies = reader.cookies
    return client
