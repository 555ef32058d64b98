"""How much each account has fetched today, by the calendar of Vietnam."""

from __future__ import annotations

import threading
from collections import Counter

from flasharr.simulator.clock import Clock
from flasharr.simulator.world import DAY, HOUR, Account

EAST_OF_GREENWICH = 7 * HOUR
SLOWED_TO = 200_000  # bytes a second once the quota is used up, where it is no page


class Traffic:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sent: Counter[tuple[str, int]] = Counter()

    def add(self, email: str, count: int) -> None:
        with self._lock:
            self._sent[email.lower(), self.today()] += count

    def is_used_up(self, account: Account, more: int = 0) -> bool:
        """Whether the account has had its bytes for today, `more` being those of a transfer that still runs."""
        with self._lock:
            return bool(account.quota) and self._sent[account.email.lower(), self.today()] + more >= account.quota

    def today(self) -> int:
        return int((self._clock.now() + EAST_OF_GREENWICH) // DAY)
