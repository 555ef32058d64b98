from __future__ import annotations

from itertools import permutations

import pytest

from hosts.base import (
    AccountLocked,
    AccountMissing,
    AppRefused,
    LoginRefused,
    Problem,
    QuotaReached,
    TooManySessions,
    VipNeeded,
)
from hosts.choice import Candidate, Load, choose, foremost

LOCKED = AccountLocked(host="Fshare", retry_after=600)


def vip(pk: int, active: int = 0, bytes_today: int = 0, problem: Problem | None = None, most: int = 3) -> Candidate:
    return Candidate(pk, True, most, Load(active, bytes_today), problem)


FREE = Candidate(9, False, 3)


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        ([vip(1)], 1),
        ([FREE, vip(1)], 1),
        ([FREE, vip(1, active=2, bytes_today=10**12)], 1),
        ([vip(1, active=1), vip(2)], 2),
        ([vip(1, bytes_today=5), vip(2, bytes_today=4)], 2),
        ([vip(1, active=1, bytes_today=4), vip(2, bytes_today=5)], 2),
        ([vip(1), vip(2)], 1),
        ([vip(1, problem=LOCKED), vip(2, active=2)], 2),
        ([vip(1, problem=LOCKED), FREE], 9),
        ([vip(1, active=3), FREE], 9),
        ([vip(1, active=3), vip(2, active=5)], None),
        ([vip(1, active=1, most=1), vip(2, problem=LOCKED)], None),
    ],
)
def test_the_choice_does_not_depend_on_the_order(candidates: list[Candidate], chosen: int | None) -> None:
    for order in permutations(candidates):
        found = choose(order)
        assert (found.pk if found else None) == chosen


SOON = TooManySessions(host="Fshare", retry_after=120)
LATER = QuotaReached(host="Fshare", retry_after=3600)
LAPSED, REFUSED, KEY = VipNeeded(host="Fshare"), LoginRefused(host="Fshare"), AppRefused(host="Fshare")
NONE = AccountMissing(host="Fshare")


@pytest.mark.parametrize(
    ("problems", "said"),
    [
        ([LAPSED, LATER, SOON], SOON),
        ([LATER, LOCKED], LOCKED),
        ([LAPSED, LATER], LATER),
        ([NONE, LAPSED], LAPSED),
        ([REFUSED, KEY], KEY),
        ([NONE], NONE),
    ],
)
def test_who_waits_is_told_what_ends_first_or_says_most(problems: list[Problem], said: Problem) -> None:
    for order in permutations(problems):
        assert foremost(order) is said
    with pytest.raises(type(said)):
        choose([vip(number, problem=problem) for number, problem in enumerate(problems)])
