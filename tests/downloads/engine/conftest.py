from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flasharr.simulator import Simulator
from tests.downloads.engine.bench import CODE, NAME, SIZE, Bench


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        running.add_file(CODE, NAME, SIZE)
        yield running


@pytest.fixture
def bench(simulator: Simulator, tmp_path: Path) -> Bench:
    return Bench(simulator, tmp_path)
