from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """No test profits from what another one has asked before."""
    yield
    cache.clear()
