"""TMDB and TimFshare on loopback, and clients that ask them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flasharr.simulator import Simulator
from flasharr.simulator.titles.world import title_world
from hosts.guard import guarded_session, origin_of
from search.pace import Pace
from search.shelf import Shelf
from search.tmdb import Tmdb
from search.tmdb.client import LANGUAGES

MOST = 4_000_000


@contextmanager
def titles() -> Iterator[Simulator]:
    with Simulator(title_world()) as simulator:
        yield simulator


def tmdb(
    simulator: Simulator,
    folder: Path,
    pace: Pace | None = None,
    languages: Sequence[str] = LANGUAGES,
    **config: str,
) -> Tmdb:
    """A client with a shelf in `folder`; `config` replaces parts of the simulator's environment."""
    given = {**simulator.environment(), **config}
    http = guarded_session(False, frozenset([origin_of(given["TMDB_API_URL"])]))
    return Tmdb(http, given, Shelf(folder, MOST), languages, pace or Pace(1000))


def asked(simulator: Simulator, part: str = "tmdb") -> list[Any]:
    return [request for request in simulator.journal if request.part == part]
