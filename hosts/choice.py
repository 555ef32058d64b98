"""Which account the next transfer uses, and what to say when none can. PURE: all that is known is given."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from hosts.base import AccountMissing, AppRefused, Problem


@dataclass(frozen=True, slots=True)
class Load:
    """`active` transfers run with the account now, and its connections suffice for `most`; `bytes_today` is what it
    has brought today, as counted by us."""

    active: int = 0
    bytes_today: int = 0
    most: int = sys.maxsize


IDLE = Load()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that is switched on. `most` transfers may run with it at once; `problem` keeps it from being used."""

    pk: int
    is_vip: bool
    most: int
    load: Load = IDLE
    problem: Problem | None = None


def choose(candidates: Sequence[Candidate]) -> Candidate | None:
    """The account for one more transfer; None when all that may be used have enough to do.

    VIP first, then the one with the fewest transfers, then with the fewest bytes today, then the oldest.
    Raises the Problem that says most when none may be used. There must be at least one candidate.
    """
    usable = [candidate for candidate in candidates if candidate.problem is None]
    if not usable:
        raise foremost([candidate.problem for candidate in candidates if candidate.problem])
    free = [candidate for candidate in usable if candidate.load.active < min(candidate.most, candidate.load.most)]
    return min(free, key=preference) if free else None


def preference(candidate: Candidate) -> tuple[bool, int, int, int]:
    return not candidate.is_vip, candidate.load.active, candidate.load.bytes_today, candidate.pk


def foremost(problems: Sequence[Problem]) -> Problem:
    """What a waiting download is told: the wait that ends first, else what only the user can end.

    Of the latter the app key comes first, because it holds for every account; "nothing set up" says least.
    """
    return min(problems, key=weight)


def weight(problem: Problem) -> tuple[bool, float, int]:
    says_least = 0 if isinstance(problem, AppRefused) else 2 if isinstance(problem, AccountMissing) else 1
    return problem.needs_user, problem.retry_after or 0.0, says_least
