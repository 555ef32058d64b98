"""Where a release goes in the library."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.releases import VIETNAMESE_FIRST, Title, library_path, parse, render
from search.releases.names import fingerprint

FILM = Title(("Harbour: The Lights",), 2012)
SERIES = Title(("Harbour Lights",), 2018, is_series=True)
WORKS = {FILM: "Harbour - The Lights (2012)", SERIES: "Harbour Lights (2018)"}
FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')


def path(title: Title, name: str) -> str:
    """Without the fingerprint, and with `~` for the name of the work."""
    release = parse(name)
    return (
        str(library_path(title, release, VIETNAMESE_FIRST))
        .replace(f" {fingerprint(release)}]", "]")
        .replace(WORKS[title], "~")
    )


@pytest.mark.parametrize(
    ("title", "name", "expected"),
    [
        (FILM, "Harbour.2012.1080p.BluRay.x264-OAK.mkv", "~/~ [1080p BluRay OAK].mkv"),
        (FILM, "Harbour.2012.1080p.WEB-DL-OAK-Vietsub-TM.mkv", "~/~ [1080p WEB-DL Thuyết Minh Vietsub OAK].mkv"),
        (FILM, "Harbour.2012.CD1.DVDRip-OAK.avi", "~/~ - part1 [DVDRip OAK].avi"),
        (FILM, "Harbour.2012.1080p.WEB-DL.vi.srt", "~/~ [1080p WEB-DL].vi.srt"),
        (FILM, "Harbour.2012.1080p.part02.rar", "~/~ [1080p].part02.rar"),
        (SERIES, "Harbour.Lights.S02E05.The.Fog.1080p.WEB.mkv", "~/Season 02/~ - S02E05 - The Fog [1080p WEB].mkv"),
        (SERIES, "Harbour.Lights.S02E05-E07.1080p.mkv", "~/Season 02/~ - S02E05-E07 [1080p].mkv"),
        (SERIES, "Harbour.Lights.S00E01.1080p.mkv", "~/Season 00/~ - S00E01 [1080p].mkv"),
        (SERIES, "Harbour.Lights.S02.1080p.BluRay.zip", "~/Season 02/~ - S02 [1080p BluRay].zip"),
        (SERIES, "Harbour.Lights.S01-S03.1080p.zip", "~/Seasons/~ - S01-S03 [1080p].zip"),
        (SERIES, "Harbour.Lights.2020.01.31.720p.mkv", "~/Season 01/~ - 2020-01-31 [720p].mkv"),
        (SERIES, "Harbour Lights Tập 12 Vietsub.mkv", "~/Season 01/~ - S01E12 [Vietsub].mkv"),
    ],
)  # fmt: skip
def test_it_has_one_place(title: Title, name: str, expected: str) -> None:
    assert path(title, name) == expected


def test_a_profile_may_leave_the_quality_out() -> None:
    release = parse("Harbour.2012.1080p.BluRay.x264-OAK.mkv")
    plain = library_path(FILM, release, replace(VIETNAMESE_FIRST, shows_quality=False))
    assert plain.name == f"Harbour - The Lights (2012) [{fingerprint(release)}].mkv"


def test_two_releases_never_share_a_path() -> None:
    names = [
        "Harbour.2012.1080p.BluRay.x264-OAK.mkv", "Harbour.2012.1080p.BluRay.x265-OAK.mkv",
        "Harbour.2012.1080p.BluRay.x264-OAK (1).mkv", "Harbour 2012 1080p BluRay x264-OAK.mkv",
        "harbour.2012.1080p.bluray.x264-oak.mkv", "Harbour.2012.1080p.BluRay.x264-OAK.mp4",
        "Harbour.2012.1080p.BluRay.x264-OAK.part1.rar", "Harbour.2012.1080p.BluRay.x264-OAK.part2.rar",
    ]  # fmt: skip
    paths = {str(library_path(FILM, parse(name), VIETNAMESE_FIRST)).casefold() for name in names}
    assert len(paths) == len(names)


@given(st.lists(st.text(min_size=1, max_size=60), min_size=2, max_size=6, unique=True))
def test_any_two_names_have_two_paths(names: list[str]) -> None:
    paths = [str(library_path(FILM, parse(f"{name}.mkv"), VIETNAMESE_FIRST)).casefold() for name in names]
    assert len(set(paths)) == len(names)


def test_volumes_and_subtitles_stand_beside_their_film() -> None:
    stems = {
        str(library_path(FILM, parse(f"Harbour.2012.1080p.WEB-DL-OAK.{ending}"), VIETNAMESE_FIRST)).removesuffix(
            f".{ending}"
        )
        for ending in ("mkv", "vi.srt", "part01.rar", "part02.rar", "r00", "7z.001")
    }
    assert len(stems) == 1


@given(st.text(max_size=400), st.text(min_size=1, max_size=400), st.booleans())
def test_every_file_system_takes_it(name: str, title: str, series: bool) -> None:
    place = library_path(Title((title,), 2020, series), parse(name), VIETNAMESE_FIRST)
    assert not place.is_absolute()
    for part in place.parts:
        assert part not in (".", "..")
        assert not FORBIDDEN.search(part)
        assert part == part.strip(" .")
        assert len(part.encode()) <= 255


@pytest.mark.parametrize("title", ["CON", "..", "AC/DC", "What?", "a" * 300, "Đ" * 200, "name. ", "NUL.2012"])
def test_hostile_titles_become_names(title: str) -> None:
    place = library_path(Title((title,), 2012), parse("X.2012.1080p.mkv"), VIETNAMESE_FIRST)
    assert len(place.parts) == 2
    assert PurePosixPath(place.name).suffix == ".mkv"
    assert len(place.name.encode()) <= 255


def test_a_vietnamese_name_is_written_so_that_sonarr_reads_it() -> None:
    release = parse("Hẻm Nhỏ Phần 2 Tập 7 Vietsub 1080p WEB-DL x264-OAK.mkv")
    assert render(release) == "Hẻm.Nhỏ.S02E07.1080p.WEB-DL.x264-OAK"
