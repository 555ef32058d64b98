from __future__ import annotations

from django.http import HttpRequest
from ninja import Field, Router, Schema

from downloads.models import FASTEST, Preferences
from flasharr import preferences
from flasharr.api.access import Needs
from flasharr.api.shapes import Changes, Text
from flasharr.keys import Scope

router = Router(tags=["settings"])
SETTINGS = Needs(Scope.SETTINGS)


class SettingsOut(Schema):
    """`speed_limit` is in bytes a second, 0 for none."""

    max_active: int
    speed_limit: int
    download_dir: str


class SettingsIn(Changes):
    """Only what is given changes; an empty `download_dir` is the configured folder."""

    max_active: int | None = Field(None, ge=1, le=32)
    speed_limit: int | None = Field(None, ge=0, le=FASTEST)
    download_dir: Text | None = Field(None, max_length=2000)


def shown(current: Preferences) -> SettingsOut:
    return SettingsOut(max_active=current.max_active, speed_limit=current.speed_limit, download_dir=str(current.root))


@router.get("", auth=SETTINGS, response=SettingsOut)
def index(request: HttpRequest) -> SettingsOut:
    return shown(Preferences.current())


@router.patch("", auth=SETTINGS, response=SettingsOut)
def change(request: HttpRequest, change: SettingsIn) -> SettingsOut:
    return shown(preferences.change(**change.model_dump(exclude_unset=True)))
