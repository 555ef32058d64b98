"""The one line that stands above every page: speed, counts, what is left, free space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from downloads import queries, timetable
from downloads.engine.space import UNTOLD, free_bytes
from downloads.models import Preferences
from downloads.queries import Totals
from downloads.states import Reason
from downloads.timetable import Standing

WIDTH, HEIGHT = 120, 28  # the view box of the sparkline in _totals.html
SAMPLES = 120


@dataclass(frozen=True, slots=True)
class Overview:
    """`version` is the newest change that the numbers know of; `free` is in bytes, None when the disk does not say."""

    version: int
    totals: Totals
    speeds: Sequence[int]
    free: int | None
    engine_is_missing: bool = False
    schedule: Standing | None = None
    no_network: Reason | None = None

    @property
    def sparkline(self) -> str:
        """Points of an SVG polyline, the newest sample at the right edge."""
        samples = [0] * (SAMPLES - len(self.speeds)) + list(self.speeds)[-SAMPLES:]
        top = max(samples) or 1
        step = WIDTH / (SAMPLES - 1)
        return " ".join(
            f"{index * step:.1f},{HEIGHT - 1 - sample / top * (HEIGHT - 2):.1f}" for index, sample in enumerate(samples)
        )


def current() -> Overview:
    version = queries.version()  # before the numbers, so that they are never older than it says
    preferences = Preferences.current()
    free, missing = free_space(preferences), queries.engine_is_missing()
    standing = timetable.standing(preferences, timezone.now())
    totals = queries.totals()
    waiting = queries.offline().first() if totals.offline else None
    offline = waiting.reason if waiting else None
    return Overview(version, totals, queries.speeds(), free, missing, standing, offline)


def free_space(preferences: Preferences | None = None) -> int | None:
    try:
        free = free_bytes((preferences or Preferences.current()).root)
    except OSError:
        return None
    return None if free == UNTOLD else free
