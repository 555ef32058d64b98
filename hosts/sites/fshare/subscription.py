"""Which account is VIP, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hosts.base import AccountInfo
from hosts.sites.fshare.answers import whole

LIFETIME = "forever"
ALWAYS_VIP = ("bundle", "adsl2plus")  # sold with an internet connection, without an end of their own
VIP_LEVEL = 3
LEVELS = ("level", "user_level", "account_level")
EMAILS = ("email", "user_email", "login")
KNOWN_BY = {*LEVELS, *EMAILS, "account_type", "expire_vip"}  # without any of these it is no account
LONGEST_KIND = 40  # characters; it is only shown
LAST_SECOND = 253_402_300_799  # 9999-12-31


def account_info(fields: Mapping[str, Any], email: str, now: datetime) -> AccountInfo:
    """The account from user/get, whose numbers are strings and whose fields differ between account kinds."""
    kind = str(fields.get("account_type") or "").strip()[:LONGEST_KIND]
    ends = fields.get("expire_vip")
    lifetime = LIFETIME in (kind.lower(), str(ends).strip().lower())
    until = None if lifetime else _moment(ends)
    if lifetime or kind.lower() in ALWAYS_VIP:
        is_vip = True
    elif ends is not None:
        is_vip = until is not None and until > now
    else:
        level = whole(_first(fields, LEVELS))
        is_vip = kind.lower() == "vip" or (level is not None and level >= VIP_LEVEL)
    return AccountInfo(
        str(_first(fields, EMAILS) or email), kind or ("Vip" if is_vip else "Member"), is_vip, until, lifetime
    )


def _first(fields: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """The value under the first of the names that has one."""
    return next((fields[name] for name in names if fields.get(name)), None)


def _moment(value: object) -> datetime | None:
    seconds = whole(value)
    if seconds is None or not 0 < seconds <= LAST_SECOND:
        return None
    return datetime.fromtimestamp(seconds, UTC)
