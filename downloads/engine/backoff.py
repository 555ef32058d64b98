"""How long to wait before trying again: doubling, capped, jittered; the server's own word wins."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Backoff:
    """Immutable: `next()` is the one for the attempt after this."""

    attempt: int = 0
    base: float = 1.0
    cap: float = 300.0

    def next(self) -> Backoff:
        return replace(self, attempt=self.attempt + 1)

    def delay(self, retry_after: float | None = None, *, chance: float | None = None) -> float:
        """Seconds. Between half and all of the doubled base, so that many clients do not return as one.

        `chance` in [0, 1) replaces the dice. A `retry_after` from the server is a floor, never shortened.
        """
        if retry_after is not None:
            return max(0.0, retry_after)
        ceiling = min(self.cap, self.base * 2.0 ** min(self.attempt, 32))
        return ceiling * (0.5 + 0.5 * (random.random() if chance is None else chance))
