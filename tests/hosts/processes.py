"""What tests run in processes of their own: spawned ones, which import this module and therefore set Django up."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event

import django
from django.apps import apps
from django.conf import settings
from django.db import connections

if not apps.ready:
    django.setup()

from hosts import accounts, registry
from hosts.models import Account
from hosts.sessions import file_lock

THREADS = 4


def hold_lock(data_dir: str, name: str, held: Event) -> None:
    """Take a lock and sit on it until killed."""
    settings.FLASHARR["DATA_DIR"] = data_dir
    with file_lock(name):
        held.set()
        signal.pause()


def resolve_file(database: str, data_dir: str, config: dict[str, str], begin: Event, account_id: int) -> None:
    """Resolve FILE01 in four threads at once with the account's stored session."""
    settings.FLASHARR["DATA_DIR"] = data_dir
    settings.HOST_CONFIG.update(config)
    connections.settings["default"]["NAME"] = database
    match = registry.find("https://www.fshare.vn/file/FILE01")
    assert match is not None
    host, link = match

    def resolve(_: int) -> None:
        begin.wait()
        try:
            host.resolve(link, accounts.context_for(host, Account.objects.get(pk=account_id)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(resolve, range(THREADS)))
