"""Secrets that live in the data directory, made once, readable by the owner only."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret_key(data_dir: Path) -> str:
    """The installation's secret key, generated at the first start. Raises ImproperlyConfigured."""
    return read_or_make(data_dir, "secret_key", lambda: secrets.token_urlsafe(48))


def read_or_make(data_dir: Path, name: str, make: Callable[[], str]) -> str:
    """The content of <data>/secrets/<name>, made with mode 0600 when it is missing.

    It appears whole or not at all: processes that start together agree on one value.
    """
    path = data_dir / "secrets" / name
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_once(path, make())
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data directory {data_dir} cannot be used: {error.strerror}. Give the user that runs Flasharr "
            "write access to it, or set FLASHARR_DATA_DIR to another folder."
        ) from error


def write_once(path: Path, text: str) -> None:
    """Write a new file with mode 0600; when another process was first, its content stays."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()
