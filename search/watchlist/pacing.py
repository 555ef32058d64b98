"""When a wanted title is looked for again. PURE."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

NEW, RECENT = timedelta(days=14), timedelta(days=90)
OFTEN, SOMETIMES, SELDOM = timedelta(hours=3), timedelta(hours=12), timedelta(hours=36)
AFTER_TROUBLE = timedelta(hours=1)
AFTER_A_GRAB = timedelta(minutes=30)  # a file that proves dead is known by then, and the next best is taken
LONGEST = timedelta(days=7)
JITTER = 0.2
MORNING = time(6)  # files of an episode come some hours after it


def after_a_miss(newest: date | None, now: datetime) -> datetime:
    """What came out lately is looked for often. `newest` is the day on which the newest missing part came out."""
    age = now.date() - newest if newest else RECENT
    pause = OFTEN if age <= NEW else SOMETIMES if age <= RECENT else SELDOM
    return now + jittered(pause)


def before(day: date | None, now: datetime) -> datetime:
    """For what is still to come: its day, though at least once a week, for days are moved."""
    latest = now + jittered(LONGEST)
    if day is None:
        return latest
    dawn = datetime.combine(day, MORNING, now.tzinfo) + jittered(OFTEN)
    return max(now + timedelta(hours=1), min(dawn, latest))


def jittered(pause: timedelta) -> timedelta:
    """So that not all installations, and not all titles, ask at the same moment."""
    return pause * random.uniform(1 - JITTER, 1 + JITTER)
