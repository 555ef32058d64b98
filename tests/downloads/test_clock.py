"""People read times on the clock they chose, whatever the server's is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from downloads import live
from downloads.models import Download, Preferences, Traffic
from downloads.states import Status
from downloads.usage import count
from downloads.watch import Watch
from hosts import vault
from hosts.models import Account
from tests.downloads.conftest import make_download

pytestmark = pytest.mark.django_db

LATE = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)  # 03:30 the next day in Hanoi
SHOWN = "March 2, 2026, 3:30 a.m."


def test_pages_show_the_users_time(reader: Client) -> None:
    make_download(Status.COMPLETED, finished_at=LATE, path="/nowhere/a")
    assert "March 1, 2026, 8:30 p.m." in reader.get("/history/").content.decode()
    Preferences.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Ho_Chi_Minh"})
    assert SHOWN in reader.get("/history/").content.decode()
    assert timezone.get_current_timezone_name() == "UTC", "the next request begins with the server's"


def test_a_zone_that_is_gone_breaks_no_page(reader: Client) -> None:
    Preferences.objects.update_or_create(pk=1, defaults={"time_zone": "Mars/Olympus_Mons"})
    assert reader.get("/history/").status_code == 200


def test_live_rows_show_the_same_time(db: None) -> None:
    Preferences.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Ho_Chi_Minh"})
    make_download(Status.WAITING, version=5, reason_code="x", reason_sentence="Later.", reason_until=LATE)
    from downloads import actions
    from downloads.models import Download

    actions.set_priority(Download.objects.all(), 1)  # type: ignore[arg-type]
    try:
        assert SHOWN in live.Look(0)(["en"])["en"]
    finally:
        timezone.deactivate()


def test_days_of_traffic_are_the_users_on_every_door(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: LATE)
    Preferences.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Ho_Chi_Minh"})
    account = Account.objects.create(host="fshare", email="an@example.com", sealed_password=vault.seal("x"))
    said = StringIO()
    try:
        call_command("account", "list", "--json", stdout=said)
        count({account.pk: 5})
        assert str(Traffic.objects.get().day) == "2026-03-02"
        call_command("account", "list", "--json", stdout=said)
    finally:
        timezone.deactivate()
    assert '"bytes_today": 5' in said.getvalue()


def test_nobody_waits_for_a_time_that_the_clock_had_jumped_ahead_to(
    no_workers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine whose hardware clock runs on local time starts hours ahead, until the network corrects it."""
    right = timezone.now()
    ahead = right + timedelta(hours=7)
    watch = Watch()
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    watch.look()
    row = make_download(Status.WAITING, reason_code="cut_short", reason_until=ahead + timedelta(seconds=5))
    make_download(Status.WAITING, reason_code="disk_refused")
    monkeypatch.setattr(timezone, "now", lambda: right)
    watch.look()
    assert list(Download.objects.order_by("pk").values_list("status", flat=True)) == ["queued", "waiting"]
    Download.objects.filter(pk=row.pk).update(status="waiting", reason_until=right + timedelta(minutes=5))
    watch.look()
    assert Download.objects.get(pk=row.pk).status == "waiting"
