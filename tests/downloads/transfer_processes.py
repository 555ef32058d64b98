"""Transfers in processes of their own: spawned ones, which import this module and therefore set Django up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connections

if not apps.ready:
    django.setup()

from downloads.engine.transfer import Finished, Target, Transfer
from hosts import accounts, registry
from hosts.guard import guarded_session
from hosts.models import Account
from tests.downloads.engine.bench import QUICK

together: Barrier


def enter(database: str, data_dir: str, config: dict[str, str], barrier: Barrier) -> None:
    """What each process does once: share the database, the locks and the moment to begin."""
    global together
    together = barrier
    settings.FLASHARR["DATA_DIR"] = data_dir
    settings.HOST_CONFIG.update(config)
    connections.settings["default"]["NAME"] = database


def fetch_all(folder: str, account_id: int, codes: list[str]) -> list[str]:
    """Begin all transfers at once, together with the other processes; the codes of those that finished."""
    with ThreadPoolExecutor(len(codes)) as pool:
        together.wait(60)
        return [code for code in pool.map(partial(fetch, folder, account_id), codes) if code]


def fetch(folder: str, account_id: int, code: str) -> str:
    match = registry.find(f"https://www.fshare.vn/file/{code}")
    assert match is not None
    host, link = match
    target = Target(Path(folder), "", code, code)
    try:
        with guarded_session(True, host.trusted_origins(settings.HOST_CONFIG)) as http:
            account = Account.objects.get(pk=account_id)
            mint = partial(host.resolve, link, accounts.context_for(host, account))
            ended = Transfer(mint, target, http, stop=threading.Event(), limits=QUICK).run()
    finally:
        connections.close_all()
    return code if isinstance(ended, Finished) else ""
