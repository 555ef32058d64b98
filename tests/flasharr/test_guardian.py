"""The guardian of the accounts: their page, the notices, and both over REST."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.test import Client
from django.utils import timezone

from downloads import usage
from downloads.states import Status
from flasharr import guardian, notices
from flasharr.keys import Scope
from flasharr.models import Dismissal
from flasharr.simulator.simulator import Simulator
from hosts import accounts, vault
from hosts.base import LoginRefused, QuotaReached, VipNeeded
from hosts.models import Account
from tests.downloads.conftest import make_download
from tests.flasharr.conftest import Program, with_scopes

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL, PASSWORD = "demo@example.com", "demo-password"
SECRET = "canary-sealed-secret"


def make(number: int, **fields: object) -> Account:
    values = {"sealed_password": vault.seal(SECRET), "is_vip": True, "checked_at": timezone.now(), **fields}
    return Account.objects.create(host="fshare", email=f"{number}@example.com", **values)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_every_state_of_an_account_has_its_words(visitor: Client) -> None:
    now = timezone.now()
    make(1, is_lifetime=True)
    make(2, vip_until=now + timedelta(days=2, hours=1))
    accounts.record(make(3), LoginRefused(host="Fshare"))
    accounts.record(make(4), QuotaReached(host="Fshare", retry_after=3600))
    make(5, is_enabled=False, checked_at=None)
    make(6, checked_at=None, vip_until=now - timedelta(days=1))
    page = text(visitor, "/settings/accounts/")
    for words in ("For life", "3 days left", "refused the e-mail", "daily limit", "Switched off", "Not checked yet"):
        assert words in page, words
    assert "over" in page
    assert SECRET not in page
    assert "gAAAA" not in page, "something sealed is on the page"


def test_the_card_counts_transfers_and_bytes(visitor: Client) -> None:
    account = make(1, max_transfers=4)
    make_download(Status.DOWNLOADING, account=account)
    today = timezone.localdate()
    usage.count({account.pk: 3_000_000_000}, today)
    usage.count({account.pk: 1_500_000_000}, today - timedelta(days=29))
    usage.count({account.pk: 9_000_000_000}, today - timedelta(days=30))
    page = text(visitor, "/settings/accounts/")
    assert "1 of 4 at once" in page
    assert "3.00 GB" in page
    assert "4.50 GB in 30 days" in page
    assert page.count('width="6"') == 30
    assert page.count("<tr>") == 3


def test_bars_are_as_high_as_their_days() -> None:
    days = [(date(2026, 1, n), count) for n, count in enumerate([0, 1, 50, 100], start=1)]
    assert [(bar.x, bar.y, bar.height) for bar in guardian.bars(days)] == [
        (0, 40, 0),
        (8, 39, 1),
        (16, 20, 20),
        (24, 0, 40),
    ]


def test_an_account_is_switched_off_and_on(visitor: Client, no_workers: list[str]) -> None:
    account = make(1)
    row = make_download(Status.WAITING, reason_code="account_missing", reason_cure="account")
    visitor.post(f"/settings/accounts/{account.pk}/switch/", {"on": "0"})
    assert not Account.objects.get().is_enabled
    visitor.post(f"/settings/accounts/{account.pk}/switch/", {"on": "1"})
    assert Account.objects.get().is_enabled
    row.refresh_from_db()
    assert row.status == Status.QUEUED
    for wrong in ({}, {"on": ""}, {"on": "2"}, {"on": "\0"}, {"on": "<b>"}):
        assert visitor.post(f"/settings/accounts/{account.pk}/switch/", wrong).status_code == 400
    assert Account.objects.get().is_enabled
    assert visitor.post("/settings/accounts/999/switch/", {"on": "0"}).status_code == 404


def test_password_and_transfers_are_changed(fshare: Simulator, visitor: Client) -> None:
    account = accounts.add("fshare", EMAIL, PASSWORD)
    path = f"/settings/accounts/{account.pk}/change/"
    assert 'value="3"' in text(visitor, path)
    fshare.world.accounts[EMAIL].password = "another-password"
    refused = visitor.post(path, {"max_transfers": "5", "password": "canary-wrong"})
    assert refused.status_code == 422
    assert "canary-wrong" not in refused.content.decode()
    account.refresh_from_db()
    assert (vault.unseal(account.sealed_password), account.max_transfers) == (PASSWORD, 3)
    assert visitor.post(path, {"max_transfers": "5", "password": "another-password"}).status_code == 302
    account.refresh_from_db()
    assert (vault.unseal(account.sealed_password), account.max_transfers) == ("another-password", 5)
    before = len(fshare.journal)
    assert visitor.post(path, {"max_transfers": "6", "password": ""}).status_code == 302
    assert len(fshare.journal) == before


@pytest.mark.parametrize("wrong", ["", "0", "33", "-1", "x", "1e3", "9" * 400, "\0", "<b>", "1; DROP TABLE"])
def test_a_wrong_number_of_transfers_changes_nothing(visitor: Client, program: Program, wrong: str) -> None:
    account = make(1)
    refused = visitor.post(f"/settings/accounts/{account.pk}/change/", {"max_transfers": wrong})
    assert refused.status_code == 422
    program("PATCH", f"accounts/{account.pk}", {"max_transfers": wrong})
    assert program.status == 400
    assert Account.objects.get().max_transfers == 3


def test_notices_stand_on_the_queue_until_put_aside(visitor: Client, user: User) -> None:
    account = make(1)
    assert 'id="notices"' in text(visitor, "/")
    assert "1@example.com" not in text(visitor, "/")
    accounts.record(account, LoginRefused(host="Fshare"))
    page = text(visitor, "/")
    assert "1@example.com" in page
    assert "1 notice" in page
    assert "1 notice" in text(visitor, "/history/")
    [notice] = notices.shown_to(user)
    visitor.post("/settings/notices/dismiss/", {"key": notice.key})
    assert "1@example.com" not in text(visitor, "/")
    accounts.clear_standing(account)
    accounts.record(account, VipNeeded(host="Fshare"))
    assert "1@example.com" in text(visitor, "/")


def test_a_notice_put_aside_is_put_aside_for_one_user(visitor: Client, user: User) -> None:
    accounts.record(make(1), LoginRefused(host="Fshare"))
    other = User.objects.create_superuser("bert", password="x")
    [notice] = notices.shown_to(user)
    assert notices.dismiss(user, notice.key)
    assert not notices.shown_to(user)
    assert notices.shown_to(other) == [notice]


@pytest.mark.parametrize("key", ["", "x", "\0", "1:login_refused:0", "../", "<script>", "' OR 1=1", "9" * 5000])
def test_an_unknown_notice_cannot_be_put_aside(visitor: Client, key: str) -> None:
    accounts.record(make(1), LoginRefused(host="Fshare"))
    assert visitor.post("/settings/notices/dismiss/", {"key": key}).status_code == 302
    assert not Dismissal.objects.exists()
    assert "1@example.com" in text(visitor, "/")


def test_notices_are_not_for_everybody(visitor: Client) -> None:
    accounts.record(make(1), LoginRefused(host="Fshare"))
    guest = Client()
    guest.force_login(User.objects.create_user("carl", password="x"))
    page = text(guest, "/")
    assert "1@example.com" not in page
    assert "settings/notices" not in page
    assert guest.get("/settings/notices/").status_code == 403
    assert guest.post("/settings/notices/dismiss/", {"key": "x"}).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.cookies
    assert strict.post("/settings/notices/dismiss/", {"key": "x"}).status_code == 403
    assert strict.post(f"/settings/accounts/{Account.objects.get().pk}/switch/", {"on": "0"}).status_code == 403


def test_open_pages_get_the_badge_and_the_queue_its_notices(visitor: Client) -> None:
    accounts.record(make(1), LoginRefused(host="Fshare"))
    asking = {"HX-Request": "true", "HX-Current-URL": "http://testserver/history/"}
    there = visitor.get("/settings/notices/", headers=asking).content.decode()
    assert 'id="notices-badge"' in there
    assert 'id="notices"' not in there
    here = visitor.get("/settings/notices/", headers={**asking, "HX-Current-URL": "http://testserver/?view=active"})
    assert "1@example.com" in here.content.decode()
    assert visitor.get("/settings/notices/").status_code == 302


def test_rest_shows_changes_and_counts(fshare: Simulator, program: Program) -> None:
    made = program("POST", "accounts", {"email": EMAIL, "password": PASSWORD})
    usage.count({made["id"]: 77})
    make_download(Status.DOWNLOADING, account_id=made["id"], account_email=EMAIL)
    one = program("GET", f"accounts/{made['id']}")
    assert (one["max_transfers"], one["active"], one["bytes_today"], one["days_left"]) == (3, 1, 77, 365)
    assert one["signed_in_since"]
    assert one["next_check_at"]
    changed = program("PATCH", f"accounts/{made['id']}", {"max_transfers": 5, "is_enabled": False})
    assert (changed["max_transfers"], changed["is_enabled"]) == (5, False)
    traffic = program("GET", f"accounts/{made['id']}/traffic?days=7")
    assert (traffic["total"], traffic["items"][-1]["bytes"]) == (7, 77)
    assert program("GET", "downloads")["items"][0]["account"] == EMAIL
    error = program("PATCH", f"accounts/{made['id']}", {"password": "canary-wrong"})["error"]
    assert (program.status, error["code"]) == (400, "login_refused")
    assert "canary-wrong" not in str(error)


def test_rest_tells_the_notices(program: Program) -> None:
    accounts.record(make(1), LoginRefused(host="Fshare"))
    make(2, vip_until=timezone.now() + timedelta(days=3, hours=-1))
    told = program("GET", "accounts/notices")
    assert [(one["email"], one["is_bad"]) for one in told["items"]] == [
        ("1@example.com", True),
        ("2@example.com", False),
    ]
    assert "3 days" in told["items"][1]["message"]


@pytest.mark.parametrize(
    "body",
    [{"is_enabled": None}, {"is_enabled": "yes"}, {"max_transfers": 1.5}, {"password": ""}, {"is_vip": True}, []],
)
def test_rest_refuses_what_is_no_change(program: Program, body: object) -> None:
    account = make(1)
    program("PATCH", f"accounts/{account.pk}", body)
    assert program.status == 400
    assert Account.objects.filter(pk=account.pk, is_enabled=True, max_transfers=3, is_vip=F("is_vip")).exists()


@pytest.mark.parametrize("path", ["accounts/999/traffic", "accounts/1/traffic?days=0", "accounts/1/traffic?days=401"])
def test_rest_refuses_a_wrong_question(program: Program, path: str) -> None:
    assert "error" in program("GET", path)


def test_rest_needs_the_scope(db: None) -> None:
    make(1)
    reader = with_scopes(Scope.READ, Scope.ADD, Scope.CONTROL, Scope.SETTINGS)
    for method, path in [("GET", "notices"), ("GET", "1/traffic"), ("PATCH", "1")]:
        reader(method, f"accounts/{path}", {} if method == "PATCH" else None)
        assert reader.status == 403
