from __future__ import annotations

from django import template

from downloads import labels
from downloads.states import Status

register = template.Library()


@register.filter
def status_word(status: str) -> str:
    return str(labels.WORDS[Status(status)])


@register.filter
def status_icon(status: str) -> str:
    return labels.ICONS[Status(status)]
