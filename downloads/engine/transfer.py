"""One download, from a way to get an address to a finished file. Blocking: give it a thread.

transfer = Transfer(mint, target, session, stop=stop)
outcome = transfer.run()        # Finished, Stopped, or a Problem is raised
"""

from __future__ import annotations

import stat
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import requests

from downloads.engine import magic, seams, space
from downloads.engine.answer import Overlong
from downloads.engine.disk import FILE_MODE, disk_problems
from downloads.engine.errors import ChecksumMismatch, NetworkProblem, RemoteChanged, ServerBusy, TooSlow
from downloads.engine.finish import Finished, already_finished, finish
from downloads.engine.lanes import Lanes
from downloads.engine.ledger import Ledger
from downloads.engine.limits import Limits
from downloads.engine.magic import Caution
from downloads.engine.names import safe_name
from downloads.engine.opening import Interrupted
from downloads.engine.partfile import PartFile, Target, discard
from downloads.engine.patience import CURED_BY_ADDRESS, Patience
from downloads.engine.plan import Plan
from downloads.engine.seams import SeamDiffers
from downloads.engine.throttle import Throttle
from downloads.engine.tools import Tools, no_checksum, nothing_known
from downloads.engine.verify import RunningHash, readable, verify
from downloads.engine.width import CROWDED, Width
from hosts.base import Problem, Source, gettext_noop

__all__ = ["Finished", "Limits", "Progress", "Stage", "Stopped", "Target", "Throttle", "Transfer", "discard"]


BEGUN_ANEW = gettext_noop("The file on the host changed on the way. This is the new one, fetched from its beginning.")
MODE_REFUSED = gettext_noop("The file is complete, but its file system does not take the mode {mode}.")


class Stage(StrEnum):
    RESOLVING = "resolving"
    DOWNLOADING = "downloading"
    VERIFYING = "verifying"


@dataclass
class Progress:
    """Read from other threads at any time. `downloaded` counts bytes in place, `size` is None while unknown.

    `received` counts what this run has fetched, also what was thrown away again; it never goes back.
    """

    stage: Stage
    name: str
    size: int | None = None
    downloaded: int = 0
    received: int = 0


@dataclass(frozen=True)
class Stopped:
    """What is there stays there; `downloaded` bytes of it are proven."""

    downloaded: int


class Transfer:
    """`mint` gives a fresh address, is called late and possibly several times, always in the thread of `run`.

    `stop` ends the run within a second, except inside `mint`. `throttle` is this transfer's own, below the one
    that it shares with others; its rate may be changed at any time.
    `read_page` tells what the beginning of a page says that came instead of the file, None when that is nothing known.
    `late_checksum` is asked at the end: a checksum that was given while the file came, "" without one.
    """

    def __init__(
        self,
        mint: Callable[[], Source],
        target: Target,
        http: requests.Session,
        *,
        stop: threading.Event,
        throttle: Throttle | None = None,
        limits: Limits = Limits(),  # noqa: B008 - immutable
        read_page: Callable[[str], Problem | None] = nothing_known,
        late_checksum: Callable[[], str] = no_checksum,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.progress = Progress(Stage.RESOLVING, safe_name(target.name))
        self._mint = mint
        self._target = target
        self._http = http
        self._stop = stop
        self._throttle = throttle or Throttle(clock=clock)
        self._limits = limits
        self._read_page = read_page
        self._late_checksum = late_checksum
        self._clock = clock
        self._patience = Patience(limits)
        self._width = Width(limits, clock)
        self._source: Source | None = None
        self._plan: Plan | None = None
        self._has_changed = False
        self._seams_settled = 0
        self._lanes: Lanes | None = None

    def allow(self, connections: int) -> None:
        """From any thread: use at most so many connections from now on."""
        if connections != self._width.allowed:
            self._width.allowed = connections
            if lanes := self._lanes:
                lanes.look_again()

    @property
    def connections(self) -> int:
        """How many it has now."""
        return lanes.connections if (lanes := self._lanes) else 0

    @property
    def refusals(self) -> int:
        """How often the server refused it a further one."""
        return self._width.refusals

    def run(self) -> Finished | Stopped:
        """Raises the Problem that this run cannot overcome; `retry_after` is set only if a server asked for it."""
        with disk_problems(self._target.root):
            part = PartFile(self._target)
        try:
            return self._already_finished(part) or self._download(part)
        except Interrupted:
            return Stopped(self.progress.downloaded)
        finally:
            part.close()

    def _already_finished(self, part: PartFile) -> Finished | None:
        with disk_problems(part.path):
            record = part.restore()
            if record is None:
                return None
            if finished := already_finished(part, self._target):
                return self._report(finished)
            if part.descriptor < 0:
                part.forget()
                return None
            self._plan = record.plan.snapshot()
            self.progress.size, self.progress.downloaded = self._plan.size, self._plan.written
            return None

    def _download(self, part: PartFile) -> Finished:
        limits = self._limits
        tools = Tools(self.progress.name, part, self._http, self._stop, self._throttle, limits, self._clock)
        tools.read_page = self._read_page
        while True:
            before = self._plan.written if self._plan else 0
            try:
                if self._plan is None or not self._plan.is_complete:
                    self._fetch(tools)
                return self._finish(tools)
            except ChecksumMismatch:
                with disk_problems(part.path):
                    part.set_aside()  # so that a retry by the user begins anew
                raise
            except SeamDiffers as problem:
                pause = 0.0 if self._settle(tools, problem) else self._recover(part, problem, 0)
            except Problem as problem:
                pause = self._recover(part, problem, self._plan.written - before if self._plan else 0)
            if self._stop.wait(pause):
                raise Interrupted

    def _fetch(self, tools: Tools) -> None:
        source = self._source or self._resolve(tools)
        self.progress.stage = Stage.DOWNLOADING
        remaining = (self._plan.size or 0) - self._plan.written if self._plan else source.size or 0
        ledger = Ledger(tools.part, self._plan, self.progress, self._limits, self._clock)
        lanes = Lanes(tools, ledger, source, self._width, lambda: self._renewed(tools))
        self._lanes = lanes
        self._width.open_to(source.max_connections if self._patience.trusts_others else 1)
        try:
            with disk_problems(tools.part.path, remaining):
                try:
                    lanes.run(use_ranges=self._patience.trusts_ranges)
                finally:
                    ledger.finish()
        finally:
            self._lanes = None
            self._plan = ledger.plan
            self.progress.downloaded = self._plan.written if self._plan else 0

    def _renewed(self, tools: Tools) -> Source:
        source = self._resolve(tools)
        self._width.restore()
        self.progress.stage = Stage.DOWNLOADING
        return source

    def _resolve(self, tools: Tools) -> Source:
        """A fresh address, used at once."""
        self.progress.stage = Stage.RESOLVING
        if self._stop.is_set():
            raise Interrupted
        if self._plan and self._plan.size:
            with disk_problems(tools.part.path):
                space.require_room(tools.part.path, self._plan.size, tools.part.allocated, self._limits.reserve)
        source = self._source = self._mint()
        if source.checksum and tools.running_hash is None:
            tools.running_hash = RunningHash(readable(source.checksum).algorithm)
        if self._plan and None not in (self._plan.size, source.size) and self._plan.size != source.size:
            raise RemoteChanged()
        return source

    def _settle(self, tools: Tools, problem: SeamDiffers) -> bool:
        """Whether a third connection has told which side of a seam is wrong; then only that side is gone.

        Only where a checksum has the last word: what fits at its seams may be of another file all the same.
        """
        if self._plan is None or tools.running_hash is None or self._seams_settled >= self._limits.seams:
            return False
        self._seams_settled += 1
        try:
            source = self._resolve(tools)
        except Problem:  # the next attempt meets it again and tells
            self._source = None
            return False
        with disk_problems(tools.part.path):
            is_settled = seams.settle(problem, self._plan, tools, source)
        if is_settled:
            tools.running_hash = RunningHash(tools.running_hash.algorithm)
        self.progress.downloaded = self._plan.written
        return is_settled

    def _recover(self, part: PartFile, problem: Problem, gained: int) -> float:
        """Prepare another attempt and say how long to wait before it. Raises `problem` when there is none."""
        if isinstance(problem, Overlong):
            gained = 0
            self._begin_anew(part, part.forget)  # first of all: what it brought must never be found complete
        if gained < self._limits.overlap or isinstance(problem, TooSlow) or not isinstance(problem, NetworkProblem):
            self._source = None
        self._adapt(problem)
        pause = self._patience.after(problem, gained=gained)
        is_certain = self._patience.is_certain(problem)
        if is_certain:
            self._begin_anew(part, part.set_aside)
            self._has_changed = True
            self._patience.renew(problem)
        return pause

    def _begin_anew(self, part: PartFile, clear: Callable[[], None]) -> None:
        with disk_problems(part.path):
            clear()
        self._plan = None
        self.progress.size, self.progress.downloaded = None, 0

    def _adapt(self, problem: Problem) -> None:
        """Fewer connections to a server that had too many, all of them again when the address was the reason."""
        if isinstance(problem, ServerBusy) and problem.params.get("status") in CROWDED:
            self._width.refuse(1, problem.retry_after)
        elif isinstance(problem, CURED_BY_ADDRESS):
            self._width.restore()

    def _finish(self, tools: Tools) -> Finished:
        self.progress.stage = Stage.VERIFYING
        part = tools.part
        assert self._plan is not None
        assert self._plan.size is not None
        size = self._plan.size
        with disk_problems(self._target.root, size):
            sha256 = self._verify(tools, size)
            return self._report(finish(part, self._target, self.progress.name, size, sha256, self._stop))

    def _verify(self, tools: Tools, size: int) -> str | None:
        """The file's sha256 when that is what it was checked by."""
        record = tools.part.record
        if record.finishing:
            return record.finishing.sha256
        known = (self._source.checksum if self._source else None) or record.checksum
        given = {readable(text): None for text in (known, self._late_checksum()) if text}
        for checksum in given:
            verify(tools.part, size, checksum, tools.running_hash, self._stop)
        return next((checksum.digest for checksum in given if checksum.algorithm == "sha256"), None)

    def _report(self, finished: Finished) -> Finished:
        self.progress.stage = Stage.VERIFYING
        self.progress.size = self.progress.downloaded = finished.size
        return replace(finished, caution=self._caution(finished))

    def _caution(self, finished: Finished) -> Caution | None:
        if caution := magic.look_at(finished.path):
            return caution
        if self._has_changed:
            return Caution("begun_anew", BEGUN_ANEW, {})
        wanted = self._target.file_mode
        if wanted != FILE_MODE and stat.S_IMODE(finished.path.stat().st_mode) != wanted:
            return Caution("mode", MODE_REFUSED, {"mode": f"{wanted:04o}"})
        return None
