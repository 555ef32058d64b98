from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from downloads.engine.transfer import Finished, Stage, Stopped, Throttle, discard
from flasharr.simulator import Simulator
from tests.downloads.engine.bench import CODE, NAME, SIZE, Bench, sha256, wait_until


def test_it_fetches_a_file_into_its_folder_with_open_modes(bench: Bench) -> None:
    bench.directory = "Series/Mùa 1"
    previous = os.umask(0o077)
    try:
        finished = bench.finished()
    finally:
        os.umask(previous)
    assert finished.path == bench.root / "Series" / "Mùa 1" / NAME
    assert bench.is_right(finished)
    assert finished.path.stat().st_mode & 0o777 == 0o664
    assert finished.path.parent.stat().st_mode & 0o777 == 0o775
    assert len(bench.requests()) == 1


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 2 * 1024 * 1024 + 1])
@pytest.mark.parametrize("is_promised", [True, False])
def test_it_fetches_files_of_odd_sizes(bench: Bench, simulator: Simulator, size: int, is_promised: bool) -> None:
    simulator.add_file(CODE, NAME, size)
    bench.size = size if is_promised else None
    finished = bench.finished()
    assert finished.size == size
    assert bench.is_right(finished)


def test_it_stops_and_resumes_with_an_overlap_of_64_kib(bench: Bench) -> None:
    stopped = bench.run_until(1_000_000)
    assert 1_000_000 <= stopped.downloaded < SIZE
    assert bench.final_names() == []
    finished = bench.finished()
    assert bench.is_right(finished)
    assert bench.requests()[-1].range == f"bytes={stopped.downloaded - 64 * 1024}-"
    assert bench.requests()[-1].bytes_sent == SIZE - stopped.downloaded + 64 * 1024


def test_it_asks_with_if_range_when_there_is_a_strong_validator(bench: Bench, simulator: Simulator) -> None:
    simulator.add_file(CODE, NAME, SIZE, etag="strong", last_modified=True)
    bench.run_until(1_000_000)
    assert bench.is_right(bench.finished())
    assert bench.requests()[-1].headers["if-range"].startswith('"')
    assert bench.requests()[-1].status == 206


def test_it_does_not_ask_with_a_weak_validator(bench: Bench, simulator: Simulator) -> None:
    simulator.add_file(CODE, NAME, SIZE, etag="weak")
    bench.run_until(1_000_000)
    assert bench.is_right(bench.finished())
    assert "if-range" not in bench.requests()[-1].headers


def test_it_sends_no_cookies_credentials_or_compression(bench: Bench) -> None:
    transfer = bench.prepare()
    transfer._http.cookies.set("session_id", "secret", domain="127.0.0.1")
    transfer._http.auth = ("user", "secret")
    transfer._http.headers["Authorization"] = "Bearer secret"
    assert isinstance(transfer.run(), Finished)
    headers = bench.requests()[0].headers
    assert headers["accept-encoding"] == "identity"
    assert "secret" not in str(headers)
    assert not {"cookie", "authorization"} & set(headers)


def test_it_never_overwrites(bench: Bench) -> None:
    (bench.root / NAME).write_text("mine")
    (bench.root / "film (2).mkv").symlink_to("nowhere")
    finished = bench.finished()
    assert finished.path.name == "film (3).mkv"
    assert bench.is_right(finished)
    assert (bench.root / NAME).read_text() == "mine"
    assert (bench.root / "film (2).mkv").is_symlink()


def test_a_stop_does_not_wait_for_a_server_that_is_silent(bench: Bench, simulator: Simulator) -> None:
    simulator.fault("stall", code=CODE, after=1_000_000)
    transfer = bench.prepare()
    outcome: list[object] = []
    thread = threading.Thread(target=lambda: outcome.append(transfer.run()))
    thread.start()
    wait_until(lambda: transfer.progress.downloaded > 500_000)
    bench.stop.set()
    thread.join(bench.limits.stall / 2)
    assert outcome == [Stopped(transfer.progress.downloaded)]


def test_a_stop_does_not_wait_for_the_first_byte(bench: Bench, simulator: Simulator) -> None:
    simulator.fault("stall", code=CODE, after=0)
    transfer = bench.prepare()
    thread = threading.Thread(target=transfer.run)
    thread.start()
    wait_until(lambda: transfer.progress.stage == Stage.DOWNLOADING)
    bench.stop.set()
    thread.join(bench.limits.stall / 2)
    assert not thread.is_alive()


def test_a_stop_before_the_start_fetches_nothing(bench: Bench) -> None:
    bench.stop.set()
    assert bench.run() == Stopped(0)
    assert bench.mints == 0


def test_its_progress_can_be_read_while_it_runs(bench: Bench) -> None:
    transfer = bench.prepare(Throttle(6_000_000))
    assert (transfer.progress.stage, transfer.progress.name) == (Stage.RESOLVING, NAME)
    thread = threading.Thread(target=transfer.run)
    thread.start()
    wait_until(lambda: 0 < transfer.progress.downloaded < SIZE)
    assert (transfer.progress.stage, transfer.progress.size) == (Stage.DOWNLOADING, SIZE)
    thread.join()
    assert transfer.progress.downloaded == SIZE


def test_a_finished_file_is_not_fetched_again_until_its_receipt_is_discarded(bench: Bench) -> None:
    first = bench.finished()
    assert bench.kept() == ["part1.journal"]
    assert bench.finished() == first
    assert len(bench.requests()) == 1
    discard(bench.root, bench.part_id)
    assert bench.kept() == []
    assert sha256(first.path) == sha256(bench.finished().path)
    assert len(bench.requests()) == 2


def test_discarding_removes_what_is_ours_and_nothing_else(bench: Bench) -> None:
    bench.run_until(1_000_000)
    stranger = bench.root / ".flasharr" / "part11.part"
    stranger.write_text("another download's")
    discard(bench.root, bench.part_id)
    discard(bench.root, bench.part_id)
    assert bench.kept() == ["part11.part"]
    discard(bench.root / "never there", bench.part_id)


def test_two_runs_of_one_file_by_name_get_two_names(bench: Bench, tmp_path: Path) -> None:
    first = bench.finished()
    bench.part_id = "part2"
    second = bench.finished()
    assert (first.path.name, second.path.name) == ("film.mkv", "film (2).mkv")
    assert sha256(first.path) == sha256(second.path)
