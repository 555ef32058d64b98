"""Ask once for everybody: what was answered is kept, what failed is remembered for seconds. PURE."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from search.problems import SourceProblem
from search.shelf import Store

FAILED_FOR = 5.0  # seconds in which a failure is told again without asking
MOST_FAILURES = 1000


class Kept:
    """Successful answers live in a Store, for all processes; failures in this process only."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock = store, clock
        self._failures: dict[str, tuple[float, SourceProblem]] = {}
        self._lock = Lock()

    def peek(self, key: str) -> Any:
        """The kept JSON value, None when there is none."""
        data = self._store.get(key)
        return None if data is None else json.loads(data)

    def has(self, key: str) -> bool:
        """Whether the next who asks gets an answer at once."""
        return self._store.get(key) is not None

    def get(self, key: str, keep: float, ask: Callable[[], Any], keep_empty: float | None = None) -> Any:
        """The kept JSON value, or what `ask` returns, kept for `keep` seconds. Raises the SourceProblem of `ask`.

        What is empty is kept for `keep_empty` seconds where that is given.

        However many threads and processes want the same, one asks and the others wait for it.
        """
        if (value := self.peek(key)) is not None:
            return value
        with self._store.only_one(key):
            if (value := self.peek(key)) is not None:
                return value
            self._raise_failure(key)
            try:
                value = ask()
            except SourceProblem as problem:
                self._remember(key, problem)
                raise
            seconds = keep if value or keep_empty is None else keep_empty
            self._store.put(key, json.dumps(value, separators=(",", ":")).encode(), seconds)
            return value

    def _raise_failure(self, key: str) -> None:
        with self._lock:
            until, problem = self._failures.get(key, (0.0, None))
        if problem is not None and until > self._clock():
            raise problem.again()

    def _remember(self, key: str, problem: SourceProblem) -> None:
        with self._lock:
            if len(self._failures) >= MOST_FAILURES:
                self._failures.clear()
            self._failures[key] = (self._clock() + FAILED_FOR, problem)
