"""A download as programs see it: the same fields from REST and from the commands."""

from __future__ import annotations

from typing import Any

from downloads.models import Download, Priority
from downloads.states import Reason, Status

PRIORITIES = {"low": Priority.LOW, "normal": Priority.NORMAL, "high": Priority.HIGH}
PRIORITY_NAMES = {int(value): name for name, value in PRIORITIES.items()}


def of(row: Download) -> dict[str, Any]:
    """`size`, `downloaded` in bytes, `speed` and `speed_limit` (0 for none) in bytes a second, `eta` in seconds,
    `progress` from 0 to 100.

    `directory` is below the download folder, `path` is the finished file, `error` says why it failed.
    `account` is the e-mail address of the one that was used last.
    """
    why = row.reason
    return {
        "id": row.pk,
        "url": row.url,
        "host": row.host,
        "name": (row.path and row.name) or row.filename or row.name or row.url,
        "directory": row.directory,
        "path": row.path or None,
        "status": row.status,
        "reason": reason_of(why) if why else None,
        "warning": {"code": row.warning.code, "message": row.warning.message} if row.warning else None,
        "checksum": row.checksum or None,
        "progress": row.progress,
        "size": row.size,
        "downloaded": row.downloaded,
        "speed": row.speed,
        "eta": row.eta,
        "speed_limit": row.speed_limit,
        "priority": PRIORITY_NAMES.get(row.priority, "normal"),
        "batch": row.batch_id,
        "account": row.account_email or None,
        "created_at": row.created_at,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "error": why.message if why and row.status == Status.FAILED else None,
    }


def reason_of(why: Reason) -> dict[str, Any]:
    """`until` is when it goes on by itself, `action` what the user can do: retry, resume, password, account ..."""
    return {"code": why.code, "message": why.message, "until": why.until, "action": why.cure.value or None}
