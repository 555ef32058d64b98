"""Which folders may take downloads. Checked where one is chosen; the engine checks every path again."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings

from hosts.base import Cure, Problem, gettext_noop

SYSTEM = (
    *("bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libexec", "libx32", "lost+found"),
    *("proc", "run", "sbin", "snap", "sys", "usr"),
)
SYSTEM_BELOW_VAR = ("backups", "cache", "log", "mail", "run", "spool")
SHARED = ("/home", "/opt", "/root", "/tmp", "/var", "/var/lib", "/var/tmp")  # noqa: S108 - refused, not used
HOMES = Path("/home")
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
    """Refuse folders of the system, of users and of Flasharr itself. `folder` is resolved."""
    if is_system(folder):
        raise FolderRefused(
            gettext_noop("{folder} belongs to the system. Choose a folder that is for downloads only."),
            folder=str(folder),
        )
    if is_private(folder):
        raise FolderRefused(
            gettext_noop("{folder} is hidden, or the home of a user. Choose a folder that is for downloads only."),
            folder=str(folder),
        )
    if is_own(folder):
        raise FolderRefused(
            gettext_noop("{folder} holds Flasharr's own files. Choose a folder that is for downloads only."),
            folder=str(folder),
        )


def is_system(folder: Path) -> bool:
    """Does the system keep its files there, or run what it finds there?"""
    top, *below = (*folder.parts[1:], "")
    if not top or top in SYSTEM or str(folder) in SHARED:
        return True
    return top == "var" and below[0] in SYSTEM_BELOW_VAR


def is_private(folder: Path) -> bool:
    """Programs keep settings and keys in hidden folders, and obey what lies in the home itself."""
    home = folder == Path.home().resolve() or folder.parent == HOMES
    return home or any(part.startswith(".") for part in folder.relative_to(configured(folder) or "/").parts)


def is_own(folder: Path) -> bool:
    """Would downloads end up beside the program, its database or its secrets?"""
    if configured(folder):
        return False
    own = (settings.FLASHARR["DATA_DIR"].resolve(), settings.BASE_DIR.resolve())
    return any(folder == place or place in folder.parents or folder in place.parents for place in own)


def configured(folder: Path) -> Path | None:
    """The folder above this one, or this one, that was set aside for downloads by whoever runs the machine."""
    allowed = (settings.FLASHARR["DOWNLOAD_DIR"].resolve(), (settings.FLASHARR["DATA_DIR"] / "downloads").resolve())
    return next((place for place in allowed if folder == place or place in folder.parents), None)
