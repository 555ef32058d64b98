"""Changing the user's settings: the same rules for the page, the setup and REST."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, Unpack

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from downloads import actions
from downloads.labels import sentence
from downloads.models import NO_WEEK, Preferences
from downloads.schedule import NotASchedule, joined_days
from flasharr import folders
from flasharr.folders import FolderRefused
from hosts import network
from hosts.proxy import NotAProxy, Proxy, parse

NO_PROXY = _("This is no proxy. Give it like socks5h://name:1080 or http://name:3128.")
OF_THE_SCHEDULE = frozenset({"schedule", "time_zone"})


class Wishes(TypedDict, total=False):
    """Speeds in bytes per second (0 is no limit), the folder by its full path ("" is the configured one), the
    schedule as seven days of 24 letters or none at all, the time zone by its name ("" is the server's), the proxy by
    its address with what to sign in with ("" is none), the modes in octal digits."""

    max_active: int
    speed_limit: int
    download_dir: str
    schedule: Sequence[str]
    schedule_limit: int
    time_zone: str
    proxy: str
    file_mode: str
    folder_mode: str


def change(**given: Unpack[Wishes]) -> Preferences:
    """Change what is given. Raises ValidationError by field, and then nothing was changed."""
    wanted: dict[str, object] = dict(given)
    proxy = parsed(str(wanted.pop("proxy", "")))
    if "download_dir" in given:
        wanted["download_dir"] = chosen(given["download_dir"].strip())
    if "schedule" in given:
        wanted["schedule"] = joined(given["schedule"])
    if OF_THE_SCHEDULE & wanted.keys():
        wanted["schedule_ignored_until"] = None
    preferences = Preferences.current()
    for name, value in wanted.items():
        setattr(preferences, name, value)
    preferences.full_clean(exclude=["id"])
    preferences.save(update_fields=list(wanted))
    if OF_THE_SCHEDULE & wanted.keys():
        actions.wake_scheduled()
    if "proxy" in given:
        network.set_proxy(proxy)
        actions.wake_proxied()
    return preferences


def parsed(address: str) -> Proxy | None:
    if not address.strip():
        return None
    try:
        return parse(address)
    except NotAProxy as error:
        raise ValidationError({"proxy": NO_PROXY}) from error


def joined(days: Sequence[str]) -> str:
    """A week as it is stored; without days all hours are full."""
    try:
        return joined_days(days)
    except NotASchedule as error:
        raise ValidationError({"schedule": NO_WEEK}) from error


def chosen(text: str) -> str:
    """The folder to store. The configured one is stored as "", so that changing the configuration moves it."""
    configured = settings.FLASHARR["DOWNLOAD_DIR"]
    if not text or text == str(configured):
        return ""
    try:
        return str(folders.usable(text))
    except FolderRefused as problem:
        raise ValidationError({"download_dir": sentence(problem)}) from problem
