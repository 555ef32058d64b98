"""An account that is refused while the queue runs: another one takes over, or all wait in silence for the cure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from downloads import actions, intake, lease
from downloads.engine.limits import Limits
from downloads.models import Download, Preferences
from downloads.orchestrator import Orchestrator
from flasharr.simulator.simulator import Simulator
from hosts import accounts, registry
from hosts.models import Account, HostLimit
from tests.downloads.conftest import numbers

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND, WORD = "a@example.com", "b@example.com", "long-enough-word"
QUICK = Limits(tick=0.05, quick_retries=1, retry_base=0.02, retry_cap=0.05)
DAY = 24 * 3600


class Place:
    """The simulator, a queue and a clock that all of them read."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.ahead = timedelta(0)
        self.really = timezone.now

    def now(self) -> datetime:
        return self.really() + self.ahead

    def later(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)
        self.simulator.clock.advance(seconds)

    def sign_up(self, *emails: str) -> list[Account]:
        for email in emails:
            self.simulator.add_account(email, WORD)
        return [accounts.add("fshare", email, WORD) for email in emails]

    def add(self, count: int = 4) -> list[Download]:
        items = []
        for _ in range(count):
            file = self.simulator.add_file(f"MANY{next(numbers)}", "phim.mkv", 200_000)
            [link] = intake.find(f"https://www.fshare.vn/file/{file.code}")[0]
            items.append(actions.NewDownload(link, f"{file.code}.mkv", file.size))
        return [added.download for added in actions.add(items)]

    def run(self) -> None:
        Orchestrator(now=self.now).run()

    def states(self) -> list[tuple[str, str]]:
        return list(Download.objects.order_by("pk").values_list("status", "reason_code"))


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_workers: list[str]) -> Iterator[Place]:
    with Simulator() as simulator:
        simulator.world.accounts.clear()
        place = Place(simulator)
        monkeypatch.setattr(timezone, "now", place.now)
        monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, **simulator.environment()})
        monkeypatch.setattr("downloads.running.LIMITS", QUICK)
        monkeypatch.setattr("downloads.orchestrator.TICK", 0.02)
        monkeypatch.setattr("downloads.orchestrator.WRITE_EVERY", 0.02)
        Preferences.objects.create(pk=1, download_dir=str(tmp_path))
        yield place


def refuse_login(row: str) -> Callable[[Simulator], None]:
    def strike(simulator: Simulator) -> None:
        simulator.world.accounts[FIRST].login_error = row
        simulator.state.sessions.end_all(FIRST)

    return strike


def lapse(simulator: Simulator) -> None:
    simulator.world.accounts[FIRST].vip_until = time.time() - 60


def take_over(simulator: Simulator) -> None:
    simulator.fault("session_expired", account=FIRST, count=None)


def cure(simulator: Simulator) -> None:
    simulator.clear_faults()
    simulator.world.accounts[FIRST].login_error = ""
    simulator.world.accounts[FIRST].vip_until = "Forever"


Strike = Callable[[Simulator], None]
STRIKES: dict[str, tuple[Strike, str, str]] = {
    "locked": (refuse_login("424"), "account_locked", "for 10 minutes"),
    "banned key": (refuse_login("500"), "app_refused", "banned app key"),
    "lapsed": (lapse, "vip_needed", "serves VIP accounts only"),
    "taken over": (take_over, "session_taken", "another device"),
}


# The first sign-in, and one more when a session has ended, whichever of the three transfers at once notices it.
MOST_LOGINS = {"locked": 2, "banned key": 2, "lapsed": 1, "taken over": 2}


@pytest.mark.parametrize("name", STRIKES)
def test_a_refused_account_is_left_in_peace_until_its_cure(place: Place, name: str) -> None:
    strike, code, words = STRIKES[name]
    [account] = place.sign_up(FIRST)
    place.add(1)
    place.run()
    strike(place.simulator)
    rows = place.add()
    place.run()
    assert place.states() == [("completed", "")] + [("waiting", code)] * 4
    for row in rows:
        row.refresh_from_db()
        assert row.reason
        assert words in row.reason.message
        assert row.attempts == 0
    asked = len(place.simulator.journal)
    assert len(place.simulator.journal.logins()) <= MOST_LOGINS[name]
    for _ in range(3):
        place.later(190 if name == "locked" else DAY)
        place.run()
    assert len(place.simulator.journal) == asked, "it asked before its time"
    cure(place.simulator)
    if name == "locked":
        place.later(60)
    else:
        accounts.check(account)
    place.run()
    assert {status for status, _ in place.states()} == {"completed"}


@pytest.mark.parametrize("name", ["locked", "lapsed", "taken over"])
def test_the_second_account_takes_over_at_once(place: Place, name: str) -> None:
    strike, code, _ = STRIKES[name]
    first, second = place.sign_up(FIRST, SECOND)
    Preferences.objects.update(max_active=2)
    strike(place.simulator)
    place.add()
    began = place.now()
    place.run()
    assert set(place.states()) == {("completed", "")}
    assert place.now() - began < timedelta(seconds=10)
    assert set(Download.objects.values_list("account_email", "account_id", "attempts")) == {(SECOND, second.pk, 0)}
    assert len(place.simulator.journal.logins(FIRST)) <= MOST_LOGINS[name]
    assert len(place.simulator.journal.logins(SECOND)) == 1
    first.refresh_from_db()
    assert first.standing == code
    accounts.remove(second)
    assert Download.objects.filter(account_email=SECOND, account=None).count() == 4


def test_a_refused_app_key_is_not_tried_with_the_next_account(place: Place) -> None:
    first, second = place.sign_up(FIRST, SECOND)
    place.simulator.state.sessions.end_all(SECOND)
    STRIKES["banned key"][0](place.simulator)
    place.simulator.journal.clear()
    Preferences.objects.update(max_active=1)
    place.add(2)
    place.run()
    assert place.states() == [("waiting", "app_refused")] * 2
    assert len(place.simulator.journal.logins()) == 1
    cure(place.simulator)
    accounts.check(first)
    assert accounts.usable("fshare").pk in (first.pk, second.pk)
    place.run()
    assert set(place.states()) == {("completed", "")}


def test_without_any_account_left_the_wait_that_ends_is_told(place: Place) -> None:
    place.sign_up(FIRST, SECOND)
    lapse(place.simulator)
    place.simulator.world.accounts[SECOND].login_error = "424"
    place.simulator.state.sessions.end_all(SECOND)
    rows = place.add(2)
    place.run()
    assert place.states() == [("waiting", "account_locked")] * 2
    rows[0].refresh_from_db()
    assert rows[0].reason_until is not None
    assert 590 < (rows[0].reason_until - place.now()).total_seconds() < 601
    place.simulator.world.accounts[SECOND].login_error = ""
    place.later(605)
    place.run()
    assert set(place.states()) == {("completed", "")}


def test_no_account_gets_more_transfers_than_it_may_have(place: Place) -> None:
    first, second = place.sign_up(FIRST, SECOND)
    Account.objects.filter(pk=first.pk).update(max_transfers=1)
    Account.objects.filter(pk=second.pk).update(max_transfers=2)
    Preferences.objects.update(max_active=8)
    HostLimit.objects.create(host="fshare", connections=8)
    place.simulator.world.rules.speed = 100_000
    place.add(6)
    orchestrator = Orchestrator(now=place.now)
    assert lease.take(orchestrator.name)
    assert orchestrator.tick()
    started = list(Download.objects.filter(status="resolving").order_by("pk").values_list("account_id", flat=True))
    assert started == [first.pk, second.pk, second.pk]
    told = [row.reason for row in Download.objects.filter(status="queued")]
    assert len(told) == 3
    assert all(reason and "accounts have as many transfers as they may have" in reason.message for reason in told)
    orchestrator.put_down()


def test_a_full_account_lets_other_hosts_pass(place: Place) -> None:
    [account] = place.sign_up(FIRST)
    Account.objects.update(max_transfers=1)
    place.simulator.world.rules.speed = 100_000
    place.add(2)
    file = place.simulator.add_file("PLAIN1", "plain.bin", 1000)
    found = registry.find(place.simulator.direct_url(file.code))
    assert found
    actions.add([actions.NewDownload(found[1], "plain.bin", 1000)])
    orchestrator = Orchestrator(now=place.now)
    assert lease.take(orchestrator.name)
    assert orchestrator.tick()
    assert [status for status, _ in place.states()] == ["resolving", "queued", "resolving"]
    assert list(Download.objects.order_by("pk").values_list("account_email", flat=True)) == [account.email, "", ""]
    orchestrator.put_down()
