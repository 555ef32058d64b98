"""How a status is called and drawn, in one place for pages, admin and live rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from downloads.states import Status
from hosts.base import fill

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


class HasSentence(Protocol):
    """A Reason or a Problem: a sentence template in English and its values."""

    @property
    def sentence(self) -> str: ...

    @property
    def params(self) -> Mapping[str, str | int]: ...


def sentence(reason: HasSentence | None) -> str:
    """A reason or a problem in the reader's language, its values filled in."""
    return fill(gettext(reason.sentence), reason.params) if reason and reason.sentence else ""
