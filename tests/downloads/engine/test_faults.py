"""Each lie a file server can tell, alone: the file ends right, or the true problem is raised. Never a wrong file."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from downloads.engine import errors
from downloads.engine.limits import Limits
from downloads.engine.transfer import Finished
from flasharr.simulator import Simulator
from hosts.base import Problem
from tests.downloads.engine.bench import CODE, IMPATIENT, NAME, QUICK, SIZE, Bench

OVERLAP = 64 * 1024

# Once, from the start: (fault, options). All of these must end with the right file.
ONCE = [
    ("slow", {"value": 10_000_000}),
    ("stall", {"at": 1_000_000}),
    ("stall", {"after": 0}),
    ("reset", {"at": 1_000_000}),
    ("reset", {"after": 0}),
    ("early_end", {"at": 1_000_000}),
    ("early_end", {"after": 0}),
    ("html_page", {"value": "html"}),
    ("html_page", {"value": "octet"}),
    ("html_page", {"value": "same_length"}),
    ("html_page", {"value": "same_length_octet"}),
    ("link_expired", {"value": 401}),
    ("link_expired", {"value": 403}),
    ("link_expired", {"value": 404}),
    ("link_expired", {"value": 410}),
    ("link_expired", {"value": "html"}),
    ("wrong_content_range", {"value": "start"}),
    ("wrong_content_range", {"value": "total"}),
    ("wrong_bytes", {}),
    ("extra_bytes", {}),
    ("not_satisfiable", {}),
    ("length_too_large", {}),
    ("length_too_small", {}),
    ("chunked", {}),
    ("chunked", {"value": "open"}),
    ("chunked", {"value": "close"}),
    ("range_ignored", {}),
    ("connection_close", {}),
    ("gzip_claimed", {}),
    ("server_error", {"call": "cdn", "value": 502}),
    ("busy", {"call": "cdn", "value": 1}),
]
# A server that lies in every header alike, on a fresh download: only a promise of the host or a checksum can tell.
UNDETECTABLE = {("wrong_bytes", True), ("wrong_bytes", False), ("extra_bytes", False)}


def patience_with(fault: str) -> Limits:
    return IMPATIENT if fault == "stall" else QUICK


@pytest.mark.parametrize("is_promised", [True, False])
@pytest.mark.parametrize(("name", "options"), ONCE)
def test_a_fault_from_the_start_ends_with_the_right_file(
    bench: Bench, simulator: Simulator, name: str, options: dict[str, Any], is_promised: bool
) -> None:
    bench.size = SIZE if is_promised else None
    bench.limits = patience_with(name)
    if (name, is_promised) in UNDETECTABLE:
        bench.checksum = "sha256:" + simulator.world.files[CODE].content().sha256()
        simulator.fault(name, code=CODE, **options)
        assert isinstance(bench.problem(), errors.ChecksumMismatch)
        return
    simulator.fault(name, code=CODE, **options)
    assert bench.is_right(bench.finished())
    assert bench.sent() <= 2 * SIZE + 1_000_000


@pytest.mark.parametrize("is_promised", [True, False])
@pytest.mark.parametrize(("name", "options"), ONCE)
def test_a_fault_on_resume_ends_with_the_right_file(
    bench: Bench, simulator: Simulator, name: str, options: dict[str, Any], is_promised: bool
) -> None:
    bench.size = SIZE if is_promised else None
    bench.limits = patience_with(name)
    bench.run_until(1_000_000)
    before = bench.sent()
    if options.get("at"):
        options = {"at": 2_000_000}
    simulator.fault(name, code=CODE, **options)
    assert bench.is_right(bench.finished())
    assert bench.sent() - before <= 3 * SIZE
    assert bench.kept() == ["part1.journal"], "one confused answer must not cost the part"


@pytest.mark.parametrize("name", ["stall", "reset", "early_end"])
def test_progress_is_made_by_resuming_when_every_connection_breaks(
    bench: Bench, simulator: Simulator, name: str
) -> None:
    bench.limits = patience_with(name)
    simulator.fault(name, code=CODE, after=800_000, count=None)
    assert bench.is_right(bench.finished())
    requests = bench.requests()
    assert 4 <= len(requests) <= 6
    assert bench.sent() <= SIZE + len(requests) * OVERLAP
    assert bench.mints < len(requests), "an address that still gives bytes is used again"


# For ever: (fault, options, the problem).
FOREVER = [
    ("stall", {"after": 0}, errors.Stalled),
    ("reset", {"after": 0}, errors.CutShort),
    ("early_end", {"after": 0}, errors.CutShort),
    ("html_page", {"value": "html"}, errors.NotTheFile),
    ("html_page", {"value": "same_length_octet"}, errors.NotTheFile),
    ("link_expired", {"value": 403}, errors.AddressExpired),
    ("link_expired", {"value": "html"}, errors.NotTheFile),
    ("not_satisfiable", {}, errors.WrongAnswer),
    ("length_too_large", {}, errors.SizeMismatch),
    ("length_too_small", {}, errors.SizeMismatch),
    ("extra_bytes", {}, errors.SizeMismatch),
    ("gzip_claimed", {}, errors.WrongAnswer),
    ("server_error", {"call": "cdn", "value": 500}, errors.ServerBusy),
]


@pytest.mark.parametrize(("name", "options", "problem"), FOREVER)
def test_a_fault_that_stays_is_named(
    bench: Bench, simulator: Simulator, name: str, options: dict[str, Any], problem: type[Problem]
) -> None:
    bench.limits = patience_with(name)
    simulator.fault(name, code=CODE, count=None, **options)
    raised = bench.problem()
    assert type(raised) is problem or (problem is errors.WrongAnswer and isinstance(raised, problem))
    assert raised.message
    assert len(bench.requests()) <= 5


def test_a_connection_that_ends_inside_the_overlap_is_no_changed_file(bench: Bench, simulator: Simulator) -> None:
    bench.run_until(1_000_000)
    simulator.fault("early_end", code=CODE, after=10_000, count=None)
    assert isinstance(bench.problem(), errors.CutShort)
    assert "part1.part.changed-1" not in bench.kept()


def test_an_address_is_minted_again_three_times_in_a_row(bench: Bench, simulator: Simulator) -> None:
    simulator.fault("link_expired", code=CODE, count=3, value=403)
    assert bench.is_right(bench.finished())
    assert bench.mints == 4


def test_a_long_wait_asked_for_by_the_server_is_handed_up(bench: Bench, simulator: Simulator) -> None:
    simulator.fault("rate_limited", code=CODE, call="cdn", value=120)
    raised = bench.problem()
    assert isinstance(raised, errors.ServerBusy)
    assert raised.retry_after == 120
    assert len(bench.requests()) == 1


@pytest.mark.parametrize("etag", ["none", "strong", "weak"])
@pytest.mark.parametrize("is_promised", [True, False])
@pytest.mark.parametrize("shape", ["etag", "bytes", "size", "smaller"])
def test_a_file_that_changed_is_begun_anew_and_never_spliced(
    bench: Bench, simulator: Simulator, shape: str, is_promised: bool, etag: str
) -> None:
    simulator.add_file(CODE, NAME, SIZE, etag=etag, last_modified=etag != "none")
    bench.size = SIZE if is_promised else None
    bench.run_until(1_000_000)
    simulator.fault("changed_file", code=CODE, value=shape)
    if is_promised and shape in ("size", "smaller"):
        assert isinstance(bench.problem(), errors.SizeMismatch)
        bench.size = simulator.world.files[CODE].size
    assert bench.is_right(bench.finished())
    assert "part1.part.changed-1" in bench.kept()


def test_a_file_that_keeps_changing_is_given_up_with_two_parts_kept(bench: Bench, simulator: Simulator) -> None:
    simulator.fault("changed_file", code=CODE, value="bytes", count=None)
    simulator.fault("reset", code=CODE, at=1_000_000, count=None)
    assert isinstance(bench.problem(), errors.RemoteChanged)
    assert bench.kept().count("part1.part.changed-1") + bench.kept().count("part1.part.changed-2") == 2
    assert not [name for name in bench.kept() if name.endswith("changed-3")]
    assert bench.sent() <= 10 * SIZE


def test_the_host_saying_another_size_than_before_begins_anew(bench: Bench, simulator: Simulator) -> None:
    bench.run_until(1_000_000)
    simulator.add_file(CODE, NAME, SIZE + 5)
    bench.size = SIZE + 5
    assert bench.finished().size == SIZE + 5


@pytest.mark.parametrize("algorithm", ["sha256", "md5", "sha1"])
def test_a_checksum_catches_what_nothing_else_can(bench: Bench, simulator: Simulator, algorithm: str) -> None:
    digest = hashlib.new(algorithm, simulator.world.files[CODE].content().read()).hexdigest()
    bench.checksum = f"{algorithm}:{digest.upper()}"
    simulator.fault("corrupt", code=CODE, at=1_500_000)
    assert isinstance(bench.problem(), errors.ChecksumMismatch)
    finished = bench.finished()
    assert bench.is_right(finished)
    assert finished.sha256 == (digest if algorithm == "sha256" else None)


def test_a_checksum_is_checked_on_the_disk_after_a_resume(bench: Bench, simulator: Simulator) -> None:
    bench.checksum = "sha256:" + simulator.world.files[CODE].content().sha256()
    bench.run_until(1_000_000)
    part = bench.root / ".flasharr" / "part1.part"
    with part.open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    assert isinstance(bench.problem(), errors.ChecksumMismatch)


def test_damage_in_the_overlap_is_noticed_without_a_checksum(bench: Bench) -> None:
    stopped = bench.run_until(1_000_000)
    with (bench.root / ".flasharr" / "part1.part").open("r+b") as file:
        file.seek(stopped.downloaded - 1000)
        file.write(b"damage")
    assert bench.is_right(bench.finished())
    assert "part1.part.changed-1" in bench.kept()


@pytest.mark.parametrize("checksum", ["crc32:abcdef01", "sha256:abc", "nonsense", "sha256:" + "x" * 64])
def test_a_checksum_that_cannot_be_checked_is_refused(bench: Bench, checksum: str) -> None:
    bench.checksum = checksum
    raised = bench.problem()
    assert isinstance(raised, errors.ChecksumMismatch)
    assert "sha256:" in raised.message


def test_a_server_without_ranges_is_read_again_and_compared(bench: Bench, simulator: Simulator) -> None:
    simulator.add_file(CODE, NAME, SIZE, ranges=False, accept_ranges="")
    bench.run_until(1_000_000)
    assert bench.is_right(bench.finished())
    assert bench.requests()[-1].status == 200
    assert bench.kept() == ["part1.journal"]


def test_a_complete_journal_needs_no_request(bench: Bench, simulator: Simulator) -> None:
    """416 is never asked for, let alone believed: the journal knows."""
    (bench.root / "sub").symlink_to("/nowhere/to/be/found")
    bench.directory = "sub"
    assert isinstance(bench.problem(), errors.PathRefused)
    simulator.fault("not_satisfiable", code=CODE, count=None)
    bench.directory = ""
    assert isinstance(bench.run(), Finished)
    assert len(bench.requests()) == 1
