from __future__ import annotations

from collections.abc import Iterator

import pytest

from flasharr.simulator import Journal, Simulator
from flasharr.simulator.assertions import breaches


@pytest.fixture(scope="session", autouse=True)
def _every_journal_is_clean() -> Iterator[None]:
    """Whatever a test does with a simulator, what must never happen did not (flasharr/simulator/assertions.py).

    A test that breaks a rule on purpose names it in `simulator.journal.excused`.
    """
    stop, clear = Simulator.stop, Journal.clear

    def checked_stop(simulator: Simulator) -> None:
        stop(simulator)
        assert breaches(simulator.journal) == []

    def checked_clear(journal: Journal) -> None:
        found = breaches(journal)
        clear(journal)
        assert found == []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Simulator, "stop", checked_stop)
        patch.setattr(Journal, "clear", checked_clear)
        yield
