"""The life of a download. MOVES is the only place that knows which step is legal.

queued -> resolving -> downloading -> verifying -> completed
  |  ^        |             |             |
  |  |        +-------------+-------------+--> waiting (by itself again) / failed / paused
  +--+-- pause, resume, wake, retry
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hosts.base import Cure, Problem, fill, gettext_noop


class Status(StrEnum):
    QUEUED = "queued"
    RESOLVING = "resolving"
    DOWNLOADING = "downloading"
    VERIFYING = "verifying"
    WAITING = "waiting"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"


class Event(StrEnum):
    CLAIM = "claim"
    START = "start"
    VERIFY = "verify"
    FINISH = "finish"
    WAIT = "wait"
    FAIL = "fail"
    RELEASE = "release"
    WAKE = "wake"
    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"


RUNNING = (Status.RESOLVING, Status.DOWNLOADING, Status.VERIFYING)
FINISHED = (Status.COMPLETED, Status.FAILED)
OPEN = tuple(status for status in Status if status not in FINISHED)

MOVES: dict[tuple[Status, Event], Status] = {
    (Status.QUEUED, Event.CLAIM): Status.RESOLVING,
    (Status.QUEUED, Event.WAIT): Status.WAITING,
    (Status.QUEUED, Event.FAIL): Status.FAILED,
    (Status.QUEUED, Event.PAUSE): Status.PAUSED,
    (Status.QUEUED, Event.FINISH): Status.COMPLETED,  # paused and resumed while the last byte was written
    (Status.RESOLVING, Event.START): Status.DOWNLOADING,
    (Status.RESOLVING, Event.FINISH): Status.COMPLETED,
    (Status.RESOLVING, Event.WAIT): Status.WAITING,
    (Status.RESOLVING, Event.FAIL): Status.FAILED,
    (Status.RESOLVING, Event.RELEASE): Status.QUEUED,
    (Status.RESOLVING, Event.PAUSE): Status.PAUSED,
    (Status.DOWNLOADING, Event.VERIFY): Status.VERIFYING,
    (Status.DOWNLOADING, Event.FINISH): Status.COMPLETED,
    (Status.DOWNLOADING, Event.WAIT): Status.WAITING,
    (Status.DOWNLOADING, Event.FAIL): Status.FAILED,
    (Status.DOWNLOADING, Event.RELEASE): Status.QUEUED,
    (Status.DOWNLOADING, Event.PAUSE): Status.PAUSED,
    (Status.VERIFYING, Event.FINISH): Status.COMPLETED,
    (Status.VERIFYING, Event.WAIT): Status.WAITING,
    (Status.VERIFYING, Event.FAIL): Status.FAILED,
    (Status.VERIFYING, Event.RELEASE): Status.QUEUED,
    (Status.VERIFYING, Event.PAUSE): Status.PAUSED,
    (Status.WAITING, Event.WAKE): Status.QUEUED,
    (Status.WAITING, Event.RESUME): Status.QUEUED,
    (Status.WAITING, Event.RETRY): Status.QUEUED,
    (Status.WAITING, Event.PAUSE): Status.PAUSED,
    (Status.WAITING, Event.FAIL): Status.FAILED,
    (Status.PAUSED, Event.RESUME): Status.QUEUED,
    (Status.PAUSED, Event.FAIL): Status.FAILED,  # found dead while it was paused
    (Status.PAUSED, Event.FINISH): Status.COMPLETED,  # paused while the last byte was written
    (Status.FAILED, Event.RETRY): Status.QUEUED,
    (Status.COMPLETED, Event.RETRY): Status.QUEUED,
}


class IllegalMove(ValueError):
    """A step that MOVES does not know: a defect of the caller, never of the user."""


def step(status: Status, event: Event) -> Status:
    """The status after `event`. Raises IllegalMove."""
    try:
        return MOVES[status, event]
    except KeyError:
        raise IllegalMove(f"A {status} download cannot {event}.") from None


def sources(event: Event) -> tuple[Status, ...]:
    """Every status from which `event` is legal."""
    return tuple(status for status, known in MOVES if known == event)


def target(event: Event) -> Status:
    """Where `event` leads; it is the same from everywhere (a test holds MOVES to that)."""
    return next(after for (_, known), after in MOVES.items() if known == event)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row does not run: a sentence template with its values, until when, and what cures it."""

    code: str
    sentence: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    until: datetime | None = None
    cure: Cure = Cure.NONE

    @property
    def message(self) -> str:
        """The whole sentence in English; the pages translate `sentence` instead."""
        return fill(self.sentence, self.params)

    @classmethod
    def of(cls, problem: Problem, until: datetime | None = None) -> Reason:
        """The reason that a problem gives to a row."""
        return cls(problem.code, problem.sentence, problem.params, until, problem.cure)


CROWDED = Reason("host_full", gettext_noop("{host} serves {count} connections at once. This file's turn comes."))
NO_NETWORK = Reason(
    "no_network", gettext_noop("No network: {servers} cannot be reached. It goes on by itself as soon as that changes.")
)
NO_ANSWER = Reason(
    NO_NETWORK.code,
    gettext_noop("Nothing can be reached: no answer from {servers}. It goes on by itself as soon as that changes."),
)
SLOT = Reason("slot", gettext_noop("Waiting for a free slot."))
PAUSED_BY_USER = Reason("paused", gettext_noop("Paused by you."), cure=Cure.RESUME)
