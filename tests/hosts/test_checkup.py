"""The host is asked about accounts by itself, but seldom, and never when only the user can help."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from flasharr.simulator import Simulator
from hosts import accounts, checkup
from hosts.base import AccountLocked, AppRefused, LoginRefused, Problem, QuotaReached, SessionTaken, VipNeeded
from hosts.models import Account
from hosts.sessions import file_lock

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL, PASSWORD = "demo@example.com", "demo-password"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def fshare(simulator: Simulator, settings: Any, tmp_path: Any) -> Simulator:
    settings.HOST_CONFIG = {**settings.HOST_CONFIG, **simulator.environment()}
    settings.FLASHARR = {**settings.FLASHARR, "DATA_DIR": tmp_path}
    return simulator


@pytest.fixture
def account() -> Account:
    return accounts.add("fshare", EMAIL, PASSWORD)


def asked(simulator: Simulator, later: timedelta) -> int:
    """How many requests looking after the accounts at that time brings."""
    before = len(simulator.journal)
    checkup.run(timezone.now() + later)
    return len(simulator.journal) - before


def test_the_environments_account_is_looked_after_at_the_start(simulator: Simulator) -> None:
    accounts.from_environment()
    assert Account.objects.get().checked_at is None
    assert asked(simulator, timedelta(0)) == 2
    found = Account.objects.get()
    assert found.checked_at is not None
    assert found.is_vip
    assert asked(simulator, timedelta(minutes=1)) == 0


def test_a_good_account_is_asked_about_once_a_day(simulator: Simulator, account: Account) -> None:
    assert account.next_check_at is not None
    assert 0.9 * DAY <= account.next_check_at - timezone.now() <= 1.1 * DAY
    assert asked(simulator, timedelta(hours=21)) == 0
    assert asked(simulator, timedelta(hours=27)) == 1


@pytest.mark.parametrize(
    "problem",
    [LoginRefused(host="F"), AccountLocked(host="F"), SessionTaken(host="F"), AppRefused(host="F")],
    ids=lambda problem: str(problem.code),
)
def test_what_only_the_user_can_mend_is_left_alone(simulator: Simulator, account: Account, problem: Problem) -> None:
    accounts.record(account, problem)
    for days in (0, 1, 30):
        assert asked(simulator, days * DAY) == 0
    account.refresh_from_db()
    assert account.standing == problem.code


def test_after_a_cool_down_it_looks_once_a_little_later(
    simulator: Simulator, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.record(account, QuotaReached(host="Fshare", retry_after=3600))
    assert asked(simulator, timedelta(minutes=59)) == 0
    assert asked(simulator, timedelta(seconds=3625)) == 0
    later = timezone.now() + timedelta(seconds=3905)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert checkup.run(later) == 1
    account.refresh_from_db()
    assert (account.standing, account.problem) == ("", None)


def test_renewed_vip_is_found_and_lapsed_vip_stays_lapsed(simulator: Simulator, account: Account) -> None:
    simulator.world.accounts[EMAIL].vip_until = time.time() - 60
    with pytest.raises(VipNeeded):
        accounts.check(account) and accounts.usable("fshare")
    assert asked(simulator, timedelta(hours=20)) == 0
    assert asked(simulator, timedelta(hours=27)) >= 1
    account.refresh_from_db()
    assert account.standing == "vip_needed"
    simulator.fault("server_error", count=2)
    asked(simulator, timedelta(hours=54))
    account.refresh_from_db()
    assert account.standing == "vip_needed"
    simulator.clear_faults()
    simulator.world.accounts[EMAIL].vip_until = "Forever"
    asked(simulator, timedelta(hours=80))
    account.refresh_from_db()
    assert (account.standing, account.is_lifetime) == ("", True)


def test_the_end_of_vip_is_noticed_the_same_hour(simulator: Simulator) -> None:
    ends = time.time() + 5 * 3600
    simulator.world.accounts[EMAIL].vip_until = ends
    account = accounts.add("fshare", EMAIL, PASSWORD)
    assert account.next_check_at is not None
    assert 0 < account.next_check_at.timestamp() - ends < 600


def test_a_host_that_is_down_is_asked_again_in_about_an_hour(simulator: Simulator, account: Account) -> None:
    Account.objects.update(next_check_at=None)
    simulator.fault("server_error", call="user", count=None)
    assert asked(simulator, timedelta(0)) == 1
    assert asked(simulator, timedelta(minutes=45)) == 0
    assert asked(simulator, timedelta(minutes=75)) == 1


def test_one_that_is_switched_off_is_left_alone(simulator: Simulator, account: Account) -> None:
    accounts.set_enabled(account, False)
    assert asked(simulator, 30 * DAY) == 0


def test_two_lookers_ask_once(simulator: Simulator, account: Account) -> None:
    Account.objects.update(next_check_at=None)
    [seen], [also_seen] = list(checkup.due(timezone.now())), list(checkup.due(timezone.now()))
    assert [checkup.ask(seen, timezone.now()), checkup.ask(also_seen, timezone.now())] == [True, False]


def test_the_chore_runs_once_at_a_time(simulator: Simulator, account: Account) -> None:
    from downloads import tasks

    Account.objects.update(next_check_at=None)
    before = len(simulator.journal)
    with file_lock("check-accounts"):
        tasks.check_accounts()
    assert len(simulator.journal) == before
    tasks.check_accounts()
    assert len(simulator.journal) == before + 1
