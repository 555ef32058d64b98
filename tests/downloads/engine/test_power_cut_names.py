"""A power cut while a file gets its name: names come and go with the sync of their folder, not before.

A real finish is recorded: every name made or removed, every folder synced, what the journal said by then. Then the
power is cut after each of these, once with every name that was not synced gone and once with all of them there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from downloads.engine.journal import Record
from downloads.engine.partfile import FOLDER
from flasharr.simulator import Simulator
from tests.downloads.engine.bench import CODE, NAME, QUICK, Bench

MIB = 1024 * 1024
SIZE = 6 * MIB + 4321
PART, JOURNAL = f"{FOLDER}/part1.part", f"{FOLDER}/part1.journal"
FINAL = f"Films/{NAME}"


@dataclass
class State:
    """What is on the disk, and what of it a power cut may take back or leave. `None` stands for no file."""

    names: dict[str, str | None] = field(default_factory=dict)  # final or part name to what it is a name of
    unsynced: list[tuple[str, str | None]] = field(default_factory=list)
    journal: bytes = b""


@contextmanager
def recording(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[State]]:
    """States in the order in which they came to be, each as a power cut would meet it."""
    now, states = State(names={PART: "part"}), list[State]()
    link, unlink, fsync, fdatasync = os.link, os.unlink, os.fsync, os.fdatasync

    def place(folder: int | None, name: Any) -> str:
        return os.path.relpath(Path(os.readlink(f"/proc/self/fd/{folder}")) / name, root)

    def note() -> None:
        states.append(replace(now, names=dict(now.names), unsynced=list(now.unsynced)))

    def linked(source: Any, name: Any, *, dst_dir_fd: int, **options: Any) -> None:
        link(source, name, dst_dir_fd=dst_dir_fd, **options)
        now.unsynced.append((place(dst_dir_fd, name), "part"))
        note()

    def unlinked(name: Any, *, dir_fd: int | None = None) -> None:
        unlink(name, dir_fd=dir_fd)
        if dir_fd is not None and place(dir_fd, name) in (PART, FINAL):
            now.unsynced.append((place(dir_fd, name), None))
            note()

    def synced(real: Any) -> Any:
        def call(descriptor: int) -> None:
            real(descriptor)
            what = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
            if what.is_dir():
                here = [one for one in now.unsynced if root / one[0] == what / Path(one[0]).name]
                now.names.update(here)
                now.unsynced = [one for one in now.unsynced if one not in here]
            elif what.name == "part1.journal":
                now.journal = what.read_bytes()
            note()

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", linked)
        patch.setattr(os, "unlink", unlinked)
        patch.setattr(os, "fsync", synced(fsync))
        patch.setattr(os, "fdatasync", synced(fdatasync))
        yield states


def test_a_power_cut_at_any_step_of_the_finish_loses_nothing(
    simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator.add_file(CODE, NAME, SIZE)
    limits = replace(QUICK, buffer=64 * 1024, smallest_split=256 * 1024)
    bench = Bench(simulator, tmp_path / "recorded", SIZE, directory="Films", connections=4, limits=limits)
    (bench.root / "Films").mkdir(parents=True)
    with recording(bench.root, monkeypatch) as states:
        finished = bench.finished()
    assert bench.is_right(finished)
    content = finished.path.read_bytes()
    ending = [state for state in states if state.journal and Record.from_bytes(state.journal).finishing]
    assert len({(tuple(one.names.items()), tuple(one.unsynced)) for one in ending}) >= 4
    for number, state in enumerate(ending):
        for keeps_unsynced in (False, True):
            bench.root = tmp_path / f"after {number} {keeps_unsynced}"
            names = {**state.names, **dict(state.unsynced if keeps_unsynced else [])}
            assert "part" in names.values(), "no name is left of the file"
            rebuild(bench.root, names, state.journal, content)
            simulator.journal.clear()
            assert bench.is_right(bench.finished())
            assert bench.final_names() == [FINAL]
            assert bench.kept() == ["part1.journal"]
            assert bench.requests() == [], "nothing is fetched again"


def rebuild(root: Path, names: dict[str, str | None], journal: bytes, content: bytes) -> None:
    """The disk after the cut. The journal knows the file by its inode, which is another one here."""
    for folder in (FOLDER, "Films"):
        (root / folder).mkdir(parents=True)
    whole = root / "whole"
    whole.write_bytes(content)
    for name in [name for name, what in names.items() if what]:
        os.link(whole, root / name)
    record = Record.from_bytes(journal)
    assert record.finishing
    finishing = replace(record.finishing, inode=whole.stat().st_ino)
    (root / JOURNAL).write_bytes(replace(record, finishing=finishing).to_bytes())
    whole.unlink()
