from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from downloads import lease, purging, usage
from downloads.engine.limits import Limits
from downloads.models import Download, Traffic
from downloads.orchestrator import Orchestrator
from downloads.running import Running
from hosts import vault
from hosts.choice import Load
from hosts.models import Account
from tests.downloads.conftest import make_download
from tests.downloads.test_fail_over import FIRST, SECOND, Place, place

__all__ = ["place"]

pytestmark = pytest.mark.django_db(transaction=True)
MIB = 1024 * 1024


def counted() -> dict[str, int]:
    """Bytes of each account over all days: a test may run across midnight."""
    return dict(Traffic.objects.values_list("account__email").annotate(Sum("bytes")))


def account(email: str = "c@example.com") -> Account:
    return Account.objects.create(host="fshare", email=email, sealed_password=vault.seal("x"))


def test_every_byte_is_counted_for_its_account_and_day(place: Place) -> None:
    today = timezone.localdate()
    place.sign_up(FIRST, SECOND)
    place.add(3)
    place.run()
    assert sum(counted().values()) == 3 * 200_000
    assert set(counted()) == {FIRST, SECOND}
    assert set(Traffic.objects.values_list("day", flat=True)) <= {today, timezone.localdate()}


def test_what_is_fetched_again_counts_again_and_what_was_there_does_not(place: Place) -> None:
    place.sign_up(FIRST)
    [row] = place.add(1)
    place.simulator.fault("early_end", code=row.code, at=100_000, count=None, when="fresh")
    place.simulator.fault("early_end", code=row.code, after=50_000, count=None, when="resume")
    place.run()
    assert 0 < counted()[FIRST] < 200_000
    place.simulator.clear_faults()
    place.later(3600)
    place.run()
    assert counted()[FIRST] == 200_000


def test_an_engine_that_was_killed_counts_nothing_twice(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the dead engine has written down stays; the next begins from zero, not from what is on the disk."""
    monkeypatch.setattr("downloads.running.LIMITS", Limits(tick=0.05, checkpoint_bytes=MIB))
    place.sign_up(FIRST)
    place.simulator.world.rules.speed = 4 * MIB
    place.add(1)
    place.simulator.world.files[Download.objects.get().code].size = 4 * MIB
    Download.objects.update(size=4 * MIB)
    dead = Orchestrator(now=place.now)
    assert lease.take(dead.name)
    deadline = time.monotonic() + 60
    while not counted() and time.monotonic() < deadline:
        assert dead.tick()
    for running in dead.running.values():
        assert isinstance(running, Running)
        running.stop.set()
        running.thread.join()
    before = counted()[FIRST]
    assert lease.give_back(dead.name, only_if_idle=False)
    place.run()
    assert Download.objects.get().status == "completed"
    assert before < counted()[FIRST] <= 4 * MIB


def test_days_without_bytes_are_shown_too() -> None:
    of, today = account(), date(2026, 3, 1)
    usage.count({of.pk: 5}, today - timedelta(days=2))
    usage.count({of.pk: 7}, today)
    usage.count({of.pk: 1, 999: 4}, today)
    assert usage.days(of.pk, 3, today) == [(date(2026, 2, 27), 5), (date(2026, 2, 28), 0), (today, 8)]
    assert usage.brought_on(today) == {of.pk: 8}


def test_the_load_of_an_account_is_its_transfers_and_its_bytes() -> None:
    one, other = account(), account("d@example.com")
    usage.count({one.pk: 5, other.pk: 6})
    rows = [(make_download(account=one), None), (make_download(account=one), 5), (make_download(), None)]
    assert usage.loads(rows) == {one.pk: Load(2, 5), other.pk: Load(0, 6)}


def test_old_days_are_forgotten() -> None:
    of, today = account(), timezone.localdate()
    usage.count({of.pk: 1}, today - timedelta(days=401))
    usage.count({of.pk: 2}, today - timedelta(days=399))
    purging.purge()
    assert list(Traffic.objects.values_list("bytes", flat=True)) == [2]


def test_the_daily_limits_page_rests_the_account(place: Place) -> None:
    """A page instead of the file, with status 200: at once, not after several tries."""
    first, second = place.sign_up(FIRST, SECOND)
    place.simulator.fault("html_page", account=FIRST, count=None)
    place.add(3)
    place.run()
    assert set(place.states()) == {("completed", "")}
    first.refresh_from_db()
    assert first.standing == "quota_reached"
    assert first.problem
    assert first.problem.retry_after == pytest.approx(3600, abs=60)
    assert len([r for r in place.simulator.journal.calls("dl") if r.account == FIRST]) <= 2
    assert set(Download.objects.values_list("account_id", flat=True)) == {second.pk}


@pytest.mark.parametrize("shape", ["octet", "same_length", "same_length_octet"])
def test_the_daily_limit_is_known_in_every_disguise(place: Place, shape: str) -> None:
    place.sign_up(FIRST)
    place.simulator.fault("html_page", account=FIRST, count=1, value=shape)
    [row] = place.add(1)
    place.run()
    row.refresh_from_db()
    assert row.reason
    assert (row.status, row.reason.code) == ("waiting", "quota_reached")
    assert "daily limit at Fshare" in row.reason.message
    asked = len(place.simulator.journal)
    place.later(3500)
    place.run()
    assert len(place.simulator.journal) == asked
    place.later(150)
    place.run()
    assert place.states() == [("completed", "")]
