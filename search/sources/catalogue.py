"""The folders that the user follows, by the local index of them. PURE: the index itself is passed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from hosts.sentences import gettext_noop
from search.sources.base import MOST_QUERY, Candidate, Health, Source
from search.sources.watch import Watch


class Row(Protocol):
    """A file as the index has it (search/catalogue/models.py)."""

    @property
    def host(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def size(self) -> int | None: ...
    @property
    def last_seen(self) -> datetime: ...


LookUp = Callable[[str, int], Iterable[Row]]


class Catalogue(Source):
    """`look_up(text, limit)` gives rows that hold every word; it raises SourceProblem when it cannot."""

    name = "catalogue"
    label = gettext_noop("Your folders")
    needs_network = False

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up
        self._watch = Watch(self.name, self.label)

    def search(self, query: str, limit: int) -> Sequence[Candidate]:
        text = " ".join(query.split())[:MOST_QUERY]
        if not text:
            return ()
        return self._watch.run(lambda: [_candidate(row) for row in self._look_up(text, limit)])

    def health(self) -> Health:
        return self._watch.health()


def _candidate(row: Row) -> Candidate:
    return Candidate(
        host=row.host,
        code=row.code,
        url=row.url,
        name=row.name,
        size=row.size,
        path=row.path,
        source=Catalogue.name,
        seen_at=row.last_seen,
    )
