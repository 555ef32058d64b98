from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from downloads.models import Preferences
from downloads.schedule import ALWAYS_FULL, Mode, days_of
from downloads.states import Status
from downloads.timetable import CODE
from flasharr import preferences
from tests.downloads.conftest import make_download
from tests.flasharr.conftest import Program

WORDS = {"f": "Full speed", "l": "Limited", "p": "Paused"}


def week() -> list[str]:
    return days_of(Preferences.current().schedule)


def test_speeds_and_zone_are_saved(visitor: Client) -> None:
    sent = {"speed_limit": "2.5", "schedule_limit": "0.5", "time_zone": "Asia/Ho_Chi_Minh"}
    assert visitor.post("/settings/speed/", sent)["Location"] == "/settings/speed/"
    current = Preferences.current()
    assert (current.speed_limit, current.schedule_limit, current.time_zone) == (2_500_000, 500_000, "Asia/Ho_Chi_Minh")
    page = visitor.get("/settings/speed/").content.decode()
    assert 'value="2.5"' in page
    assert re.search(r'value="Asia/Ho_Chi_Minh"\s+selected', page)


@pytest.mark.parametrize(
    "wrong",
    [
        {"speed_limit": "-1"},
        {"speed_limit": "nan"},
        {"speed_limit": "1e300"},
        {"speed_limit": ""},
        {"schedule_limit": "0"},
        {"schedule_limit": "0.0000001"},
        {"time_zone": "Nowhere"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "UTC\0"},
    ],
)
def test_what_is_wrong_changes_nothing(visitor: Client, wrong: dict[str, str]) -> None:
    sent = {"speed_limit": "1", "schedule_limit": "1", "time_zone": "", **wrong}
    answer = visitor.post("/settings/speed/", sent)
    assert answer.status_code == 422
    assert 'class="errors"' in answer.content.decode()
    assert (Preferences.current().speed_limit, Preferences.current().time_zone) == (0, "")


def test_an_hour_goes_on_to_its_next_mode(visitor: Client, no_workers: list[str]) -> None:
    for letter in ("l", "p", "f"):
        assert visitor.post("/settings/speed/schedule/", {"cell": "6-23"})["Location"] == "/settings/speed/#schedule"
        assert week() == ["f" * 24] * 6 + ["f" * 23 + letter]
        assert f'aria-label="Sunday 23:00, {WORDS[letter]}"' in visitor.get("/settings/speed/").content.decode()


def test_many_hours_are_set_at_once(visitor: Client, no_workers: list[str]) -> None:
    visitor.post("/settings/speed/schedule/", {"days": ["0", "4"], "first": "22", "last": "2", "mode": "p"})
    night = "pp" + "f" * 20 + "pp"
    assert week() == [night, *["f" * 24] * 3, night, *["f" * 24] * 2]


def test_htmx_gets_the_schedule_alone(visitor: Client, no_workers: list[str]) -> None:
    answer = visitor.post("/settings/speed/schedule/", {"cell": "0-0"}, headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<section id="schedule"')


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"cell": "7-0"},
        {"cell": "0-24"},
        {"cell": "0-0\n"},
        {"cell": "<b>"},
        {"days": ["0"], "first": "8", "last": "9", "mode": "x"},
        {"days": ["7"], "first": "8", "last": "9", "mode": "p"},
        {"days": [], "first": "8", "last": "9", "mode": "p"},
        {"days": ["0"], "first": "-1", "last": "99", "mode": "p"},
    ],
)
def test_hours_that_there_are_not_change_nothing(visitor: Client, wrong: dict[str, str]) -> None:
    assert visitor.post("/settings/speed/schedule/", wrong).status_code == 422
    assert Preferences.current().schedule == ALWAYS_FULL


def test_a_new_schedule_lets_the_engine_look_again(no_workers: list[str], db: None) -> None:
    row = make_download(Status.WAITING, reason_code=CODE, reason_until=datetime.now(UTC) + timedelta(hours=9))
    other = make_download(Status.WAITING, reason_code="host_busy")
    Preferences.objects.update_or_create(pk=1, defaults={"schedule_ignored_until": datetime.now(UTC)})
    preferences.change(schedule=["f" * 24] * 7)
    for one in (row, other):
        one.refresh_from_db()
    assert (row.status, other.status) == ("queued", "waiting")
    assert Preferences.current().schedule_ignored_until is None


def test_programs_read_and_change_it(program: Program, no_workers: list[str]) -> None:
    now = datetime.now(UTC)
    hours = "".join("p" if hour in (now.hour, (now.hour + 1) % 24) else "f" for hour in range(24))
    changed = program("PATCH", "settings", {"schedule": [hours] * 7, "schedule_limit": 9, "time_zone": "UTC"})
    assert (changed["schedule"], changed["schedule_limit"], changed["time_zone"]) == ([hours] * 7, 9, "UTC")
    assert program("POST", "settings/schedule/ignore")["schedule_ignored_until"]
    assert program("POST", "settings/schedule/follow")["schedule_ignored_until"] is None
    program("PATCH", "settings", {"schedule": []})
    assert Preferences.current().schedule == Mode.FULL.value * 168
    program("POST", "settings/schedule/ignore")
    assert program.status == 409


def test_the_page_is_for_those_who_may_change_settings(db: None) -> None:
    assert Client().post("/settings/speed/schedule/", {"cell": "0-0"}).status_code in (302, 403)
    assert not Preferences.objects.exclude(schedule=ALWAYS_FULL).exists()
