from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from downloads import actions
from downloads.models import FASTEST, Preferences
from downloads.schedule import days_of
from flasharr import preferences
from flasharr.api.access import Needs
from flasharr.api.errors import NotPossible
from flasharr.api.shapes import Changes, Text
from flasharr.keys import Scope
from hosts import network

router = Router(tags=["settings"])
SETTINGS = Needs(Scope.SETTINGS)


class SettingsOut(Schema):
    """Speeds are in bytes a second, 0 for none.

    `schedule` has a text for each day, Monday first, with a letter for each hour: f full, l limited (to
    `schedule_limit`), p paused. `time_zone` is the clock that it goes by, empty for the server's.
    `file_mode` and `folder_mode` are octal digits.
    `proxy` comes without what it signs in with, and may be given with it: scheme://user:password@name:port.
    """

    max_active: int
    speed_limit: int
    download_dir: str
    schedule: list[str]
    schedule_limit: int
    schedule_ignored_until: datetime | None
    time_zone: str
    file_mode: str
    folder_mode: str
    proxy: str
    proxy_signs_in: bool


class SettingsIn(Changes):
    """Only what is given changes; an empty `download_dir` is the configured folder, an empty `schedule` is none."""

    max_active: int | None = Field(None, ge=1, le=32)
    speed_limit: int | None = Field(None, ge=0, le=FASTEST)
    download_dir: Text | None = Field(None, max_length=2000)
    schedule: list[Text] | None = Field(None, max_length=7)
    schedule_limit: int | None = Field(None, ge=1, le=FASTEST)
    time_zone: Text | None = Field(None, max_length=64)
    file_mode: Text | None = Field(None, max_length=4)
    folder_mode: Text | None = Field(None, max_length=4)
    proxy: Text | None = Field(None, max_length=1000)


def shown(current: Preferences) -> SettingsOut:
    proxy = network.proxy()
    return SettingsOut(
        max_active=current.max_active,
        speed_limit=current.speed_limit,
        download_dir=str(current.root),
        schedule=days_of(current.schedule),
        schedule_limit=current.schedule_limit,
        schedule_ignored_until=current.schedule_ignored_until,
        time_zone=current.time_zone,
        file_mode=current.file_mode,
        folder_mode=current.folder_mode,
        proxy=proxy.address if proxy else "",
        proxy_signs_in=bool(proxy and proxy.username),
    )


@router.get("", auth=SETTINGS, response=SettingsOut)
def index(request: HttpRequest) -> SettingsOut:
    return shown(Preferences.current())


@router.patch("", auth=SETTINGS, response=SettingsOut)
def change(request: HttpRequest, change: SettingsIn) -> SettingsOut:
    return shown(preferences.change(**change.model_dump(exclude_unset=True)))


@router.post("/schedule/ignore", auth=SETTINGS, response=SettingsOut)
def ignore_schedule(request: HttpRequest) -> SettingsOut:
    """Full speed until the schedule would change anyway."""
    if not actions.ignore_schedule(timezone.now()):
        raise NotPossible("The schedule holds nothing back now, or it never changes.")
    return shown(Preferences.current())


@router.post("/schedule/follow", auth=SETTINGS, response=SettingsOut)
def follow_schedule(request: HttpRequest) -> SettingsOut:
    """Take ignoring the schedule back."""
    actions.follow_schedule()
    return shown(Preferences.current())
