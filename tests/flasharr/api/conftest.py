from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def nothing_runs(no_workers: list[str]) -> None:
    """Rows stay as the test left them."""
