"""An account as its card shows it: standing, days left, what runs with it, and what it has brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from downloads import usage
from hosts.models import Account

DAYS = 30
STEP, BAR, HEIGHT = 8, 6, 40  # of a bar in the view box of settings/_traffic.html


@dataclass(frozen=True, slots=True)
class Day:
    """`x`, `y` and `height` are where its bar stands."""

    day: date
    bytes: int
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Card:
    account: Account
    active: int
    days: list[Day]

    @property
    def today(self) -> int:
        return self.days[-1].bytes

    @property
    def in_all(self) -> int:
        return sum(day.bytes for day in self.days)


def cards() -> list[Card]:
    active = usage.active()
    return [card(account, active.get(account.pk, 0)) for account in Account.objects.all()]


def card(account: Account, active: int) -> Card:
    return Card(account, active, bars(usage.days(account.pk, DAYS)))


def bars(days: list[tuple[date, int]]) -> list[Day]:
    """A day with any bytes has a bar that can be seen."""
    top = max(count for _, count in days) or 1
    heights = [max(1.0, round(HEIGHT * count / top, 1)) if count else 0.0 for _, count in days]
    return [
        Day(day, count, place * STEP, round(HEIGHT - height, 1), height)
        for place, ((day, count), height) in enumerate(zip(days, heights, strict=True))
    ]
