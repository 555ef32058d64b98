from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from hosts.base import (
    AccountLocked,
    AppRefused,
    LoginRefused,
    Problem,
    QuotaReached,
    SessionTaken,
    TooManySessions,
    VipNeeded,
)
from hosts.notices import about, days_left

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Known:
    """An account as notices see it."""

    pk: int = 1
    email: str = "a@example.com"
    is_enabled: bool = True
    is_lifetime: bool = False
    vip_until: datetime | None = NOW + timedelta(days=100)
    standing_since: datetime | None = None
    problem: Problem | None = None

    def problem_at(self, now: datetime) -> Problem | None:
        return self.problem


def ends_in(**length: float) -> Known:
    return Known(vip_until=NOW + timedelta(**length))


@pytest.mark.parametrize(
    ("account", "days", "step"),
    [
        (ends_in(days=7, seconds=1), 8, None),
        (ends_in(days=7), 7, "7"),
        (ends_in(days=3, hours=1), 4, "7"),
        (ends_in(days=3), 3, "3"),
        (ends_in(hours=25), 2, "3"),
        (ends_in(hours=24), 1, "1"),
        (ends_in(seconds=1), 1, "1"),
        (Known(vip_until=None), None, None),
        (replace(ends_in(days=1), is_lifetime=True), None, None),
    ],
)
def test_the_end_of_vip_is_told_three_times(account: Known, days: int | None, step: str | None) -> None:
    assert days_left(account, NOW) == days
    told = about([account], NOW)
    assert [notice.key.split(":")[-1] for notice in told] == ([step] if step else [])
    assert not any(notice.is_bad for notice in told)


def test_vip_that_has_ended_is_one_event_before_and_after_the_host_says_so() -> None:
    [before] = about([ends_in(seconds=-1)], NOW)
    said = replace(ends_in(seconds=-1), problem=VipNeeded(host="Fshare"), standing_since=NOW)
    [after] = about([said], NOW)
    assert before.key == after.key
    assert before.is_bad


@pytest.mark.parametrize(
    "problem", [AccountLocked(host="Fshare"), LoginRefused(host="Fshare"), SessionTaken(host="Fshare")]
)
def test_a_problem_is_told_until_it_is_another_one(problem: Problem) -> None:
    account = Known(problem=problem, standing_since=NOW)
    [first] = about([account], NOW)
    [later] = about([account], NOW + timedelta(days=2))
    [again] = about([replace(account, standing_since=NOW + timedelta(days=1))], NOW + timedelta(days=2))
    assert first.key == later.key != again.key
    assert (first.email, first.is_bad, first.sentence) == ("a@example.com", True, problem.sentence)


def test_the_daily_limit_is_news_on_another_day() -> None:
    account = Known(problem=QuotaReached(host="Fshare", retry_after=3600), standing_since=NOW)
    [today] = about([account], NOW)
    [tomorrow] = about([account], NOW + timedelta(days=1))
    assert today.key != tomorrow.key
    assert today.until == NOW + timedelta(hours=1)


def test_a_refused_app_key_is_told_once_for_all() -> None:
    accounts = [Known(pk, f"{pk}@example.com", problem=AppRefused(host="Fshare")) for pk in range(5)]
    [notice] = about(accounts, NOW)
    assert notice.email == ""


def test_nothing_is_told_of_what_passes_soon_or_is_switched_off() -> None:
    busy = Known(problem=TooManySessions(host="Fshare", retry_after=60))
    off = Known(is_enabled=False, problem=LoginRefused(host="Fshare"))
    assert not about([Known(), busy, off], NOW)


def test_what_has_stopped_downloads_comes_first() -> None:
    warned, stopped = replace(ends_in(days=2), pk=1), Known(2, problem=LoginRefused(host="Fshare"))
    assert [notice.is_bad for notice in about([warned, stopped], NOW)] == [True, False]
