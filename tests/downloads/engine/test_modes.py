"""Modes of what we make, and of nothing else, whatever the umask."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from downloads.engine.partfile import FOLDER
from tests.downloads.engine.bench import Bench


@pytest.fixture(params=[0o022, 0o077, 0o000], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o664, 0o775), (0o600, 0o700), (0o640, 0o750)])
def test_files_and_new_folders_have_the_mode_asked_for(
    bench: Bench, umask: int, file_mode: int, folder_mode: int
) -> None:
    there = bench.root / "there"
    there.mkdir()
    there.chmod(0o711)
    top = mode(bench.root)
    bench.directory, bench.file_mode, bench.folder_mode = "there/new/deep", file_mode, folder_mode
    path = bench.finished().path
    assert mode(path) == file_mode
    assert (mode(path.parent), mode(path.parent.parent)) == (folder_mode, folder_mode)
    assert (mode(there), mode(bench.root)) == (0o711, top), "not ours"


def test_the_part_is_as_it_always_was_until_it_is_finished(bench: Bench, umask: int) -> None:
    bench.file_mode = 0o600
    bench.run_until(500_000)
    assert mode(bench.root / FOLDER / "part1.part") == 0o664
    assert mode(bench.finished().path) == 0o600


def test_a_file_that_is_there_keeps_its_mode(bench: Bench, umask: int) -> None:
    there = bench.root / bench.name
    there.write_text("mine")
    there.chmod(0o640)
    assert bench.finished().path != there
    assert mode(there) == 0o640


def test_another_file_system_makes_no_difference(two_disks: Path, bench: Bench, umask: int) -> None:
    bench.directory, bench.file_mode, bench.folder_mode = "Films/new", 0o640, 0o750
    path = bench.finished().path
    assert (mode(path), mode(path.parent)) == (0o640, 0o750)


def test_a_group_that_is_inherited_stays_so(bench: Bench) -> None:
    shared = bench.root / "shared"
    shared.mkdir()
    shared.chmod(0o2775)
    bench.directory = "shared/new"
    assert mode(bench.finished().path.parent) == 0o2775


@pytest.mark.parametrize("refusal", [errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL])
def test_a_file_system_without_modes_finishes_the_file_and_says_so(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, refusal: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(refusal, os.strerror(refusal))

    monkeypatch.setattr(os, "fchmod", refuse)
    monkeypatch.setattr(Path, "chmod", refuse)
    bench.directory, bench.file_mode = "new", 0o600
    os_umask = os.umask(0o022)
    try:
        finished = bench.finished()
    finally:
        os.umask(os_umask)
    assert bench.is_right(finished)
    assert finished.caution is not None
    assert finished.caution.message == "The file is complete, but its file system does not take the mode 0600."
