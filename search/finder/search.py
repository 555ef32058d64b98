"""One search for a title: asks in the background, and tells at any time what came so far."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Lock, Thread

from search.finder import siblings
from search.finder.found import Found, judge, placed, wanted
from search.finder.places import Place
from search.finder.queries import narrower, queries
from search.problems import SourceProblem
from search.releases import Profile
from search.sources.base import Candidate, Part, Source
from search.sources.gather import gather
from search.titles import Title

log = logging.getLogger(__name__)
JUDGED_AT_ONCE = 50  # candidates, before those who wait are shown them


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `aired` are the episodes that exist by now: those not found are looked for once more."""

    title: Title
    season: int | None = None
    episode: int | None = None
    aired: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class Results:
    """`found` has the best first and refused ones last; `missing` are aired episodes that nobody offers.

    `parts` are the answers of the sources so far, one for each query to each. `unlearned` is why nobody knows the
    episodes: then nothing is missing for sure.
    """

    found: tuple[Found, ...]
    parts: tuple[Part, ...]
    missing: frozenset[Place]
    is_complete: bool
    unlearned: SourceProblem | None = None

    @property
    def accepted(self) -> list[Found]:
        return [one for one in self.found if one.accepted]

    @property
    def refused(self) -> list[Found]:
        return [one for one in self.found if not one.accepted]

    @property
    def failing(self) -> dict[str, Part]:
        """The first failure of each source that failed, by its name."""
        failures: dict[str, Part] = {}
        for part in self.parts:
            if part.problem is not None:
                failures.setdefault(part.source, part)
        return failures


class Search:
    """Thread-safe. `start` returns at once; `when_done` is called in the thread that searched, just before its end.

    `learn` tells more of what is wanted (its episodes, and which have aired) while the sources are being asked for what
    is known of it already; it may raise SourceProblem. `wanted` is what is known by now.
    """

    def __init__(
        self,
        wanted: Wanted,
        profile: Profile,
        sources: Sequence[Source],
        executor: Executor,
        when_done: Callable[[], None] = lambda: None,
        learn: Callable[[], Wanted] | None = None,
    ) -> None:
        self.wanted, self.profile = wanted, profile
        self._sources, self._executor, self._when_done, self._learn = sources, executor, when_done, learn
        self._lock, self._ended, self._news = Lock(), Event(), Event()
        self._parts: list[Part] = []
        self._judged: dict[tuple[str, str], Found] = {}
        self._unlearned: SourceProblem | None = None

    def start(self) -> Search:
        Thread(target=self._run, name="search", daemon=True).start()
        return self

    @property
    def is_over(self) -> bool:
        return self._ended.is_set()

    @property
    def has_failed(self) -> bool:
        """Whether somebody who was asked did not answer: asking again may bring more."""
        with self._lock:
            return self._unlearned is not None or any(part.problem for part in self._parts)

    def wait(self, seconds: float, *, for_all: bool = False) -> Results:
        """What is known after the first answer that brought something (or with `for_all` the last), or when the time
        is over.
        """
        (self._ended if for_all else self._news).wait(seconds)
        return self.results()

    def results(self) -> Results:
        with self._lock:
            is_complete, parts, judged = self._ended.is_set(), tuple(self._parts), list(self._judged.values())
            unlearned = self._unlearned
        found = siblings.without_strangers(judged, self.wanted.title)
        return Results(
            tuple(sorted((one for one in found if self._is_wanted(one)), key=lambda one: one.order)),
            parts,
            self.missing(found),
            is_complete,
            unlearned,
        )

    def missing(self, found: Sequence[Found]) -> frozenset[Place]:
        have: set[Place] = set().union(*(one.places for one in found if one.accepted))
        return frozenset(place for place in self.wanted.aired if place not in have)

    def _is_wanted(self, found: Found) -> bool:
        """Refused ones stay, with their reason; accepted ones of other seasons and episodes are not asked for."""
        return not found.accepted or wanted(found, self.wanted.season, self.wanted.episode)

    def _run(self) -> None:
        try:
            with ThreadPoolExecutor(1, thread_name_prefix="episodes") as beside:
                learning = beside.submit(self._find_out)
                asked = queries(self.wanted.title, self.wanted.season, self.wanted.episode)
                self._take(asked)
                learning.result()
            self._place()  # also what was judged while the episodes came
            self._take([query for query in self._second_round() if query not in asked])
        except Exception:
            log.exception("A search ended before its time")
            lost = [Part(one.name, "", problem=SourceProblem(source=one.label)) for one in self._sources]
            with self._lock:
                self._parts += lost  # else it would say that nobody offers it
        finally:
            try:
                self._when_done()
            finally:
                self._ended.set()
                self._news.set()

    def _find_out(self) -> None:
        """Without the episodes nobody can say what is missing, but what was found stays."""
        if self._learn is None:
            return
        try:
            learned = self._learn()
        except SourceProblem as problem:
            log.info("The episodes of a season are not known: %s", problem)
            with self._lock:
                self._unlearned = problem
            return
        self.wanted = learned
        self._place()

    def _place(self) -> None:
        """By the episodes that are known now: some files are named by a day, and the days are told with them."""
        with self._lock:
            self._judged = {key: placed(one, self.wanted.title) for key, one in self._judged.items()}

    def _second_round(self) -> tuple[str, ...]:
        """What is asked when the first answers are known."""
        wanted, results = self.wanted, self.results()
        cut_off = {part.query for part in results.parts if part.is_full}
        return (
            *narrower(wanted.title, wanted.season, wanted.episode, cut_off),
            *siblings.queries(results.accepted, sorted(results.missing)),
        )

    def _take(self, asked: Collection[str]) -> None:
        for part in gather(tuple(asked), self._sources, self._executor):
            with self._lock:
                self._parts.append(part)
            for start in range(0, len(part.candidates), JUDGED_AT_ONCE):
                some = part.candidates[start : start + JUDGED_AT_ONCE]
                judged = {one.key: self._judge(one) for one in some}
                with self._lock:
                    self._judged = {**judged, **self._judged}
                self._news.set()

    def _judge(self, candidate: Candidate) -> Found:
        return judge(candidate, self.wanted.title, self.profile)
