from __future__ import annotations

import pytest

from downloads.engine.errors import DiskFull, Stalled
from hosts.base import AppRefused, HostBusy, HostDown, LinkDead, LoginRefused, Problem
from hosts.breaker import FIRST_PAUSE, LONGEST_PAUSE, MEMORY, THRESHOLD, Breaker


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock, chance=lambda: 0.5)


def fail(breaker: Breaker, times: int, problem: Problem | None = None) -> None:
    for _ in range(times):
        breaker.failure("fshare", problem or HostDown(host="Fshare"))


def test_a_few_failures_leave_the_host_open(breaker: Breaker) -> None:
    fail(breaker, THRESHOLD - 1)
    assert breaker.open_until("fshare") is None


def test_failures_of_another_day_are_forgotten(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, THRESHOLD - 1)
    breaker.failure("busy", HostBusy(host="x", retry_after=3 * MEMORY))
    clock.now += MEMORY
    fail(breaker, 1)
    assert breaker.open_until("fshare") is None, "it begins to count again"
    clock.now += MEMORY
    breaker.failure("another", HostDown(host="x"))
    assert breaker._states.keys() == {"busy", "another"}, "what is gone takes no memory; a pause is kept in full"


def test_failures_in_a_row_begin_a_pause_that_ends(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, THRESHOLD, Stalled(server="x", seconds=60))
    assert breaker.open_until("fshare") == clock.now + FIRST_PAUSE
    assert breaker.open_until("direct") is None
    clock.now += FIRST_PAUSE
    assert breaker.open_until("fshare") is None


def test_every_further_failure_doubles_the_pause_up_to_a_limit(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, THRESHOLD + 2)
    assert breaker.open_until("fshare") == clock.now + FIRST_PAUSE * 4
    fail(breaker, 200)
    assert breaker.open_until("fshare") == clock.now + LONGEST_PAUSE


def test_success_forgets_the_failures(breaker: Breaker) -> None:
    fail(breaker, THRESHOLD)
    breaker.success("fshare")
    assert breaker.open_until("fshare") is None
    fail(breaker, THRESHOLD - 1)
    assert breaker.open_until("fshare") is None


def test_a_wait_that_the_host_names_begins_at_once(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 1, HostBusy(host="Fshare", retry_after=90))
    assert breaker.open_until("fshare") == clock.now + 90


def test_a_shorter_wait_does_not_end_a_longer_one(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 1, HostBusy(host="Fshare", retry_after=90))
    fail(breaker, 1, HostBusy(host="Fshare", retry_after=5))
    assert breaker.open_until("fshare") == clock.now + 90


def test_it_keeps_the_problem_that_named_the_longest_wait(breaker: Breaker, clock: Clock) -> None:
    asked, down = HostBusy(host="Fshare", retry_after=3600), HostDown(host="Fshare")
    assert breaker.open_because("fshare") is None
    fail(breaker, 1, asked)
    fail(breaker, THRESHOLD, down)
    assert breaker.open_because("fshare") == (clock.now + 3600, asked)
    clock.now += 3600
    assert breaker.open_because("fshare") is None
    fail(breaker, 1, down)
    opened = breaker.open_because("fshare")
    assert opened is not None
    assert opened[1] is down


@pytest.mark.parametrize(
    "problem", [LinkDead(), LoginRefused(host="x"), AppRefused(host="x"), DiskFull(needed=1, free=0)]
)
def test_problems_that_are_not_the_hosts_do_not_count(breaker: Breaker, problem: Problem) -> None:
    fail(breaker, 50, problem)
    assert breaker.open_until("fshare") is None


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_pauses_are_jittered(clock: Clock, chance: float) -> None:
    breaker = Breaker(clock, chance=lambda: chance)
    fail(breaker, THRESHOLD)
    until = breaker.open_until("fshare")
    assert until is not None
    assert until - clock.now == pytest.approx(FIRST_PAUSE * (0.75 + chance / 2))
