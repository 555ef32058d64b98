from __future__ import annotations

from pathlib import Path

import pytest

from downloads.engine.magic import KINDS, disguise, look_at

TS = b"".join(b"G" + bytes(187) for _ in range(4))
HEADS = {
    "Matroska": b"\x1a\x45\xdf\xa3\x93B\x82\x88matroska",
    "MP4": b"\x00\x00\x00\x20ftypisom",
    "AVI": b"RIFF\x00\x00\x00\x00AVI LIST",
    "MPEG-TS": TS,
    "ZIP": b"PK\x03\x04\x14\x00",
    "RAR": b"Rar!\x1a\x07\x01\x00",
    "7-Zip": b"7z\xbc\xaf\x27\x1c\x00\x04",
    "Windows program": b"MZ\x90\x00",
    "JPEG": b"\xff\xd8\xff\xe0",
}


@pytest.mark.parametrize("label", ["MP4", "AVI", "MPEG-TS", "ZIP", "RAR", "7-Zip", "Windows program", "JPEG"])
def test_a_film_that_is_something_else_is_told(label: str) -> None:
    assert disguise(HEADS[label], "Phim.Hay.2024.mkv") == label


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Matroska", "film.mkv"),
        ("Matroska", "FILM.WEBM"),
        ("MP4", "film.m4v"),
        ("MPEG-TS", "film.m2ts"),
        ("ZIP", "book.epub"),
        ("ZIP", "paper.docx"),
        ("ZIP", "no extension"),
        ("RAR", "film.part01.rar"),
        ("RAR", "film.r00"),
        ("Windows program", "disk.iso"),
    ],
)
def test_a_name_that_fits_or_promises_nothing_is_left_in_peace(label: str, name: str) -> None:
    assert disguise(HEADS[label], name) == ""


@pytest.mark.parametrize("head", [b"", b"\x00", bytes(range(256)), b"plain text", TS[:100]])
def test_bytes_that_make_no_kind_prove_nothing(head: bytes) -> None:
    assert disguise(head, "film.mkv") == ""


def test_every_kind_fits_its_own_names() -> None:
    for kind in KINDS:
        head = bytearray(1024)
        for position, mark in kind.marks:
            head[position : position + len(mark)] = mark
        for extension in kind.extensions.split():
            assert disguise(bytes(head), f"a.{extension}") == ""
        assert disguise(bytes(head), "a.png" if kind.label != "PNG" else "a.mkv") == kind.label


def test_a_file_that_cannot_be_read_is_not_judged(tmp_path: Path) -> None:
    assert look_at(tmp_path / "gone.mkv") is None
