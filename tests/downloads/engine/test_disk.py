"""Disks that are full, closed, elsewhere or odd."""

from __future__ import annotations

import errno
import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from downloads.engine import filling, kernel
from downloads.engine.errors import DiskAway, DiskFull, DiskRefused, FileTooLarge, PathRefused
from downloads.engine.transfer import Finished, Stopped
from flasharr.simulator import Simulator
from tests.downloads.engine.bench import CODE, NAME, Bench
from tests.downloads.engine.conftest import tmpfs


def test_a_file_that_does_not_fit_waits_with_the_numbers(simulator: Simulator, small_disk: Path) -> None:
    simulator.add_file(CODE, NAME, 50_000_000)
    bench = Bench(simulator, small_disk, 50_000_000)
    raised = bench.problem()
    assert isinstance(raised, DiskFull)
    assert raised.params == {"needed": "50.0 MB", "free": "4.1 MB"}
    assert bench.sent() < 5_000_000


def test_a_disk_that_fills_up_keeps_what_is_there_and_goes_on_later(simulator: Simulator, small_disk: Path) -> None:
    simulator.fault("chunked", code=CODE)
    bench = Bench(simulator, small_disk, None)
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 2_000_000)
    with pytest.raises(DiskFull):
        bench.run()
    ballast.unlink()
    assert bench.is_right(bench.finished())
    resumed_at = int(bench.requests()[-1].range.removeprefix("bytes=").rstrip("-"))
    assert resumed_at > 1_000_000


@pytest.mark.parametrize("is_over", [1, 2, 3, 10, 11, 12, 20])
def test_a_write_that_fails_leaves_no_gap_behind_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, is_over: int
) -> None:
    """Writes go on beside receiving: what was written behind the failed one must not count."""
    real = os.pwrite
    count = 0

    def pwrite(descriptor: int, content: Any, position: int) -> int:
        nonlocal count
        count += len(content) > 30_000
        if count == is_over:
            count += 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, content, position)

    bench.limits = replace(bench.limits, buffer=64 * 1024)
    with monkeypatch.context() as patch:
        patch.setattr(filling, "NOTICEABLE", 10**9)  # so that every write is beside receiving
        patch.setattr(os, "pwrite", pwrite)
        assert isinstance(bench.problem(), DiskFull)
        assert bench.is_right(bench.finished())


def test_a_full_disk_is_known_before_the_first_byte_when_the_size_is(simulator: Simulator, small_disk: Path) -> None:
    bench = Bench(simulator, small_disk)
    (small_disk / "ballast").write_bytes(b"x" * 2_000_000)
    with pytest.raises(DiskFull):
        bench.run()
    (small_disk / "ballast").unlink()
    assert bench.is_right(bench.finished())


def test_a_file_system_that_tells_no_size_is_not_full(simulator: Simulator, tmp_path: Path) -> None:
    """Some FUSE mounts say nothing but zeros, as ramfs does."""
    with tmpfs(tmp_path / "ram", "mode=755", kind="ramfs"):
        bench = Bench(simulator, tmp_path / "ram")
        assert bench.is_right(bench.finished())


def test_a_read_only_disk_is_named(simulator: Simulator, tmp_path: Path) -> None:
    with tmpfs(tmp_path / "closed", "size=4m,ro"):
        raised = Bench(simulator, tmp_path / "closed").problem()
    assert isinstance(raised, DiskRefused)
    assert "Read-only" in raised.message
    assert raised.needs_user


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root may write anywhere, so for a moment this is nobody."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


def test_a_folder_without_permission_is_named(simulator: Simulator) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755 if os.geteuid() == 0 else 0o555)
        with unprivileged():
            raised = Bench(simulator, root).problem()
        root.chmod(0o755)
    assert isinstance(raised, DiskRefused)
    assert str(root) in raised.message


def test_a_target_folder_without_permission_keeps_the_part(simulator: Simulator) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o777)
        (root / "Films").mkdir(mode=0o555)
        bench = Bench(simulator, root, directory="Films")
        with unprivileged():
            assert isinstance(bench.problem(), DiskRefused)
            (root / ".flasharr" / "part1.part").stat()
        (root / "Films").chmod(0o777)
        (root / ".flasharr").chmod(0o777)
        assert bench.is_right(bench.finished())
        assert len(bench.requests()) == 1


def test_a_root_that_is_not_there_is_not_made(simulator: Simulator, tmp_path: Path) -> None:
    """It may be a disk that is not mounted: filling the one below it helps nobody."""
    assert isinstance(Bench(simulator, tmp_path / "gone").problem(), DiskAway)
    assert list(tmp_path.iterdir()) == []


def test_a_root_that_goes_and_comes_back_costs_nothing(simulator: Simulator, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    bench = Bench(simulator, tmp_path / "disk")
    bench.run_until(1_000_000)
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    assert isinstance(bench.problem(), DiskAway)
    (tmp_path / "unplugged").rename(tmp_path / "disk")
    assert bench.is_right(bench.finished())
    assert bench.requests()[-1].range


def test_a_file_that_is_too_large_for_its_file_system_is_no_lack_of_space(bench: Bench) -> None:
    """FAT ends at 4 GB; played by the limit that the kernel answers in the same way."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, before[1]))
    try:
        raised = bench.problem()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert isinstance(raised, FileTooLarge)
    assert raised.needs_user


def test_a_part_folder_that_leads_elsewhere_is_refused(simulator: Simulator, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside").mkdir()
    (root / ".flasharr").symlink_to(tmp_path / "outside")
    with pytest.raises(PathRefused):
        Bench(simulator, root).run()
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_file_where_a_folder_should_be_is_refused(bench: Bench) -> None:
    (bench.root / "Films").write_text("a file")
    bench.directory = "Films/2024"
    with pytest.raises(PathRefused):
        bench.run()
    assert (bench.root / "Films").read_text() == "a file"


def test_a_target_on_another_file_system_gets_a_proven_copy(simulator: Simulator, two_disks: Path) -> None:
    bench = Bench(simulator, two_disks, directory="Films/2024")
    (two_disks / "Films" / "2024").mkdir()
    (two_disks / "Films" / "2024" / NAME).write_text("here before")
    finished = bench.finished()
    assert finished.path == two_disks / "Films" / "2024" / "film (2).mkv"
    assert bench.is_right(finished)
    assert sorted(path.name for path in finished.path.parent.iterdir()) == ["film (2).mkv", NAME]
    assert finished.path.stat().st_mode & 0o777 == 0o664
    assert bench.kept() == ["part1.journal"]
    assert bench.finished() == finished


def test_another_file_system_that_is_full_keeps_the_part(simulator: Simulator, two_disks: Path) -> None:
    simulator.add_file(CODE, NAME, 20_000_000)
    bench = Bench(simulator, two_disks, 20_000_000, directory="Films")
    assert isinstance(bench.problem(), DiskFull)
    assert "part1.part" in bench.kept()
    assert list((two_disks / "Films").iterdir()) == []
    bench.directory = "Elsewhere"
    assert bench.is_right(bench.finished())
    assert len(bench.requests()) == 1


@pytest.mark.parametrize("is_renamed_safely", [True, False])
def test_a_file_system_without_links_gets_a_rename(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, is_renamed_safely: bool
) -> None:
    """exFAT and many network mounts: played by refusing the calls as they do."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(os, "link", refuse)
    if not is_renamed_safely:
        monkeypatch.setattr(kernel, "rename_without_replacing", refuse)
    (bench.root / NAME).write_text("here before")
    finished = bench.finished()
    assert finished.path.name == "film (2).mkv"
    assert bench.is_right(finished)
    assert (bench.root / NAME).read_text() == "here before"
    assert bench.finished() == finished
    assert len(bench.requests()) == 1


def test_a_rename_never_replaces(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "b").write_text("b")
    folder = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with pytest.raises(FileExistsError):
            kernel.rename_without_replacing("a", "b", source_folder=folder, target_folder=folder)
        kernel.rename_without_replacing("a", "c", source_folder=folder, target_folder=folder)
    finally:
        os.close(folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "c"]


def test_a_name_that_only_differs_in_case_is_not_replaced(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shared folder without links, without safe renames and without cases, played by listing the name in capitals."""
    listed = os.listdir

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(kernel, "rename_without_replacing", refuse)
    monkeypatch.setattr(os, "listdir", lambda folder: [name.replace(NAME, NAME.upper()) for name in listed(folder)])
    (bench.root / NAME).write_text("here before")
    assert bench.finished().path.name == "film (2).mkv"
    assert (bench.root / NAME).read_text() == "here before"


def test_a_complaint_while_closing_is_no_second_problem(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network mount sends what it kept back when a file is closed, and complains then; it is closed all the same."""
    real, closed = os.close, []

    def close(descriptor: int) -> None:
        is_part = os.readlink(f"/proc/self/fd/{descriptor}").endswith(".part")
        real(descriptor)
        if is_part:
            closed.append(descriptor)
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))

    bench.run_until(1_000_000)
    with monkeypatch.context() as patch:
        patch.setattr(os, "close", close)
        bench.simulator.fault("server_error", call="cdn", count=None)
        assert bench.problem().code == "server_busy"
    assert closed
    bench.simulator.clear_faults()
    assert bench.is_right(bench.finished()), "the part was let go of"


def test_a_file_system_that_cannot_reserve_gives_the_length_only(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "FALLOCATE", "a call that is not there")
    assert bench.is_right(bench.finished())


def test_a_length_that_takes_long_to_give_holds_up_no_stop(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """exFAT and encrypted shares write zeros up to the new end: minutes for a film, and the engine must stay alive."""
    real, lengths = os.ftruncate, list[int]()

    def ftruncate(descriptor: int, length: int) -> None:
        lengths.append(length)
        if len(lengths) == 3:
            bench.stop.set()
        real(descriptor, length)

    monkeypatch.setattr(kernel, "FALLOCATE", "a call that is not there")
    monkeypatch.setattr(kernel, "STEP", 500_000)
    monkeypatch.setattr(os, "ftruncate", ftruncate)
    assert isinstance(bench.run(), Stopped)
    assert lengths == [500_000, 1_000_000, 1_500_000]
    bench.stop.clear()
    assert bench.is_right(bench.finished())
    assert lengths[3:6] == [2_000_000, 2_500_000, 3_000_000], "it goes on where it was"


def test_a_name_taken_in_the_last_moment_is_left_alone(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.link

    def link(source: str, name: str, **options: Any) -> None:
        if name == NAME:
            (bench.root / NAME).write_text("faster")
        real(source, name, **options)

    monkeypatch.setattr(os, "link", link)
    finished = bench.finished()
    assert finished.path.name == "film (2).mkv"
    assert (bench.root / NAME).read_text() == "faster"


def test_what_it_opens_it_closes(bench: Bench) -> None:
    descriptors = Path("/proc/self/fd")
    bench.finished()
    before = len(list(descriptors.iterdir()))
    for number in range(5):
        bench.part_id = f"another{number}"
        assert isinstance(bench.run(), Finished)
    assert len(list(descriptors.iterdir())) <= before + 2
