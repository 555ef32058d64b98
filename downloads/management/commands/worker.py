"""The workers: a django-q2 cluster that ends within seconds and whose engine is woken when it was killed."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from downloads import actions, processes
from downloads.signals import workers_stopping
from downloads.watch import Watch

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0
STOP_WITHIN = 4.5
NOT_ANSWERING = 3


class Command(BaseCommand):
    help = "Run the download engine and the chores."

    def handle(self, *args: Any, **options: Any) -> None:
        from django_q.cluster import Cluster

        os.register_at_fork(after_in_child=in_child)
        cluster = Cluster()
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        cluster.start()
        watch = Watch()
        while not stop.wait(LOOK_EVERY):
            if not cluster.sentinel.is_alive():
                sys.exit("The workers ended unexpectedly.")
            if not looks_well(watch):
                log.error("The workers do not answer; they are started again.")
                os._exit(NOT_ANSWERING)
        wind_down(cluster)


def looks_well(watch: Watch) -> bool:
    """A database that cannot be asked now says nothing against the workers."""
    try:
        return watch.look()
    except DatabaseError as error:
        log.warning("Cannot look after the workers: %s", error)
        return True


def in_child() -> None:
    """Every process of the cluster dies with its parent and can be terminated."""
    processes.die_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def wind_down(cluster: Any) -> None:
    """Ask the engine and the cluster to end; what has not ended in time is ended by our own exit."""
    threading.Thread(target=cluster.stop, daemon=True).start()
    deadline = time.monotonic() + STOP_WITHIN
    while cluster.sentinel.is_alive() and time.monotonic() < deadline:
        with suppress(DatabaseError):  # asked again in a moment; at the worst our exit ends it
            actions.stop_engine()
            workers_stopping.send(Command)
        cluster.sentinel.join(0.25)
    os._exit(0)
