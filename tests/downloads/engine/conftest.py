from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flasharr.simulator import Simulator
from tests.downloads.engine.bench import CODE, NAME, SIZE, Bench


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        running.add_file(CODE, NAME, SIZE)
        yield running


@pytest.fixture
def bench(simulator: Simulator, tmp_path: Path) -> Bench:
    return Bench(simulator, tmp_path)


@contextmanager
def tmpfs(folder: Path, options: str, kind: str = "tmpfs") -> Iterator[None]:
    """A small file system of its own at `folder`; skips the test where mounting is not allowed."""
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", kind, "-o", options, kind, str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"mounting is not allowed here: {mounted.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def two_disks(tmp_path: Path) -> Iterator[Path]:
    """A root whose folder `Films` is on another file system."""
    with tmpfs(tmp_path / "Films", "size=16m"):
        yield tmp_path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A root on a file system of 4 MiB."""
    with tmpfs(tmp_path / "small", "size=4m"):
        yield tmp_path / "small"
