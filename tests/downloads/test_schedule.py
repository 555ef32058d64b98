"""The week, hour by hour, on clocks that jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from downloads.schedule import (
    ALWAYS_FULL,
    DAYS,
    HOURS,
    Mode,
    NotASchedule,
    Week,
    days_of,
    hours_between,
    joined_days,
    zone_named,
)

BERLIN = ZoneInfo("Europe/Berlin")
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")


def nights(zone: ZoneInfo, first: int = 0, last: int = 6) -> Week:
    return Week(ALWAYS_FULL, zone).painted(range(DAYS), hours_between(first, last), Mode.PAUSED)


def test_it_goes_by_the_clock_of_its_zone() -> None:
    week = nights(SAIGON)
    assert week.at(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)) == Mode.PAUSED  # midnight in Saigon
    assert week.at(datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC)) == Mode.FULL
    assert week.next_change(datetime(2026, 11, 22, 17, 30, 7, 9, tzinfo=UTC)) == datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_days_begin_on_monday() -> None:
    week = Week(ALWAYS_FULL, ZoneInfo("UTC")).painted([0], [5], Mode.LIMITED)
    monday = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
    assert week.at(monday) == Mode.LIMITED
    assert all(week.at(monday + timedelta(days=day)) == Mode.FULL for day in range(1, 7))
    assert week.next_change(monday + timedelta(hours=1)) == datetime(2026, 11, 30, 5, tzinfo=UTC)


def test_an_hour_that_the_clock_skips_does_not_exist() -> None:
    week = nights(BERLIN, 2, 3)  # on 2026-03-29 the clock goes from 02:00 to 03:00
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert week.next_change(before) == datetime(2026, 3, 30, 0, 0, tzinfo=UTC)


def test_an_hour_that_the_clock_repeats_lasts_two() -> None:
    week = nights(BERLIN, 2, 3)  # on 2026-10-25 the clock goes from 03:00 back to 02:00
    begin = week.next_change(datetime(2026, 10, 24, 22, 0, tzinfo=UTC))
    assert begin == datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    assert week.next_change(begin) == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham"])
def test_changes_are_found_to_the_minute_where_zones_are_odd(zone: str) -> None:
    week = nights(ZoneInfo(zone))
    moment = datetime(2026, 4, 1, tzinfo=UTC)
    for _ in range(30):
        change = week.next_change(moment)
        assert change is not None
        assert week.at(change - timedelta(minutes=1)) != week.at(change)
        assert change.astimezone(week.zone).minute == 0
        moment = change


@pytest.mark.parametrize("mode", list(Mode))
def test_a_week_of_one_kind_never_changes(mode: Mode) -> None:
    week = Week(mode.value * DAYS * HOURS, SAIGON)
    assert week.next_change(datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_ranges_run_over_midnight() -> None:
    assert hours_between(8, 10) == [8, 9]
    assert hours_between(22, 2) == [22, 23, 0, 1]
    assert hours_between(18, 0) == list(range(18, 24))
    assert hours_between(5, 5) == list(range(24))


def test_days_come_back_as_they_went() -> None:
    days = ["flp" * 8] * DAYS
    assert days_of(joined_days(days)) == days
    assert joined_days([]) == ALWAYS_FULL


@pytest.mark.parametrize("hours", ["", "f", "F" * 168, "f" * 169, "f" * 167 + "\0", "<b>" * 56])
def test_what_is_no_week_is_refused(hours: str) -> None:
    with pytest.raises(NotASchedule):
        Week(hours, SAIGON)


@pytest.mark.parametrize("name", ["", "Nowhere", "../../etc/passwd", "/etc/localtime", "Asia", "a\0b", "x" * 9999])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(NotASchedule):
        zone_named(name)
