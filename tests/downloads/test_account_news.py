"""Open pages hear of new notices, and the worker looks after accounts whose time has come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from downloads import queries
from downloads.live import Look
from downloads.watch import Watch
from hosts import accounts, vault
from hosts.base import LoginRefused
from hosts.models import Account

pytestmark = pytest.mark.django_db

FETCH = 'id="notices-stale" hx-swap-oob="true" hx-get="/settings/notices/"'
CHORE = "downloads.tasks.check_accounts"


@pytest.fixture
def account() -> Account:
    later = timezone.now() + timedelta(hours=3)
    return Account.objects.create(
        host="fshare", email="a@example.com", sealed_password=vault.seal("x"), next_check_at=later
    )


class Glances:
    """A ticker's looks, six seconds apart, each of which reaches the pages."""

    def __init__(self) -> None:
        self.now = 100.0
        self.look = Look(queries.version(), lambda: self.now)

    def __call__(self) -> bool:
        """Do the pages hear that there are other notices?"""
        self.now += 6
        sent = self.look(["en", "vi"])
        self.look.arrived()
        assert (FETCH in sent["en"]) == (FETCH in sent["vi"])
        return FETCH in sent["en"]


def test_pages_hear_of_a_notice_once_and_of_its_end(account: Account) -> None:
    heard = Glances()
    assert [heard(), heard()] == [False, False]
    accounts.record(account, LoginRefused(host="Fshare"))
    assert [heard(), heard()] == [True, False]
    account.refresh_from_db()
    accounts.clear_standing(account)
    assert [heard(), heard()] == [True, False]


def test_what_came_up_while_the_page_was_loading_is_heard_of(account: Account) -> None:
    accounts.record(account, LoginRefused(host="Fshare"))
    heard = Glances()
    assert [heard(), heard()] == [True, False]


def test_what_did_not_reach_the_pages_is_sent_again(account: Account) -> None:
    heard = Glances()
    heard()
    accounts.record(account, LoginRefused(host="Fshare"))
    heard.look.missed()
    assert [heard(), heard()] == [True, False]


def test_time_alone_can_bring_a_notice(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    Account.objects.update(vip_until=timezone.now() + timedelta(days=7, minutes=1))
    heard = Glances()
    assert not heard()
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert heard()


def test_the_watch_asks_for_the_look_when_an_account_is_due(account: Account, no_workers: list[str]) -> None:
    Watch().look()
    assert CHORE not in no_workers
    Account.objects.update(next_check_at=None)
    watch = Watch()
    watch.look()
    watch.look()
    assert no_workers.count(CHORE) == 1
