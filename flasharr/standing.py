"""How the whole installation is doing, for pages, health checks and commands."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypedDict

from django.db import DatabaseError
from django.utils import timezone

from downloads import lease, queries
from downloads.models import Preferences
from hosts import accounts, registry
from hosts.base import Problem

ENGINE_STARTS_WITHIN = timedelta(seconds=15)


class Check(TypedDict):
    """One thing that must be well. `message` says what is wrong and what to do."""

    ok: bool
    message: str


class Space(TypedDict):
    """Room on the file system of a download folder, in bytes; None when it cannot be reached."""

    path: str
    free: int | None
    total: int | None


def engine_alive(now: datetime | None = None) -> bool:
    """False when there is work and nobody does it. Without work the engine rests, and that is well."""
    now = now or timezone.now()
    row = queries.lease()
    if lease.is_alive(row, now):
        return True
    return queries.is_fresh(row.requested_at, now, ENGINE_STARTS_WITHIN) or not queries.work_due(now)


def checks() -> dict[str, Check]:
    """Everything that downloads need. Never raises: what cannot be asked is not well."""
    try:
        return {
            "database": {"ok": True, "message": f"Version {queries.version()} of the queue."},
            "download_folder": folder_check(Preferences.current().root),
            "engine": engine_check(),
            "accounts": account_check(),
        }
    except DatabaseError as error:
        return {"database": {"ok": False, "message": f"The database does not answer: {error}."}}


def folder_check(folder: Path) -> Check:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return {"ok": True, "message": str(folder)}
    except OSError as error:
        return {"ok": False, "message": f"The download folder {folder} cannot be written: {error.strerror}."}


def engine_check() -> Check:
    if engine_alive():
        return {"ok": True, "message": ""}
    return {"ok": False, "message": "No worker is running. Start one with: manage.py worker"}


def account_check() -> Check:
    """Accounts matter once there is one: without any, direct links still work."""
    for host in registry.HOSTS:
        try:
            if host.needs_account:
                accounts.usable(host.name)
        except Problem as problem:
            configured = problem.code != "account_missing"
            return {"ok": not configured, "message": problem.message}
    return {"ok": True, "message": ""}


def spaces() -> list[Space]:
    """Room at every folder that downloads go to now."""
    roots = {str(Preferences.current().root), *queries.queue().order_by().values_list("root", flat=True).distinct()}
    return [space(Path(root)) for root in sorted(roots)]


def space(folder: Path) -> Space:
    """A folder that does not exist yet has the room of the nearest one that does."""
    try:
        nearest = next((place for place in (folder, *folder.parents) if place.exists()), Path("/"))
        numbers = os.statvfs(nearest)
    except OSError:
        return {"path": str(folder), "free": None, "total": None}
    return {
        "path": str(folder),
        "free": numbers.f_bavail * numbers.f_frsize,
        "total": numbers.f_blocks * numbers.f_frsize,
    }
