"""What the user has of a title: in the queue, finished, or lying in the library's folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path

from django.db.models import Q

from downloads import actions
from downloads.engine.names import safe_parts
from downloads.models import Download, Preferences
from downloads.states import Status
from hosts.base import PasswordNeeded, PasswordWrong
from search import releases
from search.finder.places import Place
from search.grab.models import Chosen
from search.releases.names import work
from search.releases.tables.files import VIDEO
from search.titles import NameKind, Title, TitleRef

MOST_FILES = 10_000
NUMBERS = re.compile(r"\bS(\d{1,4})E(\d{1,5})(?:-?E(\d{1,5}))?\b", re.IGNORECASE)
LATIN = re.compile(r"[\u0000-\u024f\u1e00-\u1eff\u2010-\u2027]*")
WATCHABLE = ("video", "archive")
LOCKED = (PasswordNeeded.code, PasswordWrong.code)
FAILED_OR_LOCKED = Q(status=Status.FAILED) | Q(status=Status.WAITING, reason_code__in=LOCKED)


class State(StrEnum):
    """How far a film or an episode is, the furthest first."""

    HAVE = "have"
    QUEUED = "queued"
    FAILED = "failed"
    FOUND = "found"
    MISSING = "missing"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class Library:
    """`states` has what is here, by place; `film` is for a film. `files` are the paths below the root that exist in
    the title's folder, in lower case. `failed` are the files that could not be fetched, by host and code. `best` is
    the best score of what is here, None when nobody scored it.
    """

    states: dict[Place, State] = field(default_factory=dict)
    film: State | None = None
    files: frozenset[str] = frozenset()
    rows: tuple[Chosen, ...] = ()
    failed: frozenset[tuple[str, str]] = frozenset()

    @property
    def had(self) -> frozenset[Place]:
        """Need not be fetched: finished or on its way."""
        return frozenset(place for place, state in self.states.items() if state in (State.HAVE, State.QUEUED))

    @property
    def has_film(self) -> bool:
        return self.film in (State.HAVE, State.QUEUED)

    def best(self, place: Place | None = None) -> int | None:
        """The best score of what is here for an episode, or of the film."""
        rows = (row for row in self.rows if key(row.download) not in self.failed and row.kind in WATCHABLE)
        return max((row.score for row in rows if place is None or place in row.holds), default=None)

    def state(self, place: Place | None, aired: Iterable[Place] = (), found: Iterable[Place] = ()) -> State:
        """Of one episode or, without a place, of the film."""
        here = self.states.get(place) if place else self.film
        if here in (State.HAVE, State.QUEUED):
            return here
        if place is None or place in found:
            return here or State.FOUND
        return here or (State.MISSING if place in aired else State.COMING)


def library_name(title: Title) -> str:
    """What it is called in the library, in whatever language the pages are: its original name where that is written
    in Latin letters, else the English one, else what is shown.
    """
    original = next((name.text for name in title.names if name.kind is NameKind.ORIGINAL), "")
    original = original or title.card.original_name
    candidates = (original, title.named_in("en"), title.card.name)
    return next((name for name in candidates if name and LATIN.fullmatch(name)), title.card.name)


def title_of(title: Title) -> releases.Title:
    """The title under its name in the library."""
    return releases.Title((library_name(title),), title.card.year, title.is_series)


def of(title: Title, *, is_patient: bool = True) -> Library:
    """Two queries and a look into one folder. To the impatient, what waits for a password that nobody may ever enter
    is as good as failed.
    """
    rows = tuple(rows_of([title.ref]))
    root = Path(Preferences.current().root)
    files = list(islice(_files(root, work(title_of(title))), MOST_FILES))
    states: dict[Place, State] = {place: State.HAVE for path in files if _is_video(path) for place in _places(path)}
    film = State.HAVE if not title.is_series and any(map(_is_film, files)) else None
    failed = frozenset(key(row.download) for row in rows if has_failed(row.download, is_patient))
    for row in rows:
        if row.kind not in WATCHABLE:
            continue
        state = State.FAILED if key(row.download) in failed else state_of(row.download)
        if state is None:
            continue
        film = None if title.is_series else _further(film, state)
        for place in row.holds:
            states[place] = _further(states.get(place), state)
    return Library(states, film, frozenset(path.casefold() for path in files), rows, failed)


def rows_of(refs: Iterable[TitleRef]) -> Iterator[Chosen]:
    """What was chosen for these titles and has not been removed."""
    wanted = Q(pk__in=[])
    for ref in refs:
        wanted |= Q(medium=ref.medium, tmdb_id=ref.tmdb_id)
    yield from Chosen.objects.filter(wanted, download__removed_at=None).select_related("download").order_by("pk")


def marks(refs: Iterable[TitleRef]) -> dict[TitleRef, State]:
    """For a page of cards: the titles of which something is here, in one query and without a look at the disk."""
    found: dict[TitleRef, State] = {}
    for row in rows_of(refs):
        state = {Status.COMPLETED: State.HAVE, Status.FAILED: State.FAILED}.get(
            Status(row.download.status), State.QUEUED
        )
        found[row.ref] = _further(found.get(row.ref), state)
    return found


def key(row: Download) -> tuple[str, str]:
    return row.host, row.code


def has_failed(row: Download, is_patient: bool = True) -> bool:
    """To the impatient, also what waits for a password."""
    is_locked = row.status == Status.WAITING and row.reason_code in LOCKED
    return row.status == Status.FAILED or (is_locked and not is_patient)


def state_of(row: Download) -> State | None:
    """None for a finished file that is gone."""
    if row.status == Status.FAILED:
        return State.FAILED
    if row.status == Status.COMPLETED:
        return None if actions.file_is_gone(row) else State.HAVE
    return State.QUEUED


def _further(one: State | None, other: State) -> State:
    order = list(State)
    return other if one is None else min(one, other, key=order.index)


def _files(root: Path, folder: str) -> Iterator[str]:
    """Paths below the root of the files in a folder of it, "/" between parts."""
    for place, _, names in os.walk(root.joinpath(*safe_parts(folder))):
        for name in names:
            yield (Path(place) / name).relative_to(root).as_posix()


def _is_video(path: str) -> bool:
    return path.rpartition(".")[2].lower() in VIDEO


def _is_film(path: str) -> bool:
    """A series of the same name and year has the same folder."""
    return _is_video(path) and not any(_places(path))


def _places(path: str) -> Iterator[Place]:
    for season, first, last in NUMBERS.findall(path.rpartition("/")[2]):
        for episode in range(int(first), min(int(last or first), int(first) + 100) + 1):
            yield int(season), episode
