"""Which folders may take downloads. Checked where one is chosen; the engine checks every path again."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings

from hosts.base import Cure, Problem, gettext_noop

SYSTEM = ("bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "sbin", "sys", "usr")
SHARED = (
    "/home",
    "/opt",
    "/root",
    "/run",
    "/tmp",  # noqa: S108 - refused, not used
    "/var",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/spool",
)
LONGEST = 2000


class FolderRefused(Problem):
    """The folder may not or cannot take downloads; nothing was changed."""

    code = "folder_refused"
    permanent = True
    cure = Cure.SETTINGS


def usable(text: str) -> Path:
    """The folder of this name, made when it is missing and proven writable. Raises FolderRefused."""
    if not text or "\0" in text or len(text) > LONGEST or not Path(text).is_absolute():
        raise FolderRefused(gettext_noop("Enter the full path of a folder, beginning with /."))
    try:
        folder = Path(text).resolve()
        require_harmless(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise FolderRefused(
            gettext_noop("The folder {folder} cannot be written: {detail}. Correct its permissions or choose another."),
            folder=text,
            detail=error.strerror or str(error),
        ) from error
    return folder


def require_harmless(folder: Path) -> None:
    """Refuse folders of the system and of Flasharr itself. `folder` is resolved."""
    top = folder.parts[1] if len(folder.parts) > 1 else ""
    if not top or top in SYSTEM or str(folder) in SHARED:
        raise FolderRefused(
            gettext_noop("{folder} belongs to the system. Choose a folder that is for downloads only."),
            folder=str(folder),
        )
    if is_own(folder):
        raise FolderRefused(
            gettext_noop("{folder} holds Flasharr's own files. Choose a folder that is for downloads only."),
            folder=str(folder),
        )


def is_own(folder: Path) -> bool:
    """Would downloads end up beside the program, its database or its secrets?"""
    allowed = (settings.FLASHARR["DOWNLOAD_DIR"].resolve(), (settings.FLASHARR["DATA_DIR"] / "downloads").resolve())
    if any(folder == place or place in folder.parents for place in allowed):
        return False
    own = (settings.FLASHARR["DATA_DIR"].resolve(), settings.BASE_DIR.resolve())
    return any(folder == place or place in folder.parents or folder in place.parents for place in own)
