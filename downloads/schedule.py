"""The weekly schedule: what each hour of the week allows, in one time zone. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

DAYS, HOURS = 7, 24
STEP = timedelta(minutes=15)  # clocks everywhere differ from UTC by whole quarters of an hour
FURTHEST = timedelta(days=8)


class Mode(StrEnum):
    """The letter is how an hour is stored."""

    FULL = "f"
    LIMITED = "l"
    PAUSED = "p"


ALWAYS_FULL = Mode.FULL.value * DAYS * HOURS


class NotASchedule(ValueError):
    """A text that does not hold one known letter for each hour of the week, or a zone that is not known."""


@dataclass(frozen=True)
class Week:
    """`hours` has a letter for each hour, Monday's first."""

    hours: str
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if len(self.hours) != DAYS * HOURS or not set(self.hours) <= set(Mode):
            raise NotASchedule(f"A week is {DAYS * HOURS} of the letters f, l and p.")

    def at(self, now: datetime) -> Mode:
        """What holds at an (aware) moment, by the clock on the wall there and then."""
        local = now.astimezone(self.zone)
        return Mode(self.hours[local.weekday() * HOURS + local.hour])

    def next_change(self, now: datetime) -> datetime | None:
        """When it allows something else than now, in UTC; None when all hours are alike.

        Looks at real moments one after the other, so an hour that the clock skips or repeats is none or two.
        """
        present = self.at(now)
        if self.hours == present.value * len(self.hours):
            return None
        start = now.astimezone(UTC)
        moment = start - timedelta(minutes=start.minute % 15, seconds=start.second, microseconds=start.microsecond)
        while moment - start < FURTHEST:
            moment += STEP
            if self.at(moment) != present:
                return moment
        return None

    def painted(self, days: Iterable[int], hours: Iterable[int], mode: Mode) -> Week:
        """The same with these hours of these days (0 is Monday) changed."""
        hours = list(hours)
        letters = list(self.hours)
        for day in days:
            for hour in hours:
                letters[day * HOURS + hour] = mode.value
        return Week("".join(letters), self.zone)


def joined_days(days: Sequence[str]) -> str:
    """Seven days of letters as `Week.hours`; none at all is full speed always. Raises NotASchedule."""
    if days and [len(day) for day in days] != [HOURS] * DAYS:
        raise NotASchedule(f"A week is {DAYS} days of {HOURS} letters.")
    return "".join(days) or ALWAYS_FULL


def days_of(hours: str) -> list[str]:
    """What `joined_days` joined."""
    return [hours[start : start + HOURS] for start in range(0, DAYS * HOURS, HOURS)]


def hours_between(first: int, last: int) -> list[int]:
    """From the hour `first` until the hour `last` begins, past midnight too (of the same day); equal is all day."""
    if first == last:
        return list(range(HOURS))
    return [hour % HOURS for hour in range(first, last if last > first else last + HOURS)]


@lru_cache(maxsize=1)
def zone_names() -> list[str]:
    """Sorted. Asking the system takes a tenth of a second."""
    return sorted(available_timezones())


def zone_named(name: str) -> ZoneInfo:
    """An IANA time zone. Raises NotASchedule for any other text, whatever is in it."""
    if name not in zone_names():
        raise NotASchedule(f"{name!r} is no time zone. Zones are named like Asia/Ho_Chi_Minh.")
    return ZoneInfo(name)
