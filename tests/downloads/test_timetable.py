"""The schedule at work: the engine rests and goes on, rows say why, and the user may ignore it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from downloads import actions, timetable
from downloads.engine.transfer import Stopped
from downloads.models import Download, Preferences
from downloads.schedule import ALWAYS_FULL, Mode, Week, zone_named
from downloads.states import Event, Status
from tests.downloads.conftest import make_download
from tests.downloads.test_orchestrator import Engine, direct, engine, status_of

__all__ = ["engine"]
pytestmark = pytest.mark.django_db

FIVE = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # a Monday


def schedule(mode: Mode, hours: list[int], **fields: object) -> None:
    week = Week(ALWAYS_FULL, zone_named("UTC")).painted(range(7), hours, mode)
    Preferences.objects.update_or_create(pk=1, defaults={"schedule": week.hours, "time_zone": "UTC", **fields})


def test_the_engine_rests_in_paused_hours_and_goes_on_by_itself(engine: Engine, tmp_path: Path) -> None:
    schedule(Mode.PAUSED, [6, 7])
    row, later, mine = direct(tmp_path), direct(tmp_path), direct(tmp_path)
    actions.pause(Download.objects.filter(pk=mine.pk))
    Preferences.objects.update(max_active=1)
    engine.time = FIVE
    engine.tick()
    assert (status_of(row), status_of(later)) == ("resolving", "queued")
    engine.tick(timedelta(hours=1))
    hand = engine.hands[row.pk]
    assert hand.stop.is_set()
    hand.end(Stopped(10))
    engine.tick()
    for one in (row, later):
        assert status_of(one) == "waiting"
        assert one.attempts == 0
        assert one.reason is not None
        assert one.reason.message == "Paused by the schedule until 08:00."
        assert (one.reason.until, one.reason.cure) == (FIVE + timedelta(hours=3), "schedule")
    added = direct(tmp_path)
    engine.tick(timedelta(minutes=30))
    assert status_of(added) == "waiting"
    engine.tick(timedelta(hours=1, minutes=30))
    assert [status_of(one) for one in (row, later, added, mine)] == ["resolving", "queued", "queued", "paused"]


def test_limited_hours_have_their_own_speed(engine: Engine) -> None:
    schedule(Mode.LIMITED, [6], schedule_limit=2_000_000, speed_limit=5_000_000)
    engine.time = FIVE
    engine.tick()
    assert engine.orchestrator.throttle.rate == 5_000_000
    engine.tick(timedelta(hours=1))
    assert engine.orchestrator.throttle.rate == 2_000_000
    Preferences.objects.update(speed_limit=1_000_000)
    engine.tick()
    assert engine.orchestrator.throttle.rate == 1_000_000
    Preferences.objects.update(speed_limit=0)
    engine.tick(timedelta(hours=1))
    assert engine.orchestrator.throttle.rate == 0


def test_it_can_be_ignored_until_it_changes_anyway(engine: Engine, tmp_path: Path) -> None:
    schedule(Mode.PAUSED, [5, 6])
    row = direct(tmp_path)
    engine.time = FIVE
    engine.tick()
    assert status_of(row) == "waiting"
    assert actions.ignore_schedule(engine.time)
    engine.tick()
    assert status_of(row) == "resolving"
    actions.follow_schedule()
    engine.tick()
    assert engine.hands[row.pk].stop.is_set()
    assert actions.ignore_schedule(engine.time)
    engine.tick(timedelta(days=1))
    assert engine.hands[row.pk].stop.is_set(), "the next day it holds again"


def test_nothing_is_ignored_where_nothing_changes() -> None:
    assert not actions.ignore_schedule(FIVE)
    schedule(Mode.PAUSED, list(range(24)))
    assert not actions.ignore_schedule(FIVE)
    assert Preferences.current().schedule_ignored_until is None
    assert timetable.reason(Preferences.current(), FIVE).until is None


def test_a_time_far_away_is_told_with_its_day() -> None:
    week = Week(ALWAYS_FULL, zone_named("UTC")).painted(range(1, 7), range(24), Mode.PAUSED)
    Preferences.objects.update_or_create(pk=1, defaults={"schedule": week.hours, "time_zone": "UTC"})
    tuesday = FIVE + timedelta(days=1)
    assert "2026-11-30 00:00" in timetable.reason(Preferences.current(), tuesday).message


def test_a_zone_that_is_gone_holds_nothing_back(engine: Engine, tmp_path: Path) -> None:
    schedule(Mode.PAUSED, list(range(24)))
    Preferences.objects.update(time_zone="Gone/Atlantis")
    row = direct(tmp_path)
    engine.tick()
    assert status_of(row) == "resolving"


def test_the_line_above_every_page_says_so_and_has_the_button(reader: Client, no_workers: list[str]) -> None:
    now = datetime.now(UTC)
    schedule(Mode.PAUSED, [now.hour, (now.hour + 1) % 24])
    row = make_download(Status.QUEUED)
    actions.move(Download.objects.filter(pk=row.pk), Event.WAIT, timetable.reason(Preferences.current(), now))
    page = reader.get("/").content.decode()
    assert page.count("Paused by the schedule until") == 2
    assert "/settings/speed/#schedule" in page
    assert reader.post("/schedule/ignore/").status_code == 302
    assert status_of(row) == "queued"
    assert "The schedule is ignored until" in reader.get("/").content.decode()
    assert reader.post("/schedule/follow/").status_code == 302
    assert "Ignore it until then" in reader.get("/").content.decode()


def test_without_a_schedule_nothing_is_said(reader: Client) -> None:
    assert "chedule" not in reader.get("/").content.decode().replace("schedule/", "")
    assert "never changes" in reader.post("/schedule/ignore/", follow=True).content.decode()
