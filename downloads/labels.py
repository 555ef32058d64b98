"""How a status is called and drawn, in one place for pages, admin and live rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Protocol

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from downloads.states import Status
from hosts.base import fill, gettext_noop

WORDS: dict[Status, Promise] = {
    Status.QUEUED: _("Queued"),
    Status.RESOLVING: _("Asking the host"),
    Status.DOWNLOADING: _("Downloading"),
    Status.VERIFYING: _("Checking"),
    Status.WAITING: _("Waiting"),
    Status.PAUSED: _("Paused"),
    Status.COMPLETED: _("Completed"),
    Status.FAILED: _("Failed"),
}

ICONS: dict[Status, str] = {
    Status.QUEUED: "clock",
    Status.RESOLVING: "scan-search",
    Status.DOWNLOADING: "download",
    Status.VERIFYING: "shield-check",
    Status.WAITING: "hourglass",
    Status.PAUSED: "pause",
    Status.COMPLETED: "circle-check",
    Status.FAILED: "circle-alert",
}

DETAILS = frozenset(
    [
        # of the engine
        gettext_noop("compressed"),
        gettext_noop("broken chunks"),
        gettext_noop("an unasked part"),
        gettext_noop("another part"),
        gettext_noop("a part of an unknown length"),
        gettext_noop("more or fewer bytes than asked"),
        gettext_noop("more bytes than asked"),
        gettext_noop("the whole file"),
        gettext_noop("more bytes than it announced"),
        gettext_noop("more bytes than the file has"),
        gettext_noop("too many redirects"),
        gettext_noop("timed out"),
        gettext_noop("the name is not known"),
        gettext_noop("no secure connection could be agreed on"),
        gettext_noop("the connection was lost"),
        gettext_noop("it is no such proxy"),
        gettext_noop("the address is not valid"),
        gettext_noop("what was written reads back differently"),
        gettext_noop("its thread died"),
        # of the operating system
        gettext_noop("connection refused"),
        gettext_noop("connection reset by peer"),
        gettext_noop("network is unreachable"),
        gettext_noop("no route to host"),
        gettext_noop("permission denied"),
        gettext_noop("read-only file system"),
        gettext_noop("no space left on device"),
        gettext_noop("disk quota exceeded"),
        gettext_noop("not a directory"),
        gettext_noop("file name too long"),
        gettext_noop("input/output error"),
    ]
)


DAY = re.compile(r"\d{4}-\d\d-\d\d")
SIZE = re.compile(r"([0-9]+\.[0-9]) ([KMGTPE]B)")  # as space.readable() writes it


class HasSentence(Protocol):
    """A Reason or a Problem: a sentence template in English and its values."""

    @property
    def sentence(self) -> str: ...

    @property
    def params(self) -> Mapping[str, str | int]: ...


def sentence(reason: HasSentence | None) -> str:
    """A reason or a problem in the reader's language, its values filled in."""
    if not reason or not reason.sentence:
        return ""
    return fill(gettext(reason.sentence), {name: value(name, it) for name, it in reason.params.items()})


def value(name: str, it: str | int) -> str:
    """A value in the reader's language: numbers, sizes and days are localised, a `detail` of DETAILS is translated."""
    if isinstance(it, int):
        return str(number_format(it, use_l10n=True, force_grouping=True))
    if name == "day" and DAY.fullmatch(it):
        return date_format(date.fromisoformat(it), "DATE_FORMAT")
    if size := SIZE.fullmatch(it):
        return f"{number_format(float(size[1]), 1, use_l10n=True)} {size[2]}"
    return gettext(it.lower()) if name == "detail" and it.lower() in DETAILS else it
