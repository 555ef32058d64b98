"""One download while it runs: a thread that turns a row into a file and leaves its outcome for the orchestrator.

The thread writes no rows. The orchestrator reads `transfer.progress` and, when the thread has ended, `outcome`.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import connections

from downloads import room
from downloads.engine.disk import disk_problems
from downloads.engine.limits import Limits
from downloads.engine.opening import Interrupted
from downloads.engine.throttle import Throttle
from downloads.engine.transfer import Finished, Progress, Stage, Stopped, Target, Transfer
from downloads.models import Download, Preferences
from downloads.watchdog import Pulse
from hosts import accounts, allowance, network, registry, vault
from hosts.base import (
    AccountProblem,
    AppRefused,
    Cure,
    Host,
    HostContext,
    LinkRefused,
    PasswordNeeded,
    Problem,
    Source,
    gettext_noop,
)
from hosts.guard import guarded_session
from hosts.models import Account
from hosts.sites.direct import name_of

log = logging.getLogger(__name__)

LIMITS = Limits(reserve=room.RESERVE)
TURN_LOOK = 0.25
UNKNOWN_HOST = gettext_noop("Flasharr does not know the host {host}. Remove this row and add its link again.")
PASSWORD_LOST = gettext_noop(
    "The saved password of this file cannot be read: this installation's secret key has changed. Enter it again."
)

Outcome = Finished | Stopped | Problem


class Unexpected(Problem):
    """A defect of ours. The row says so instead of the engine dying with all other rows."""

    code = "unexpected"
    cure = Cure.RETRY
    sentence = gettext_noop(
        "Something unexpected happened ({detail}). It will be tried again; the log has the details."
    )


class Running:
    """A claimed download and its thread. `transfer` is None until the thread has looked at the row.

    `throttle` is what all share; the row's own limit lies below it.
    """

    def __init__(self, download: Download, throttle: Throttle) -> None:
        self.download = download
        self.throttle = Throttle(download.speed_limit, above=throttle)
        self.stop = Pulse()
        self.transfer: Transfer | None = None
        self.outcome: Outcome | None = None
        self.account: Account | None = None
        self.meter = Meter()
        self.allowed = 1
        self.is_described = bool(download.name) and download.size is not None  # until an address did not work
        self.turn = threading.Event()
        self.thread = threading.Thread(target=self.run, name=f"download-{download.pk}", daemon=True)
        self.thread.start()

    @property
    def progress(self) -> Progress:
        if self.transfer is not None:
            return self.transfer.progress
        return Progress(Stage.RESOLVING, self.download.name, self.download.size, self.download.downloaded)

    @property
    def server(self) -> str:
        return self.download.server

    @property
    def connections(self) -> int:
        """How many it has now."""
        return self.transfer.connections if self.transfer else 0

    @property
    def refusals(self) -> int:
        """How often its server refused it a further one."""
        return self.transfer.refusals if self.transfer else 0

    def allow(self, connections: int) -> None:
        """Have at most so many connections from now on."""
        self.allowed = connections
        if self.transfer:
            self.transfer.allow(connections)

    def run(self) -> None:
        """The thread: whatever happens in it ends as an outcome."""
        try:
            self.outcome = self.carry_out()
        except Interrupted:  # before there was a transfer
            self.outcome = Stopped(self.download.downloaded)
        except Problem as problem:
            self.outcome = problem
        except Exception as error:
            log.exception("Download %s failed unexpectedly", self.download.pk)
            self.outcome = Unexpected(detail=type(error).__name__)
        finally:
            connections.close_all()

    def carry_out(self) -> Outcome:
        row = self.download
        host = host_of(row)
        if not row.name:
            row.name, row.size = self.described(host)
            self.is_described = row.size is not None
        wanted = Preferences.current()
        modes = int(wanted.file_mode, 8), int(wanted.folder_mode, 8)
        target = Target(Path(row.root), row.directory, row.filename or row.name, row.part_id, *modes)
        allow_private = settings.FLASHARR["ALLOW_PRIVATE_HOSTS"]
        trusted = host.trusted_origins(settings.HOST_CONFIG)
        with disk_problems(target.root):
            reserve = min(LIMITS.reserve, room.reserve(target.root))
        with guarded_session(allow_private, trusted, proxy=network.proxy()) as http:
            self.transfer = Transfer(
                self.mint,
                target,
                http,
                stop=self.stop,
                throttle=self.throttle,
                limits=replace(LIMITS, reserve=reserve),
                read_page=host.read_page,
                late_checksum=self.checksum_now,
            )
            self.transfer.allow(self.allowed)
            try:
                return self.transfer.run()
            except AccountProblem as problem:  # a page of the file server may say so too
                self.blame(problem)
                raise

    def described(self, host: Host) -> tuple[str, int | None]:
        """Name and size. Where every link is another server, a failure to tell them proves nothing about the file."""
        link = self.download.link
        try:
            entry = host.describe(link, self.context(host))
        except Problem:
            if host.is_one_service:
                raise
            return name_of(link.url), None
        return entry.name, entry.size

    def mint(self) -> Source:
        """Ask the host for a fresh direct address; what it says about the account is kept for all rows."""
        self.await_turn()
        host = host_of(self.download)
        context, password = replace(self.context(host), is_described=self.is_described), self.password()
        self.is_described = False
        try:
            source = host.resolve(self.download.link, context, password)
        except (AccountProblem, AppRefused) as problem:
            self.blame(problem)
            raise
        return self.as_wished(host, source)

    def checksum_now(self) -> str:
        """What the row says at the end: the user may have given one meanwhile."""
        return Download.objects.filter(pk=self.download.pk).values_list("checksum", flat=True).first() or ""

    def context(self, host: Host) -> HostContext:
        """What the host needs, with a wait for its moments that the stop event ends. Raises Problem."""
        return accounts.context_for(host, self.given_account(host), self.rest)

    def rest(self, seconds: float) -> None:
        """Raises Interrupted."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.stop.wait(min(left, TURN_LOOK)):
                raise Interrupted

    def given_account(self, host: Host) -> Account | None:
        """The account that this row runs with, None for a host without accounts. Raises Problem.

        Whoever takes over after a problem with it is found by the queue, not here: see outcomes.py.
        """
        self.account = accounts.given(host.name, self.download.account_id) if host.needs_account else None
        return self.account

    def blame(self, problem: Problem) -> None:
        """Keep a problem that concerns the account, so that no other row meets it again."""
        if self.account is not None:
            accounts.record(self.account, problem)

    def await_turn(self) -> None:
        """Until the other transfers have left a connection to the server for this one."""
        while not self.turn.wait(TURN_LOOK):
            if self.stop.is_set():
                raise Interrupted

    def password(self) -> str:
        """The share's own password, "" without one. Raises PasswordNeeded for one that cannot be read any more."""
        try:
            return vault.unseal(self.download.sealed_password) if self.download.sealed_password else ""
        except vault.SealBroken as error:
            raise PasswordNeeded(PASSWORD_LOST) from error

    def as_wished(self, host: Host, source: Source) -> Source:
        """The source under the row's own name and checksum, and its size where the host says none now.

        What stands behind a code of a host does not change; behind a direct address it may have.
        """
        remembered = self.download.size if host.is_one_service else None
        return replace(
            source,
            size=source.size if source.size is not None else remembered,
            max_connections=self.most_connections(host, source),
            name=self.download.filename or self.download.name or source.name,
            checksum=source.checksum or self.download.checksum or None,
        )

    def most_connections(self, host: Host, source: Source) -> int:
        """Where the user gave a number for the whole host, one file may have that many."""
        wished = allowance.connections().get(host.name, 0)
        return wished if wished and host.is_one_service else source.max_connections


def host_of(download: Download) -> Host:
    """The row's host. Raises LinkRefused for one that Flasharr does not know (any more)."""
    try:
        return registry.by_name(download.host)
    except KeyError:
        raise LinkRefused(UNKNOWN_HOST, host=download.host) from None


class Meter:
    """Bytes per second over the last few readings, so that the number on the page is steady but current."""

    WINDOW = 5.0

    def __init__(self) -> None:
        self.readings: list[tuple[float, int]] = []

    def read(self, downloaded: int, now: float | None = None) -> int:
        """Note a reading and return the speed. A count that went back (begun anew) starts the window again."""
        now = time.monotonic() if now is None else now
        if self.readings and downloaded < self.readings[-1][1]:
            self.readings.clear()
        self.readings = [(at, count) for at, count in self.readings if at >= now - self.WINDOW]
        self.readings.append((now, downloaded))
        (first_at, first), (last_at, last) = self.readings[0], self.readings[-1]
        return round((last - first) / (last_at - first_at)) if last_at > first_at else 0
