from __future__ import annotations

from itertools import count

import pytest

from downloads.models import Download
from downloads.states import Status

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
    return Download.objects.create(**{**values, **fields})


@pytest.fixture
def no_workers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the tasks that would have been queued."""
    asked: list[str] = []
    monkeypatch.setattr("downloads.wake.async_task", lambda name, **_: asked.append(name))
    return asked
