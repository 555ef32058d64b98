"""What the user's schedule allows now, as the engine follows it and as the pages say it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from downloads.models import Preferences
from downloads.schedule import Mode, NotASchedule, Week
from downloads.states import Reason
from hosts.base import Cure, gettext_noop

log = logging.getLogger(__name__)

CODE = "schedule"
UNTIL = gettext_noop("Paused by the schedule until {time}.")
ALWAYS = gettext_noop("Paused by the schedule, which allows no hour of the week.")


@dataclass(frozen=True, slots=True)
class Allowed:
    """`rate` is in bytes per second, 0 for no limit."""

    is_paused: bool
    rate: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the pages say while the schedule holds something back, or would if it were not ignored.

    `time` is when that ends, on the schedule's clock; "" when it never does.
    """

    is_paused: bool
    is_ignored: bool
    rate: int
    time: str


def allowed(preferences: Preferences, now: datetime) -> Allowed:
    """A schedule that cannot be read (its time zone is gone) holds nothing back."""
    week = readable(preferences)
    mode = Mode.FULL if week is None or is_ignored(preferences, now) else week.at(now)
    return Allowed(mode == Mode.PAUSED, limited(preferences) if mode == Mode.LIMITED else preferences.speed_limit)


def limited(preferences: Preferences) -> int:
    """The speed of a limited hour, never above the limit for all hours."""
    return min(filter(None, (preferences.schedule_limit, preferences.speed_limit)))


def reason(preferences: Preferences, now: datetime) -> Reason:
    """Why rows wait while the schedule pauses."""
    until = preferences.week.next_change(now)
    if until is None:
        return Reason(CODE, ALWAYS, cure=Cure.SCHEDULE)
    return Reason(CODE, UNTIL, {"time": spoken(until, preferences.week, now)}, until, Cure.SCHEDULE)


def standing(preferences: Preferences, now: datetime) -> Standing | None:
    """None when the schedule allows everything now."""
    week = readable(preferences)
    if week is None or (mode := week.at(now)) == Mode.FULL:
        return None
    until = week.next_change(now)
    time = spoken(until, week, now) if until else ""
    return Standing(mode == Mode.PAUSED, is_ignored(preferences, now), limited(preferences), time)


def is_ignored(preferences: Preferences, now: datetime) -> bool:
    return preferences.schedule_ignored_until is not None and now < preferences.schedule_ignored_until


def readable(preferences: Preferences) -> Week | None:
    try:
        week: Week = preferences.week
    except NotASchedule as error:
        log.warning("The schedule is not followed: %s", error)
        return None
    return week


def spoken(moment: datetime, week: Week, now: datetime) -> str:
    """A time on the schedule's clock, with its day when that is not within a day."""
    local = moment.astimezone(week.zone)
    return f"{local:%H:%M}" if moment - now <= timedelta(days=1) else f"{local:%Y-%m-%d %H:%M}"
