"""A transfer narrows and widens while it runs, as the others on its server come and go."""

from __future__ import annotations

import threading

import pytest

from downloads.engine.transfer import Finished, Stopped
from flasharr.simulator import Simulator
from tests.downloads.engine.bench import CODE, NAME, Bench, wait_until
from tests.downloads.engine.test_segments import MIB, SHARED

SIZE = 24 * MIB


@pytest.fixture
def slow(bench: Bench, simulator: Simulator) -> Bench:
    simulator.add_file(CODE, NAME, SIZE, speed=2 * MIB)
    bench.size, bench.connections, bench.limits = SIZE, 4, SHARED
    return bench


def test_it_gives_connections_back_and_takes_them_again_without_losing_a_byte(
    slow: Bench, simulator: Simulator
) -> None:
    transfer = slow.prepare()
    outcome: list[Finished | Stopped] = []
    thread = threading.Thread(target=lambda: outcome.append(transfer.run()))
    thread.start()
    wait_until(lambda: transfer.connections == len(slow.requests()) == 4)
    transfer.allow(1)
    wait_until(lambda: transfer.connections == 1)
    asked = len(slow.requests())
    before = transfer.progress.downloaded
    wait_until(lambda: transfer.progress.downloaded > before + MIB)
    assert (transfer.connections, len(slow.requests())) == (1, asked)
    transfer.allow(3)
    wait_until(lambda: transfer.connections == 3)
    simulator.world.files[CODE].speed = 0
    thread.join(60)
    assert isinstance(outcome[0], Finished)
    assert slow.is_right(outcome[0])
    assert slow.sent() <= SIZE + len(slow.requests()) * MIB
    assert transfer.refusals == 0


def test_one_that_is_allowed_one_connection_from_the_start_opens_one(slow: Bench, simulator: Simulator) -> None:
    simulator.add_file(CODE, NAME, SIZE)
    transfer = slow.prepare()
    transfer.allow(1)
    outcome = transfer.run()
    assert isinstance(outcome, Finished)
    assert simulator.journal.max_concurrent(CODE) == 1
