"""The clock that people read times on, and that days are counted by: the user's time zone, else the server's."""

from __future__ import annotations

from django.utils import timezone

from downloads.models import Preferences
from downloads.schedule import NotASchedule


def follow(preferences: Preferences | None = None) -> None:
    """From now on, in this thread or request. A zone that this system does not know is the server's."""
    try:
        timezone.activate((preferences or Preferences.current()).zone)
    except NotASchedule:
        timezone.deactivate()
