"""What the workers run. Each is harmless to start twice, at once or again."""

from __future__ import annotations

import logging
import os
from contextlib import suppress

from django.core.management import call_command
from django.utils import timezone

from downloads import dead_links, intake, late_checksums, purging, wake
from downloads.orchestrator import Orchestrator
from downloads.seats import seat
from hosts import checkup
from hosts.sessions import Busy, file_lock

log = logging.getLogger(__name__)

HANGS = 4  # the status that a worker's process ends with


def run_engine() -> None:
    """Drain the queue, unless another engine does; see orchestrator.py.

    A thread that hangs where nothing ends it goes with this process; the watch starts the engine in another.
    """
    orchestrator = Orchestrator()
    orchestrator.run()
    if orchestrator.watchdog.holds():
        log.error("A transfer hangs; its process ends and another takes over.")
        os._exit(HANGS)


def describe() -> None:
    """Fill in the names and sizes of rows that were added as bare links; one chore at a time does it for all."""
    with suppress(Busy), file_lock("describe", wait=False), seat(wake.describer):
        intake.describe_unseen()


def check_links() -> None:
    """Find the dead among the links that wait; one chore at a time does it."""
    with suppress(Busy), file_lock("check-links", wait=False), seat(wake.link_checker):
        dead_links.check(timezone.now())


def check_accounts() -> None:
    """Ask the hosts about the accounts that are due; one chore at a time does it for all."""
    with suppress(Busy), file_lock("check-accounts", wait=False), seat(wake.account_checker):
        checkup.run(timezone.now())


def check_files() -> None:
    """Compare finished files with checksums that came later; one chore at a time does it for all."""
    with suppress(Busy), file_lock("check-files", wait=False), seat(wake.file_checker):
        late_checksums.check_all()


def purge() -> None:
    """Forget for good what was removed and can no longer be restored, and sessions that have ended."""
    with suppress(Busy), seat(wake.purger):
        purging.purge(timezone.now())
        call_command("clearsessions")
