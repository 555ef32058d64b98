"""The verbs by name, for doors that are told in words what to do: REST, commands and the administration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from downloads import actions, queries
from downloads.models import Download
from downloads.states import OPEN, RUNNING, Event, Status, sources


@dataclass(frozen=True, slots=True)
class Verb:
    """`settled` is where the verb leads: a row that is there already needs nothing and is no failure.

    `everything` is what "all" means for it: retrying all does not fetch again what is complete.
    """

    act: Callable[[QuerySet[Download]], int]
    event: Event
    settled: tuple[Status, ...]
    everything: tuple[Status, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows changed, and those that the verb does not fit."""

    changed: int
    refused: list[Download]


VERBS = {
    "pause": Verb(actions.pause, Event.PAUSE, (Status.PAUSED,), OPEN),
    "resume": Verb(actions.resume, Event.RESUME, (Status.QUEUED, *RUNNING), (Status.PAUSED,)),
    "retry": Verb(actions.retry, Event.RETRY, (Status.QUEUED, *RUNNING), (Status.FAILED, Status.WAITING)),
}


def apply(name: str, rows: QuerySet[Download]) -> Outcome:
    """Do it to every row that it fits."""
    verb = VERBS[name]
    refused = list(rows.filter(removed_at=None).exclude(status__in=(*sources(verb.event), *verb.settled)))
    return Outcome(verb.act(rows), refused)


def everything(name: str) -> QuerySet[Download]:
    """The rows that "all" stands for; for "remove" they are all there are."""
    rows = queries.live()
    return rows.filter(status__in=VERBS[name].everything) if name in VERBS else rows


def refusal(name: str, row: Download) -> str:
    """Why a verb did nothing to a row."""
    return f"Download {row.pk} is {row.status}: there is nothing to {name}."
