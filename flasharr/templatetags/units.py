"""Numbers as people read them. Pure functions; registered as built-in template filters."""

from __future__ import annotations

from django import template

register = template.Library()
STEPS = ("B", "KB", "MB", "GB", "TB", "PB")


@register.filter
def size(count: float | None) -> str:
    """Bytes with three significant digits, decimal units as disks and hosts count: 1.50 GB."""
    if count is None:
        return "–"
    value = float(count)
    for step in STEPS:
        if value < 1000 or step == STEPS[-1]:
            break
        value /= 1000
    digits = 0 if step == "B" or value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f} {step}"
