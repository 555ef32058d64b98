"""Single values out of foreign JSON: what is of another kind counts as absent. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from hosts.base import encodable

IMAGE = re.compile(r"/[A-Za-z0-9_-]{1,120}\.(?:jpg|jpeg|png|webp)")
LONGEST_TEXT = 10_000


def text(value: Any) -> str:
    return encodable(value.strip()[:LONGEST_TEXT]) if isinstance(value, str) else ""


def whole(value: Any) -> int | None:
    """A number above 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53 else None


def count(value: Any) -> int:
    return whole(value) or 0


def number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and -1e9 < value < 1e9 else 0.0


def day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def image(value: Any) -> str:
    """The path of a picture that we would show, else ""."""
    return value if isinstance(value, str) and IMAGE.fullmatch(value) else ""


def fields(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def rows(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list."""
    return (row for row in items(value) if isinstance(row, dict))
