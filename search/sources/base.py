"""Where files are looked for: one class a source, and what each of them finds. PURE."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from hosts.base import encodable
from search.problems import SourceProblem

MOST_QUERY = 256  # characters of one query


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file or folder that somebody offers, by its name alone.

    `host` and `code` say which one it is (see hosts.links.Link); `url` is its canonical link. `size` is in bytes, None
    when the source does not tell. `path` is the folder it lies in, "/" between parts, "" when unknown. `source` is the
    name of the one that knows it; `seen_at` is when that one saw it itself, None when it does not say.
    """

    host: str
    code: str
    url: str
    name: str
    size: int | None = None
    path: str = ""
    is_folder: bool = False
    source: str = ""
    seen_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", encodable(self.name))
        object.__setattr__(self, "path", encodable(self.path))

    @property
    def key(self) -> tuple[str, str]:
        """Equal for the same file, whoever offers it."""
        return self.host, self.code


class Source(ABC):
    """One place that knows names of files. Thread-safe; made once and used for many searches."""

    name: ClassVar[str]
    label: ClassVar[str]
    needs_network: ClassVar[bool] = True

    @abstractmethod
    def search(self, query: str, limit: int) -> Sequence[Candidate]:
        """At most `limit` files and folders whose names fit `query`, the best first. Raises SourceProblem."""

    @abstractmethod
    def health(self) -> Health:
        """How it has been doing in this process."""


class Standing(StrEnum):
    """How a source is doing."""

    FINE = "fine"
    FAILING = "failing"  # it failed the last time, and will be asked again
    PAUSED = "paused"  # it failed too often, and is left alone until `until`


@dataclass(frozen=True, slots=True)
class Health:
    """`problem` is None when all is well. `answered_at` is the last good answer of this process, None for never."""

    name: str
    label: str
    standing: Standing = Standing.FINE
    problem: SourceProblem | None = None
    until: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one query to one source brought; with a `problem` nothing is known, which is not nothing found.

    `is_full`: as many as were asked for, so there may be more that a narrower query would bring.
    """

    source: str
    query: str
    candidates: tuple[Candidate, ...] = ()
    problem: SourceProblem | None = None
    is_full: bool = False
