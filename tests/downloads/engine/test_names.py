from __future__ import annotations

import errno
import os
import threading
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from downloads.engine.disk import open_folder
from downloads.engine.errors import PathRefused
from downloads.engine.finish import finish
from downloads.engine.names import DEVICE, LONGEST, free_name, safe_name, safe_parts, safe_path
from downloads.engine.partfile import FOLDER, PartFile, Target
from downloads.engine.plan import Plan
from tests.downloads.engine.bench import Bench

NASTY = st.sampled_from(
    ["..", ".", "/", "\\", "\0", "CON", "nul.txt", "\u202e", "\ufeff", "a\u0301", "ệ" * 90, "😀" * 70, " .", "~", ":"]
)
TEXT = st.lists(st.one_of(NASTY, st.text(max_size=20)), max_size=12).map("".join)
IN_FOLDER = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

NAMES = [
    ("film.mkv", "film.mkv"),
    ("Phim Việt – tập 1.mkv", "Phim Việt – tập 1.mkv"),
    ("Vie\u0302\u0323t.mkv", "Việt.mkv"),
    ("../../etc/passwd", "_.._etc_passwd"),
    ("..", "download"),
    ("", "download"),
    ("   ", "download"),
    (".hidden", "hidden"),
    ("name. . .", "name"),
    ("CON", "_CON"),
    ("con.txt", "_con.txt"),
    ("Com¹.tar.gz", "_Com¹.tar.gz"),
    ("Console.txt", "Console.txt"),
    ("a\0b\x1b[31m.mkv", "ab[31m.mkv"),
    ("Mission: Impossible?.mkv", "Mission_ Impossible_.mkv"),
    ("fate⁄zero∕x／y＼z.mkv", "fate_zero_x_y_z.mkv"),
    ("invoice\u202efdp.exe", "invoicefdp.exe"),
    ("line\nbreak\tand\u00a0space.mkv", "line break and space.mkv"),
    ("\udcff broken.mkv", "broken.mkv"),
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_it_makes_a_safe_name(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_it_shortens_to_255_bytes_and_keeps_the_extension() -> None:
    name = safe_name("Tập phim rất dài " * 40 + ".mkv")
    assert len(name.encode()) <= LONGEST
    assert len(name.encode()) > LONGEST - 4
    assert name.endswith(".mkv")


def test_it_does_not_part_a_letter_from_its_accents() -> None:
    name = safe_name("x" * 253 + "q\u0303\u0323")
    assert name == "x" * 253


@given(TEXT)
def test_a_safe_name_is_one_visible_name_and_stays_itself(text: str) -> None:
    name = safe_name(text)
    assert name
    assert len(name.encode()) <= LONGEST
    assert not set(name) & set('/\\\0<>:"|?*\n\r\t')
    assert name not in (".", "..")
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert not DEVICE.match(name)
    assert unicodedata.is_normalized("NFC", name)
    assert safe_name(name) == name


@given(TEXT, st.sets(st.integers(0, 12)))
def test_a_free_name_is_free_and_short_enough(text: str, numbers: set[int]) -> None:
    base = safe_name(text)
    taken = {base}
    for _ in numbers:
        taken.add(free_name(base, taken.__contains__))
    assert len(taken) == len(numbers) + 1
    assert all(len(name.encode()) <= LONGEST for name in taken)


def test_the_number_goes_before_the_extension() -> None:
    assert free_name("film.mkv", {"film.mkv", "film (2).mkv"}.__contains__) == "film (3).mkv"


@given(TEXT, TEXT)
@IN_FOLDER
def test_nothing_is_ever_created_outside_the_root(tmp_path: Path, directory: str, name: str) -> None:
    root = tmp_path / "root"
    outside = tmp_path / "outside"
    for folder in (root, outside):
        folder.mkdir(exist_ok=True)
    if not (root / "link").is_symlink():
        (root / "link").symlink_to(outside)
        (root / "up").symlink_to("..")
    for start in ("", "link/", "up/"):
        try:
            path = safe_path(root, start + directory, name)
            with open_folder(root, start + directory) as (_, folder):
                assert folder == path.parent
        except PathRefused:
            continue
        assert root.resolve() in path.parents
        assert (root / FOLDER) not in (path, *path.parents)
    assert list(outside.iterdir()) == []
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["outside", "root"]


@given(TEXT, st.lists(TEXT, max_size=4))
@settings(parent=IN_FOLDER, max_examples=25)
def test_nothing_that_exists_is_overwritten(
    tmp_path_factory: pytest.TempPathFactory, name: str, others: list[str]
) -> None:
    root = tmp_path_factory.mktemp("root")
    here = {safe_name(text): text for text in (name, *others)}
    for taken, text in here.items():
        (root / taken).write_text(text, errors="replace")
    before = {taken: (root / taken).read_bytes() for taken in here}
    target = Target(root, "", name, "part1")
    part = PartFile(target)
    try:
        assert part.restore() is None
        part.begin(Plan.whole(4))
        part.write(memoryview(b"film"), 0)
        finished = finish(part, target, safe_name(name), 4, None, threading.Event())
    finally:
        part.close()
    assert {taken: (root / taken).read_bytes() for taken in here} == before
    assert finished.path.parent == root.resolve()
    assert finished.path.read_bytes() == b"film"
    assert len(list(root.iterdir())) == len(here) + 2  # the new one and the part folder


@pytest.mark.parametrize("directory", ["link", "link/new", "./link", "up/outside"])
def test_a_link_that_leads_outside_is_refused(tmp_path: Path, directory: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside").mkdir()
    (root / "link").symlink_to(tmp_path / "outside")
    (root / "up").symlink_to("..")
    with pytest.raises(PathRefused):
        safe_path(root, directory, "film.mkv")
    with pytest.raises(PathRefused), open_folder(root, directory):
        raise AssertionError("opened")
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_link_inside_the_root_is_followed(tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "movies").symlink_to("films")
    with open_folder(tmp_path, "movies/new") as (_, folder):
        assert folder == tmp_path / "films" / "new"


def test_a_dangling_link_creates_nothing(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path / "gone" / "deep")
    with pytest.raises(PathRefused), open_folder(root, "link"):
        raise AssertionError("opened")
    assert not (tmp_path / "gone").exists()


def test_folders_only_lead_downwards() -> None:
    assert safe_parts("/a//./b/../../etc/\\c:/") == ["a", "b", "etc", "c_"]
    assert safe_parts("../..") == []
    assert safe_parts(".flasharr/x") == ["flasharr", "x"]
    assert len(safe_parts("deep/" * 1000)) == 32


@pytest.mark.parametrize("part_id", ["", "../x", "a/b", ".hidden", "a\0", "x" * 101])
def test_a_part_id_must_be_plain(tmp_path: Path, part_id: str) -> None:
    with pytest.raises(ValueError, match="part id"):
        Target(tmp_path, "", "film.mkv", part_id)


def test_names_are_as_short_as_the_file_system_wants_them(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Encrypted shares (eCryptfs, as on Synology) take 143 bytes; played by what they say and refuse."""
    said, linked = os.statvfs, os.link

    def link(source: str, name: str, **options: Any) -> None:
        if len(os.fsencode(name)) > 143:
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
        linked(source, name, **options)

    monkeypatch.setattr(os, "link", link)
    monkeypatch.setattr(os, "statvfs", lambda folder: os.statvfs_result((*said(folder)[:9], 143)))
    bench.name, bench.directory = "Bộ phim " * 20 + ".mkv", "Phim " + "ộ" * 90
    names = []
    for part_id in ("part1", "part2"):
        bench.part_id = part_id
        finished = bench.finished()
        names.append(finished.path.name)
        assert bench.is_right(finished)
        assert len(os.fsencode(finished.path.parent.name)) <= 143
    assert names[0].endswith("phim.mkv")
    assert names[1].endswith(" (2).mkv")
