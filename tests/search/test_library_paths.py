"""Plain names in the library, and more words where two would be called the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.releases import Title, parse
from search.releases.library import Style, free_path, library_paths
from search.releases.names import fingerprint

FILM = Title(("Harbour: The Lights",), 2012)
SERIES = Title(("Harbour Lights",), 2018, is_series=True)
CALM = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')


def first(title: Title, name: str, style: Style = Style.PLAIN, episode_name: str = "") -> str:
    found = str(next(library_paths(title, parse(name), style, episode_name)))
    return found.replace("Harbour - The Lights (2012)", "~").replace("Harbour Lights (2018)", "~")


@pytest.mark.parametrize(
    ("title", "name", "expected"),
    [
        (FILM, "Harbour.2012.1080p.WEB-DL.x264-OAK.mkv", "~/~ - 1080p WEB-DL.mkv"),
        (FILM, "Harbour.2012.1080p.BluRay.REMUX-OAK.mkv", "~/~ - 1080p BluRay Remux.mkv"),
        (FILM, "Harbour.2012.mkv", "~/~.mkv"),
        (FILM, "Harbour.2012.CD1.DVDRip-OAK.avi", "~/~ - DVDRip - part1.avi"),
        (FILM, "Harbour.2012.1080p.WEB-DL.vi.srt", "~/~ - 1080p WEB-DL.vi.srt"),
        (FILM, "Harbour.2012.1080p.zip", "~/~ - 1080p.zip"),
        (SERIES, "Harbour.Lights.S02E05.The.Fog.1080p.WEB.mkv", "~/Season 02/~ - S02E05 - The Fog.mkv"),
        (SERIES, "Harbour.Lights.S02E05-E07.1080p.mkv", "~/Season 02/~ - S02E05-E07.mkv"),
        (SERIES, "Harbour.Lights.S02E05.en.srt", "~/Season 02/~ - S02E05.en.srt"),
        (SERIES, "Harbour.Lights.S02.1080p.BluRay.zip", "~/Season 02/~ - S02.zip"),
    ],
)
def test_it_is_named_plainly(title: Title, name: str, expected: str) -> None:
    assert first(title, name) == expected


def test_the_name_of_the_episode_is_the_one_that_is_known() -> None:
    path = first(SERIES, "Harbour.Lights.S02E05.1080p.mkv", episode_name="Fog / Nebel")
    assert path == "~/Season 02/~ - S02E05 - Fog - Nebel.mkv"


def test_styles() -> None:
    name = "Harbour.2012.1080p.WEB-DL.Vietsub.x264-OAK.mkv"
    assert first(FILM, name, Style.QUALITY) == "~/~ - 1080p WEB-DL Vietsub OAK.mkv"
    assert first(FILM, name, Style.SHORT) == "~/~.mkv"
    assert (
        first(SERIES, "Harbour.Lights.S01E02.1080p-OAK.mkv", Style.QUALITY) == "~/Season 01/~ - S01E02 - 1080p OAK.mkv"
    )


def all_paths(title: Title, names: Iterable[str], style: Style) -> list[str]:
    taken: set[str] = set()
    for name in names:
        path = free_path(title, parse(name), style, lambda path: str(path).casefold() in taken)
        taken.add(str(path).casefold())
        assert not FORBIDDEN.search(str(path))
    return sorted(taken)


def test_the_later_one_gets_more_words() -> None:
    names = [
        "Harbour.2012.1080p.WEB-DL.x264-OAK.mkv",
        "Harbour.2012.1080p.WEB-DL.x265-ASH.mkv",
        "Harbour.2012.1080p.WEB-DL.x265-ASH (1).mkv",
    ]
    mark = fingerprint(parse(names[2]))
    stem = "harbour - the lights (2012)/harbour - the lights (2012) - 1080p web-dl"
    assert all_paths(FILM, names, Style.PLAIN) == sorted([f"{stem}.mkv", f"{stem} ash.mkv", f"{stem} ash {mark}.mkv"])


@CALM
@given(st.lists(st.text(min_size=1, max_size=40), min_size=2, max_size=6, unique=True), st.sampled_from(Style))
def test_two_releases_never_share_a_path(names: list[str], style: Style) -> None:
    assert len(all_paths(FILM, [f"{name}.mkv" for name in names], style)) == len(names)


def test_long_names_are_told_apart_too() -> None:
    long = Title(("Harbour " * 40,), 2018, is_series=True)
    words = "Extended.Directors.Cut.2160p.WEB-DL.DV.HDR10Plus.Vietsub.Thuyet.Minh.Long.Tieng.x265"
    names = [f"Harbour.S01E02.{'The.Fog.' * 20}.{words}-{'Group' * 10}{number}.mkv" for number in range(4)]
    assert len(all_paths(long, names, Style.QUALITY)) == 4


def test_volumes_of_two_archives_never_mix() -> None:
    names = [f"Harbour.2012.1080p-{group}.part{part}.rar" for group in ("OAK", "ASH") for part in (1, 2)]
    paths = [str(next(library_paths(FILM, parse(name)))) for name in names]
    stems = [path.rpartition(".part")[0] for path in paths]
    assert stems[0] == stems[1] != stems[2] == stems[3]


@CALM
@given(st.text(max_size=300), st.text(min_size=1, max_size=300), st.booleans(), st.sampled_from(Style))
def test_every_file_system_takes_it(name: str, title: str, series: bool, style: Style) -> None:
    for place in islice(library_paths(Title((title,), 2020, series), parse(name), style), 5):
        for part in place.parts:
            assert part not in (".", "..")
            assert not FORBIDDEN.search(part)
            assert part == part.strip(" .")
            assert len(part.encode()) <= 255
