"""How often a run tries again by itself before it hands the problem up."""

from __future__ import annotations

from downloads.engine.answer import RangeRefused
from downloads.engine.backoff import Backoff
from downloads.engine.errors import AddressExpired, NetworkProblem, NotTheFile, RemoteChanged, SizeMismatch
from downloads.engine.limits import Limits
from hosts.base import Problem

# A fresh address often cures these: the old one has expired, or led to a broken node.
CURED_BY_ADDRESS = (AddressExpired, NotTheFile, SizeMismatch)


SUSPICIONS = 2  # ranged answers that did not fit before the whole file is asked for
CONVINCING = 64 * 1024 * 1024  # bytes that fitted after which such answers are forgotten


class Patience:
    """Counts what goes wrong in a row; progress starts the counts anew, if it is more than resuming fetches again.

    Only suspicions last longer: other connections bring bytes while the same doubt comes up again and again.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._failures = 0
        self._addresses = 0
        self._suspicions = 0
        self._renewals = 0

    @property
    def trusts_ranges(self) -> bool:
        """False once ranges were refused or did not fit twice: then everything is read and compared again."""
        return self._suspicions < SUSPICIONS

    @property
    def trusts_others(self) -> bool:
        """False once a file changed under our hands: then a single connection is less likely to mix things up."""
        return not self._renewals

    def after(self, problem: Problem, *, gained: int) -> float:
        """Seconds to wait before the next attempt, after one that brought `gained` bytes.

        Raises `problem` itself when it is time to give up.
        """
        if gained >= self._limits.overlap:
            self._failures = self._addresses = 0
        if gained >= CONVINCING:
            self._suspicions = 0
        if isinstance(problem, CURED_BY_ADDRESS):
            self._addresses += 1
            return self._pause(problem, self._addresses, self._limits.mints)
        if not isinstance(problem, NetworkProblem | RemoteChanged):
            raise problem
        if isinstance(problem, RangeRefused | RemoteChanged):
            self._suspicions += 1
        if self.is_certain(problem):
            return 0.0  # nothing to wait for: the part is set aside, and `renew` counts how often
        self._failures += 1
        return self._pause(problem, self._failures, self._limits.quick_retries)

    def is_certain(self, problem: Problem) -> bool:
        """Whether the file did change: not because one answer says so, but the whole file read again too."""
        return isinstance(problem, RemoteChanged) and self._suspicions > SUSPICIONS

    def renew(self, problem: Problem) -> None:
        """Count a part set aside. Raises `problem` when files keep changing."""
        self._suspicions = self._failures = 0
        self._renewals += 1
        if self._renewals > self._limits.renewals:
            raise problem

    def _pause(self, problem: Problem, count: int, most: int) -> float:
        wait = problem.retry_after
        if count > most or (wait is not None and wait > self._limits.retry_cap):
            raise problem
        if wait is None and count == 1:
            return 0.0
        return Backoff(count - 1, self._limits.retry_base, self._limits.retry_cap).delay(wait)
