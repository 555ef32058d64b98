"""How one source is doing, and whether to leave it alone for a while. PURE."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TypeVar

from hosts.breaker import Breaker
from search.problems import SourceProblem
from search.sources.base import Health, Standing

T = TypeVar("T")


class Watch:
    """Thread-safe. After several failures in a row the source is not asked until a pause is over."""

    def __init__(
        self,
        name: str,
        label: str,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._name, self._label, self._clock, self._now = name, label, clock, now
        self._breaker = Breaker(clock)
        self._lock = Lock()
        self._problem: SourceProblem | None = None
        self._answered_at: datetime | None = None

    def run(self, ask: Callable[[], T]) -> T:
        """What `ask` returns. Raises its SourceProblem, or the last one again without asking during a pause."""
        if (opened := self._breaker.open_because(self._name)) and isinstance(problem := opened[1], SourceProblem):
            raise problem.again(max(0.0, opened[0] - self._clock()))
        try:
            answer = ask()
        except SourceProblem as problem:
            self._breaker.failure(self._name, problem)
            with self._lock:
                self._problem = problem
            raise
        self._breaker.success(self._name)
        with self._lock:
            self._problem, self._answered_at = None, self._now()
        return answer

    def health(self) -> Health:
        until = self._breaker.open_until(self._name)
        with self._lock:
            standing = Standing.PAUSED if until else Standing.FAILING if self._problem else Standing.FINE
            again = self._now() + timedelta(seconds=until - self._clock()) if until else None
            return Health(self._name, self._label, standing, self._problem, again, self._answered_at)
