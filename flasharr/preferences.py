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
    given: dict[str, int | str | None] = {"max_active": max_active, "speed_limit": speed_limit}
    given["download_dir"] = None if download_dir is None else chosen(download_dir.strip())
    preferences = Preferences.current()
    changed = [name for name, value in given.items() if value is not None]
    for name in changed:
        setattr(preferences, name, given[name])
    preferences.full_clean(exclude=["id"])
    preferences.save(update_fields=changed)
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
