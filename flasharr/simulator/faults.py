"""Faults as data: which one, on whom, how often, where in the file.

A fault is a function that gets its turn before the normal answer is made. It may answer by itself, or let
things go on and spoil what comes out. Every kind of fault is one line in registry.KINDS.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flasharr.simulator.answers import Answer, Body, Stretch
from flasharr.simulator.clock import Clock
from flasharr.simulator.visit import Visit

if TYPE_CHECKING:
    from flasharr.simulator.state import State


@dataclass
class Fault:
    """What goes wrong. Empty fields match everything.

    `count` is how many requests are hit, None: until it is cleared. `skip` lets that many matching ones pass
    first. `call` is the name of a call (download, login, v3 ...) or of a part (api, web, cdn) and replaces the
    kind's own. `method` is another method than GET and POST, or * for any. `when` is always, fresh (from byte 0)
    or resume. `at` is an offset in the file: only a request whose range holds it is hit. `after` counts from the
    start of the body instead. With neither, a cut comes in the middle of the body. `chance` below 1 hits that part of
    the requests only, the same ones in every run. `seconds` is how long it lasts on the simulator's clock. `node` is
    the number of one file server. `value` is up to the kind.
    """

    name: str
    code: str = ""
    account: str = ""
    call: str = ""
    method: str = ""
    count: int | None = 1
    skip: int = 0
    when: str = "always"
    at: int | None = None
    after: int | None = None
    value: Any = None
    chance: float = 1.0
    seconds: float | None = None
    node: int | None = None
    hits: int = field(default=0, init=False)
    began: float = field(default=0.0, init=False)

    def place(self, body: Body) -> int:
        """The offset in this body at which the fault strikes."""
        if self.after is not None:
            return min(self.after, body.length)
        if self.at is not None and isinstance(body, Stretch):
            return min(max(0, self.at - body.start), body.length)
        return body.length // 2


@dataclass(frozen=True, slots=True)
class Turn:
    """A fault's chance: `go()` makes the answer that would have come without it."""

    visit: Visit
    state: State
    fault: Fault
    go: Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Kind:
    """`calls` are the calls or parts it strikes unless the fault says otherwise; `about` explains it."""

    act: Callable[[Turn], Answer]
    calls: tuple[str, ...]
    about: str


class FaultBook:
    """The faults that wait for their turn. Thread-safe."""

    def __init__(self, kinds: Mapping[str, Kind], clock: Clock, seed: int = 1) -> None:
        self._kinds, self._clock = kinds, clock
        self._dice = random.Random(seed)
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        if fault.name not in self._kinds:
            raise ValueError(f"There is no fault {fault.name}. Choose from: {', '.join(self._kinds)}.")
        fault.began = self._clock.now()
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def pending(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def take(self, visit: Visit) -> list[Fault]:
        """Count this request against every fault that matches; those that strike come back in order."""
        struck = []
        with self._lock:
            for fault in list(self._faults):
                if not self._matches(fault, visit):
                    continue
                if fault.chance < 1 and self._dice.random() >= fault.chance:
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.hits += 1
                struck.append(fault)
                if fault.count is not None and fault.hits >= fault.count:
                    self._faults.remove(fault)
        return struck

    def chain(self, faults: list[Fault], visit: Visit, state: State, go: Callable[[], Answer]) -> Callable[[], Answer]:
        """Wrap the normal answer in the faults, the first one outermost."""
        for fault in reversed(faults):
            go = self._wrap(Turn(visit, state, fault, go))
        return go

    def _wrap(self, turn: Turn) -> Callable[[], Answer]:
        act = self._kinds[turn.fault.name].act
        return lambda: act(turn)

    def _matches(self, fault: Fault, visit: Visit) -> bool:
        calls = (fault.call,) if fault.call else self._kinds[fault.name].calls
        methods = (fault.method,) if fault.method else ("GET", "POST")
        return (
            (fault.seconds is None or self._clock.now() - fault.began < fault.seconds)
            and fault.node in (None, visit.node)
            and (visit.call in calls or visit.part in calls)
            and (fault.method == "*" or visit.method in methods)
            and fault.code.upper() in ("", visit.code.upper())
            and fault.account.lower() in ("", visit.account.lower())
            and _in_time(fault, visit)
        )


def _in_time(fault: Fault, visit: Visit) -> bool:
    start, end = visit.span or (0, 0)
    if fault.at is not None and not start <= fault.at < end:
        return False
    return fault.when == "always" or (fault.when == "resume") == (start > 0)
