"""Searches are shared for a while, and one that lacks an answer only for seconds."""

from __future__ import annotations

import pytest

from flasharr.simulator import Simulator
from search import searches
from search.finder.search import Search, Wanted
from search.kept import FAILED_FOR
from search.releases import VIETNAMESE_FIRST
from search.titles import Medium, Title
from tests.search.asking import no_workers, running, title, world

__all__ = ["no_workers", "running", "world"]


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock by which searches grow old, to be put forward."""
    now = [1000.0]
    monkeypatch.setattr("search.searches.monotonic", lambda: now[0])
    return now


def over(wanted: Title) -> Search:
    search = searches.of(Wanted(wanted), VIETNAMESE_FIRST)
    assert search.wait(30, for_all=True).is_complete
    return search


def test_a_search_is_shared_for_two_minutes(world: Simulator, ticks: list[float]) -> None:
    dune = title("Dune", Medium.MOVIE, 2021)
    first = over(dune)
    ticks[0] += searches.FRESH_FOR - 1
    assert over(dune) is first
    ticks[0] += 1
    assert over(dune) is not first


def test_a_search_that_lacks_an_answer_is_soon_begun_again(world: Simulator, ticks: list[float]) -> None:
    dune = title("Dune", Medium.MOVIE, 2021)
    world.fault("server_error", call="timfshare", count=None)
    failed = over(dune)
    assert failed.has_failed
    ticks[0] += FAILED_FOR - 1
    assert over(dune) is failed
    world.clear_faults()
    ticks[0] += 1
    assert over(dune) is not failed


def test_an_old_search_is_not_held_in_memory(world: Simulator, ticks: list[float]) -> None:
    over(title("Dune", Medium.MOVIE, 2021))
    ticks[0] += searches.FRESH_FOR
    over(title("Mai", Medium.MOVIE))
    assert [wanted.title.card.name for wanted, _ in searches._begun] == ["Mai"]
