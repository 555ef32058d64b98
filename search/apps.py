from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from django.db.models.signals import pre_delete

        from downloads import queries
        from downloads.models import Download
        from downloads.signals import watch_looked, workers_stopping
        from hosts.signals import account_usable

        queries.RELATED.append("chosen")
        account_usable.connect(wake_waiting)
        watch_looked.connect(start_crawl)
        watch_looked.connect(start_watchlist)
        workers_stopping.connect(stop_crawl)
        pre_delete.connect(remember_removed, sender=Download)


def remember_removed(instance: Any, **_signal: Any) -> None:
    """A removed row goes for good: what it says about its file and about the user's wishes stays."""
    from search.grab import unusable
    from search.watchlist import declined

    unusable.keep(instance)
    declined.keep(instance)


def wake_waiting(host: str, **_signal: Any) -> None:
    """What waited for an account of this host may go on."""
    from search.catalogue import actions

    actions.wake_host(host)


def start_crawl(**_signal: Any) -> None:
    from search.catalogue import wake

    wake.crawler()
    wake.forgetter()


def start_watchlist(**_signal: Any) -> None:
    from search.watchlist import wake

    wake.checker()


def stop_crawl(**_signal: Any) -> None:
    from search.catalogue import wake

    wake.stop()
