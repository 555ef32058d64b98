from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class DownloadsConfig(AppConfig):
    name = "downloads"
    verbose_name = "Downloads"

    def ready(self) -> None:
        from hosts.signals import account_usable

        account_usable.connect(wake_waiting)


def wake_waiting(host: str, **_: Any) -> None:
    """What waited for an account of this host may go on."""
    from downloads import actions
    from hosts.base import Cure

    actions.wake_host(host, [Cure.ACCOUNT])
