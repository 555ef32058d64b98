"""Changing the user's settings: the same rules for the page, the setup and REST."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError

from downloads.labels import sentence
from downloads.models import Preferences
from flasharr import folders
from flasharr.folders import FolderRefused


def change(
    *, max_active: int | None = None, speed_limit: int | None = None, download_dir: str | None = None
) -> Preferences:
    """Change what is given: speed in bytes per second (0 is no limit), the folder by its full path ("" is the
    configured one). Raises ValidationError by field, and then nothing was changed.
    """
    preferences = Preferences.current()
    if max_active is not None:
        preferences.max_active = max_active
    if speed_limit is not None:
        preferences.speed_limit = speed_limit
    if download_dir is not None:
        preferences.download_dir = chosen(download_dir.strip())
    preferences.full_clean(exclude=["id"])
    preferences.save(update_fields=["max_active", "speed_limit", "download_dir"])
    return preferences


def chosen(text: str) -> str:
    """The folder to store. The configured one is stored as "", so that changing the configuration moves it."""
    configured = settings.FLASHARR["DOWNLOAD_DIR"]
    if not text or text == str(configured):
        return ""
    try:
        return str(folders.usable(text))
    except FolderRefused as problem:
        raise ValidationError({"download_dir": sentence(problem)}) from problem
