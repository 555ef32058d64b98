"""Numbers, times and reasons as people read them. Registered as built-in template filters."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from downloads import labels
from hosts import registry

register = template.Library()
sentence = register.filter("sentence", labels.sentence)
STEPS = ("B", "KB", "MB", "GB", "TB", "PB")
NOTHING = "–"


@register.filter
def size(count: float | None) -> str:
    """Bytes with three significant digits, decimal units as disks and hosts count: 1.50 GB (or 1,50)."""
    if count is None:
        return NOTHING
    value = float(count)
    for step in STEPS:
        if value < 999.5 or step == STEPS[-1]:
            break
        value /= 1000
    digits = 0 if step == "B" or value >= 99.95 else 1 if value >= 9.995 else 2
    return f"{number_format(round(value, digits), digits)} {step}"


@register.filter
def speed(count: float | None) -> str:
    """Bytes per second."""
    return f"{size(count or 0)}/s"


@register.filter
def duration(seconds: float | None) -> str:
    """The two largest units: 45 s, 1 min 50 s, 2 h 5 min, 3 d 4 h."""
    if seconds is None:
        return NOTHING
    minutes, second = divmod(max(0, round(seconds)), 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    parts = [(day, _("d")), (hour, _("h")), (minute, _("min")), (second, _("s"))]
    first = next((index for index, (count, _unit) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count or first == len(parts) - 1)


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, in its largest unit."""
    if moment is None:
        return NOTHING
    seconds = (timezone.now() - moment).total_seconds()
    return _("just now") if seconds < 10 else _("{time} ago").format(time=coarse(seconds))


@register.filter
def until(moment: datetime | None) -> str:
    """How soon; a moment that has passed is about to be noticed."""
    if moment is None:
        return NOTHING
    seconds = (moment - timezone.now()).total_seconds()
    return _("any moment") if seconds < 1 else _("in {time}").format(time=coarse(seconds))


def coarse(seconds: float) -> str:
    """One unit is enough for a time that a page may show for a while."""
    for length in (86_400, 3_600, 60):
        if seconds >= length:
            return duration(seconds // length * length)
    return duration(seconds)


@register.filter
def iso(moment: datetime | None) -> str:
    """For the datetime attribute of <time>, which the browser turns into the reader's own clock."""
    return moment.isoformat(timespec="seconds") if moment else ""


@register.filter
def host_label(name: str) -> str:
    """A host as its owner writes it; the stored name for one that is not here any more."""
    return next((host.label for host in registry.HOSTS if host.name == name), name)
