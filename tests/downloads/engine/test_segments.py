"""Several connections on one file: shares, splits, seams, refusals."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from downloads.engine import errors
from downloads.engine.journal import Record
from downloads.engine.limits import Limits
from downloads.engine.transfer import Finished, Stopped, Throttle
from flasharr.simulator import Simulator
from tests.downloads.engine.bench import CODE, NAME, QUICK, Bench, Held, Together, wait_until

MIB = 1024 * 1024
SIZE = 8 * MIB + 12_345
OVERLAP = 64 * 1024
SHARED = replace(QUICK, buffer=64 * 1024, smallest_split=256 * 1024, regrow=60.0)


@pytest.fixture
def wide(bench: Bench, simulator: Simulator) -> Bench:
    simulator.add_file(CODE, NAME, SIZE, speed=24 * MIB)
    bench.size, bench.connections, bench.limits = SIZE, 4, SHARED
    return bench


def ranges(bench: Bench) -> list[str]:
    return [request.range for request in bench.requests()]


def test_four_connections_share_a_file(wide: Bench) -> None:
    assert wide.is_right(wide.finished(Together(4)))
    assert wide.simulator.journal.max_concurrent(CODE) == 4
    assert wide.requests()[0].range == f"bytes=0-{2 * MIB + OVERLAP * 2 - 1}"
    assert wide.mints == 1
    assert wide.sent() <= SIZE + len(wide.requests()) * MIB


def test_it_opens_no_more_connections_than_the_host_allows(wide: Bench) -> None:
    wide.connections = 3
    assert wide.is_right(wide.finished(Together(3)))
    assert wide.simulator.journal.max_concurrent(CODE) == 3


@pytest.mark.parametrize("size", [0, 1, 4 * MIB - 1])
def test_a_small_file_takes_one_connection_and_one_request(wide: Bench, simulator: Simulator, size: int) -> None:
    simulator.add_file(CODE, NAME, size)
    wide.size = size
    assert wide.is_right(wide.finished())
    assert ranges(wide) == [""]


def test_a_file_of_unpromised_size_is_shared_once_the_server_has_named_it(wide: Bench) -> None:
    wide.size = None
    assert wide.is_right(wide.finished(Together(4)))
    assert wide.requests()[0].range == ""
    assert wide.simulator.journal.max_concurrent(CODE) >= 4


def test_a_file_whose_size_nobody_knows_takes_one_connection(wide: Bench, simulator: Simulator) -> None:
    wide.size = None
    simulator.fault("chunked", code=CODE)
    assert wide.is_right(wide.finished())
    assert ranges(wide) == [""]


def test_an_idle_connection_takes_half_of_the_largest_remaining_range(wide: Bench, simulator: Simulator) -> None:
    """The first connection crawls: the others end its share for it."""
    simulator.fault("slow", code=CODE, value=200_000)
    assert wide.is_right(wide.finished())
    starts = sorted(int(asked.removeprefix("bytes=").partition("-")[0]) for asked in ranges(wide))
    inside = [start for start in starts if 0 < start < 2 * MIB]
    assert len(inside) >= 2
    assert inside[-1] > MIB - OVERLAP


def test_it_resumes_every_segment_with_an_overlap(wide: Bench) -> None:
    stopped = wide.run_until(4 * MIB, connections=4)
    before = wide.sent()
    asked = len(wide.requests())
    record = Record.from_bytes((wide.root / ".flasharr" / "part1.journal").read_bytes())
    begun = [part.position for part in record.plan.segments if part.written and not part.is_complete]
    assert record.plan.written == stopped.downloaded
    assert len(begun) >= 3
    assert wide.is_right(wide.finished())
    for position in begun:
        assert [one for one in ranges(wide)[asked:] if one.startswith(f"bytes={position - OVERLAP}-")]
    assert wide.sent() - before <= SIZE - stopped.downloaded + (len(wide.requests()) - asked) * MIB


def test_every_further_connection_asks_with_if_range(wide: Bench, simulator: Simulator) -> None:
    simulator.add_file(CODE, NAME, SIZE, etag="strong", speed=24 * MIB)
    assert wide.is_right(wide.finished())
    assert all("if-range" in request.headers for request in wide.requests()[1:])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("link_expired", {"value": 403}),
        ("rate_limited", {"call": "cdn", "value": 30}),
        ("server_error", {"call": "cdn", "value": 471}),
        ("server_error", {"call": "cdn", "value": 503}),
        ("html_page", {"value": "html"}),
        ("not_satisfiable", {}),
        ("reset", {"after": 0}),
        ("range_ignored", {}),
        ("wrong_content_range", {"value": "start"}),
    ],
)
def test_refused_connections_leave_the_one_that_works(
    wide: Bench, simulator: Simulator, name: str, options: dict[str, Any]
) -> None:
    """Nothing that the first connection brings is lost, and no second address is asked for."""
    simulator.fault(name, code=CODE, when="resume", count=3, **options)
    assert wide.is_right(wide.finished(Held(lambda: len(wide.requests()) > 3)))
    assert wide.mints == 1
    assert wide.sent() <= SIZE + 2 * MIB + len(wide.requests()) * MIB
    assert wide.kept() == ["part1.journal"]


def test_it_tries_further_connections_again_later(wide: Bench, simulator: Simulator) -> None:
    wide.limits = replace(SHARED, regrow=0.2)
    simulator.fault("server_error", code=CODE, call="cdn", value=503, when="resume", count=3)
    assert wide.is_right(wide.finished(Together(2)))
    refused = [number for number, request in enumerate(wide.requests()) if request.status == 503]
    assert len(refused) == 3
    assert [request.status for request in wide.requests()[max(refused) + 1 :]].count(206) >= 1


def test_an_address_refused_to_a_further_connection_is_renewed_with_the_next_try(wide: Bench) -> None:
    wide.limits = replace(SHARED, regrow=0.2)
    wide.simulator.fault("link_expired", code=CODE, value=403, when="resume", count=1)
    assert wide.is_right(wide.finished(Together(4)))
    assert wide.mints == 2


def test_an_expired_address_is_minted_once_for_all_segments(wide: Bench, simulator: Simulator) -> None:
    wide.run_until(4 * MIB)
    wide.mints = 0
    simulator.fault("link_expired", code=CODE, value=403, count=1)
    assert wide.is_right(wide.finished(Together(4)))
    assert wide.mints == 2


def test_a_server_without_ranges_is_read_again_and_compared(wide: Bench, simulator: Simulator) -> None:
    wide.run_until(4 * MIB)
    simulator.add_file(CODE, NAME, SIZE, ranges=False, accept_ranges="")
    before = len(wide.requests())
    assert wide.is_right(wide.finished())
    assert [request.status for request in wide.requests()[before:]] == [200]
    assert wide.kept() == ["part1.journal"]


def test_a_server_without_ranges_from_the_start_takes_one_connection(wide: Bench, simulator: Simulator) -> None:
    simulator.add_file(CODE, NAME, SIZE, ranges=False)
    assert wide.is_right(wide.finished())
    assert len(wide.requests()) == 1


@pytest.mark.parametrize("skip", [0, 1, 2, 3])
@pytest.mark.parametrize("shift", [1])
def test_another_file_on_one_connection_is_seen_at_the_seam(
    wide: Bench, simulator: Simulator, skip: int, shift: int
) -> None:
    """Headers fit and bytes do not: without the proof at the seams this would end as a wrong file."""
    simulator.add_file(CODE, NAME, SIZE, speed=60 * MIB)
    simulator.fault("wrong_bytes", code=CODE, skip=skip, value=shift)
    assert wide.is_right(wide.finished())
    assert wide.sent() <= 4 * SIZE


def test_a_file_that_changes_while_it_is_fetched_is_begun_anew(wide: Bench, simulator: Simulator) -> None:
    simulator.fault("changed_file", code=CODE, value="bytes", skip=2)
    assert wide.is_right(wide.finished())
    assert "part1.part.changed-1" in wide.kept()


def test_a_broken_connection_does_not_end_the_others(wide: Bench, simulator: Simulator) -> None:
    simulator.fault("reset", code=CODE, when="resume", after=500_000, count=4)
    assert wide.is_right(wide.finished())
    assert wide.mints == 1
    assert wide.sent() <= SIZE + len(wide.requests()) * MIB


def test_a_stop_does_not_wait_for_connections_that_are_all_silent(wide: Bench, simulator: Simulator) -> None:
    simulator.fault("stall", code=CODE, after=500_000, count=None)
    transfer = wide.prepare()
    outcome: list[object] = []
    thread = threading.Thread(target=lambda: outcome.append(transfer.run()))
    thread.start()
    wait_until(lambda: transfer.progress.downloaded >= 4 * 400_000)
    wide.stop.set()
    thread.join(wide.limits.stall / 2)
    assert outcome == [Stopped(transfer.progress.downloaded)]
    assert not [one for one in threading.enumerate() if one.name == "connection"]


def test_a_problem_that_stays_ends_all_connections(wide: Bench, simulator: Simulator) -> None:
    simulator.fault("server_error", code=CODE, call="cdn", value=500, count=None)
    assert isinstance(wide.problem(), errors.ServerBusy)
    assert len(wide.requests()) <= 5


def test_a_checksum_is_right_whatever_the_order(wide: Bench, simulator: Simulator) -> None:
    wide.checksum = "sha256:" + simulator.sha256(CODE)
    assert wide.finished().sha256 == simulator.sha256(CODE)


def test_damage_on_one_connection_is_caught_by_the_checksum(wide: Bench, simulator: Simulator) -> None:
    wide.checksum = "sha256:" + simulator.sha256(CODE)
    simulator.fault("corrupt", code=CODE, at=300_000)  # nobody has a reason to split there
    assert isinstance(wide.problem(), errors.ChecksumMismatch)


def test_defaults_keep_what_the_arithmetic_needs() -> None:
    """A split must leave room for a read and two writes under way, and all that is unproven must fit into 8 MiB."""
    limits = Limits()
    assert limits.smallest_split >= 3 * limits.buffer
    assert limits.tick <= 0.25, "a stop is seen within a second"
    assert 2 * (limits.checkpoint_bytes + limits.buffer) + 2 * limits.buffer <= 8 * MIB


def test_a_source_may_allow_fewer_connections_than_before(wide: Bench) -> None:
    wide.run_until(4 * MIB)
    wide.connections = 1
    wide.simulator.journal.wait_idle()
    wide.simulator.journal.clear()
    assert isinstance(wide.run(), Finished)
    assert wide.simulator.journal.max_concurrent(CODE) == 1


def test_four_connections_get_no_more_of_a_shared_limit_than_one(wide: Bench, simulator: Simulator) -> None:
    simulator.add_file(CODE, NAME, SIZE)
    throttle = Throttle(3 * MIB)
    many = wide.prepare(Throttle(above=throttle))
    wide.part_id, wide.connections, wide.stop = "part2", 1, threading.Event()
    single = wide.prepare(Throttle(above=throttle))
    threads = [threading.Thread(target=transfer.run) for transfer in (many, single)]
    for thread in threads:
        thread.start()
    wait_until(lambda: max(many.progress.downloaded, single.progress.downloaded) > 2 * MIB)
    assert 0.7 < many.progress.downloaded / single.progress.downloaded < 1.4
    throttle.rate = 0
    for thread in threads:
        thread.join()
