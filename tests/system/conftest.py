from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flasharr.simulator import Simulator, demo_world
from tests.stack import Stack


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(demo_world()) as running:
        yield running


@pytest.fixture
def stack(simulator: Simulator, tmp_path: Path) -> Iterator[Stack]:
    """The program as a user starts it, pointed at the simulator."""
    with Stack(tmp_path, simulator.environment()) as started:
        yield started
