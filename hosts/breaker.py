"""A cool-down for each host that fails again and again, so that a broken one is asked ever more seldom. PURE."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from hosts.base import Problem

THRESHOLD = 4  # failures in a row before the first pause
FIRST_PAUSE = 15.0  # seconds; doubled by every further failure
LONGEST_PAUSE = 900.0
MEMORY = 24 * 3600.0  # what failed longer ago says nothing any more
JITTER = 0.25  # so that many nodes do not come back at the same moment


@dataclass(slots=True)
class _State:
    failures: int = 0
    until: float = 0.0
    problem: Problem | None = None
    at: float = 0.0  # the last failure


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a host that failed: how often in a row, and for how many seconds more it is left alone."""

    failures: int
    left: float = 0.0
    problem: Problem | None = None


class Breaker:
    """Thread-safe. `clock` gives seconds that never go back, such as time.monotonic."""

    def __init__(self, clock: Callable[[], float], chance: Callable[[], float] = random.random) -> None:
        self._clock, self._chance = clock, chance
        self._states: dict[str, _State] = {}
        self._lock = Lock()

    def success(self, host: str) -> None:
        with self._lock:
            self._states.pop(host, None)

    def failure(self, host: str, problem: Problem) -> None:
        """Count a problem that blames the host; others are about one link, one account or our own disk.

        A wait that the host names begins at once and is kept in full.
        """
        if not problem.blames_host:
            return
        with self._lock:
            now = self._clock()
            self._states = {name: one for name, one in self._states.items() if now - max(one.at, one.until) < MEMORY}
            state = self._states.setdefault(host, _State())
            state.failures, state.at = state.failures + 1, now
            pause = problem.retry_after or 0.0
            if state.failures >= THRESHOLD:
                doubled: float = FIRST_PAUSE * 2 ** min(state.failures - THRESHOLD, 16)
                pause = max(pause, min(doubled, LONGEST_PAUSE) * (1 + JITTER * (2 * self._chance() - 1)))
            until = now + pause
            if pause > 0 and until > state.until:  # a shorter wait is not the reason for a longer one
                state.until, state.problem = until, problem

    def standing(self, host: str) -> Standing | None:
        """What another process would have to know; None for a host that is well."""
        with self._lock:
            state = self._states.get(host)
            if state is None:
                return None
            return Standing(state.failures, max(0.0, state.until - self._clock()), state.problem)

    def restore(self, host: str, standing: Standing) -> None:
        """Go on from what another process knew."""
        with self._lock:
            now = self._clock()
            self._states[host] = _State(standing.failures, now + standing.left, standing.problem, now)

    def open_until(self, host: str) -> float | None:
        """The clock's time before which the host is left alone, None when it may be asked."""
        opened = self.open_because(host)
        return opened[0] if opened else None

    def open_because(self, host: str) -> tuple[float, Problem] | None:
        """The same with the problem that opened it."""
        with self._lock:
            state = self._states.get(host)
            if state is None or state.problem is None or state.until <= self._clock():
                return None
            return state.until, state.problem
