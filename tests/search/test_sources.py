from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from flasharr.simulator import Simulator
from hosts.guard import guarded_session, origin_of
from search.kept import FAILED_FOR
from search.problems import SourceBusy, SourceDown, SourceLate, SourceProblem, SourceRefused, SourceUnreadable
from search.shelf import Shelf
from search.sources.base import Candidate, Health, Source, Standing
from search.sources.gather import MOST_QUERIES, gather
from search.sources.timfshare import MOST_ROWS, TimFshare
from search.sources.watch import Watch
from tests.search.providers import MOST, asked, titles


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with titles() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    running.clear_faults()
    running.journal.clear()
    running.world.rules.timfshare_latency = 0.0
    monkeypatch.setattr("search.wire.LEAST_PAUSE", 0.001)
    return running


@pytest.fixture
def source(simulator: Simulator, tmp_path: Path) -> TimFshare:
    return timfshare(simulator, tmp_path)


def timfshare(simulator: Simulator, folder: Path, watch: Watch | None = None) -> TimFshare:
    http = guarded_session(False, frozenset([origin_of(simulator.url)]))
    return TimFshare(http, simulator.environment(), Shelf(folder, MOST), watch=watch)


def test_files_and_folders_are_found(source: TimFshare, simulator: Simulator) -> None:
    found = source.search("mắt.biếc", 10)
    assert len(found) == 3
    file = simulator.world.files[found[0].code]
    assert (found[0].name, found[0].size, found[0].host) == (file.name, file.size, "fshare")
    assert found[0].url == f"https://www.fshare.vn/file/{file.code}"
    folders = [one for one in source.search("người phán xử", 50) if one.is_folder]
    assert [(folder.size, folder.url[-12:]) for folder in folders] == [(None, folders[0].code)]
    assert len(source.search("solo leveling", 5)) == 5


def test_the_same_question_is_asked_once(source: TimFshare, simulator: Simulator, tmp_path: Path) -> None:
    for query in ("Mai 2024", "mai.2024", " MAI  2024 "):
        source.search(query, 10)
    timfshare(simulator, tmp_path).search("mai 2024", 10)
    assert len(asked(simulator, "timfshare")) == 1
    assert source.search("", 10) == ()


def test_no_secret_goes_there(source: TimFshare, simulator: Simulator) -> None:
    source.search("mai", 10)
    (request,) = asked(simulator, "timfshare")
    given = simulator.environment()
    secrets = [given[name] for name in ("TMDB_API_KEY", "FSHARE_APP_KEY", "FSHARE_EMAIL", "FSHARE_PASSWORD")]
    assert not [secret for secret in secrets if secret in f"{request.path} {request.headers}"]


FAILURES: list[tuple[str, Any, type[SourceProblem]]] = [
    ("cloudflare", 403, SourceRefused),
    ("cloudflare", 503, SourceDown),
    ("cloudflare", 200, SourceUnreadable),
    ("no_data", None, SourceUnreadable),
    ("no_data", "none", SourceUnreadable),
    ("rate_limited", 60, SourceBusy),
    ("rate_limited", None, SourceBusy),
    ("server_error", 502, SourceDown),
    ("truncated_json", None, SourceUnreadable),
    ("huge_body", None, SourceUnreadable),
    ("reset", None, SourceDown),
]


@pytest.mark.parametrize(("name", "value", "kind"), FAILURES, ids=[f"{name}-{value}" for name, value, _ in FAILURES])
def test_a_failure_is_no_empty_answer(
    simulator: Simulator, tmp_path: Path, name: str, value: Any, kind: type[SourceProblem]
) -> None:
    simulator.fault(name, call="timfshare", value=value, count=None)
    source = timfshare(simulator, tmp_path)
    with pytest.raises(SourceProblem, match="TimFshare") as raised:
        source.search("mai", 10)
    assert type(raised.value) is kind
    assert source.health().problem is raised.value
    simulator.clear_faults()
    again = timfshare(simulator, tmp_path)
    assert again.search("mai", 10)
    assert again.health().standing is Standing.FINE


def test_odd_rows_are_read_as_far_as_they_go(source: TimFshare, simulator: Simulator) -> None:
    simulator.fault("odd_rows")
    found = source.search("mat biec", 10)
    assert [one.size is None for one in found] == [True, False, False]


def test_doubles_count_once_and_masses_are_cut(source: TimFshare, simulator: Simulator) -> None:
    simulator.fault("twice")
    assert len(source.search("mat biec", 10)) == 3
    simulator.fault("many_rows")
    assert len(source.search("bo gia", 10_000)) == MOST_ROWS


def test_after_failures_in_a_row_it_is_left_alone(simulator: Simulator, tmp_path: Path) -> None:
    ticks = [1000.0]
    source = timfshare(simulator, tmp_path, Watch("timfshare", "TimFshare", clock=lambda: ticks[0]))
    simulator.fault("server_error", call="timfshare", count=None)
    for number in range(6):
        with pytest.raises(SourceDown):
            source.search(f"mai {number}", 10)
    health = source.health()
    assert health.standing is Standing.PAUSED
    assert health.until is not None
    requests = len(asked(simulator, "timfshare"))
    assert requests == 8  # four searches of two tries
    simulator.clear_faults()
    ticks[0] += 1000
    assert source.search("mai 2024", 10)
    assert source.health().standing is Standing.FINE


class Known(Source):
    """Answers from a table: candidates, a problem to raise, or seconds to take."""

    needs_network = True

    def __init__(self, name: str, answers: dict[str, Any], local: bool = False) -> None:
        self.name = name  # type: ignore[misc]
        self.label = name.title()  # type: ignore[misc]
        self.needs_network = not local  # type: ignore[misc]
        self.answers, self.queries = answers, list[str]()

    def search(self, query: str, limit: int) -> Sequence[Candidate]:
        self.queries.append(query)
        answer = self.answers.get(query, [])
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return list(answer())
        return [Candidate("fshare", code, "", code, source=self.name) for code in answer]

    def health(self) -> Health:
        return Health(self.name, self.label)


def test_parts_come_as_they_come_and_each_file_once() -> None:
    near = Known("near", {"a": ["1", "2"], "b": ["2"]}, local=True)
    far = Known("far", {"a": ["2", "3", "3"], "b": SourceDown(source="Far")})
    with ThreadPoolExecutor(2) as pool:
        parts = list(gather(["a", "b", "A ", ""], [near, far], pool))
    assert [part.source for part in parts[:2]] == ["near", "near"]
    assert sorted(candidate.code for part in parts for candidate in part.candidates) == ["1", "2", "3"]
    assert [part.problem.message for part in parts if part.problem] == [SourceDown(source="Far").message]
    assert len(far.queries) == 2


def test_what_is_late_is_told_and_does_not_hold_up() -> None:
    release = Event()
    slow = Known("slow", {"a": lambda: [] if release.wait(60) else ["never"]})
    quick = Known("quick", {"a": ["1"]})
    with ThreadPoolExecutor(2) as pool:
        parts = list(gather(["a"], [slow, quick], pool, seconds=1.0))
        release.set()
    assert [part.source for part in parts] == ["quick", "slow"]
    assert isinstance(parts[1].problem, SourceLate)


def test_questions_are_bounded() -> None:
    far = Known("far", {})
    with ThreadPoolExecutor(4) as pool:
        list(gather([f"query {number}" for number in range(100)], [far], pool))
    assert len(far.queries) == MOST_QUERIES


def test_a_mistake_of_ours_is_not_taken_for_a_silent_source() -> None:
    broken = Known("broken", {"a": ZeroDivisionError()})
    with ThreadPoolExecutor(1) as pool, pytest.raises(ZeroDivisionError):
        list(gather(["a"], [broken], pool, seconds=0.2))


def test_first_results_do_not_wait_for_all() -> None:
    release = Event()
    far = Known("far", {"a": ["1"], "b": lambda: [] if release.wait(60) else ["never"]})
    with ThreadPoolExecutor(2) as pool:
        parts = gather(["a", "b"], [far], pool, seconds=60)
        assert [candidate.code for candidate in next(parts).candidates] == ["1"]
        release.set()
        assert [part.candidates for part in parts] == [()]


def test_what_was_answered_once_is_not_asked_again(simulator: Simulator, tmp_path: Path) -> None:
    source = timfshare(simulator, tmp_path)
    queries = [f"solo leveling {number:02}" for number in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        assert len(list(gather(queries, [source], pool))) == len(asked(simulator, "timfshare")) == 8
        simulator.journal.clear()
        assert len(list(gather(queries, [source], pool))) == 8
    assert asked(simulator, "timfshare") == []


def test_failures_last_only_for_seconds() -> None:
    assert FAILED_FOR <= 10
