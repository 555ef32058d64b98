from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DownloadsConfig(AppConfig):
    name = "downloads"
    verbose_name = _("Downloads")

    def ready(self) -> None:
        from hosts.signals import account_usable

        account_usable.connect(wake_waiting)


def wake_waiting(host: str, **_signal: Any) -> None:
    """What waited for an account of this host may go on."""
    from downloads import actions
    from hosts.base import Cure

    actions.wake_host(host, [Cure.ACCOUNT])
