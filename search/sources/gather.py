"""Ask all sources all queries side by side, and hand on what comes as it comes. PURE."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from queue import Empty, SimpleQueue

from search.problems import SourceLate, SourceProblem
from search.sources.base import Candidate, Part, Source

MOST_QUERIES = 16
MOST_ROWS = 200  # of one query
LONGEST = 12.0  # seconds for everything

Key = tuple[str, str]


def gather(
    queries: Sequence[str],
    sources: Sequence[Source],
    executor: Executor,
    *,
    seconds: float = LONGEST,
    limit: int = MOST_ROWS,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Part]:
    """One Part for each query to each source, the earliest first; each file in one of them only.

    What has not come when the time is over is a Part with a SourceLate. Those that need no network are asked here in
    the caller's thread, while the others are under way. At most MOST_QUERIES different queries are asked.
    """
    wanted = _different(queries)
    done: SimpleQueue[Part] = SimpleQueue()
    ends, seen = clock() + seconds, set[Key]()
    waiting: dict[tuple[str, str], tuple[Source, Future[None]]] = {}
    for query in wanted:
        for source in sources:
            if source.needs_network:
                future = executor.submit(_into, done, source, query, limit)
                waiting[source.name, query] = source, future
    try:
        for query in wanted:
            for source in sources:
                if not source.needs_network:
                    yield _fresh(_ask(source, query, limit), seen)
        while waiting:
            try:
                part = done.get(timeout=max(0.0, ends - clock()))
            except Empty:
                break
            del waiting[part.source, part.query]
            yield _fresh(part, seen)
        for (name, query), (source, future) in waiting.items():
            if future.done():
                future.result()  # raises what is no problem of the source but a mistake of ours
            yield Part(name, query, problem=SourceLate(source=source.label))
    finally:
        for _, future in waiting.values():
            future.cancel()


def _different(queries: Sequence[str]) -> list[str]:
    once: dict[str, str] = {}
    for query in queries:
        if key := " ".join(query.split()).casefold():
            once.setdefault(key, query)
    return list(once.values())[:MOST_QUERIES]


def _into(done: SimpleQueue[Part], source: Source, query: str, limit: int) -> None:
    done.put(_ask(source, query, limit))


def _ask(source: Source, query: str, limit: int) -> Part:
    try:
        found = tuple(source.search(query, limit))
        return Part(source.name, query, found, is_full=len(found) >= limit)
    except SourceProblem as problem:
        return Part(source.name, query, problem=problem)


def _fresh(part: Part, seen: set[Key]) -> Part:
    """Without what came before."""
    new: dict[Key, Candidate] = {}
    for candidate in part.candidates:
        if candidate.key not in seen:
            new.setdefault(candidate.key, candidate)
    seen.update(new)
    return replace(part, candidates=tuple(new.values()))
