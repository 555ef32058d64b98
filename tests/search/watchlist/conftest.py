from __future__ import annotations

import pytest

from tests.flasharr.conftest import user
from tests.search.asking import no_workers, running, world

__all__ = ["no_workers", "running", "user", "world"]


@pytest.fixture(autouse=True)
def queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the looks at the watchlist that would have been queued."""
    names: list[str] = []
    monkeypatch.setattr("search.watchlist.wake.async_task", lambda name, **_: names.append(name))
    return names
