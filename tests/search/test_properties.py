"""What holds for any name."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.releases import VIETNAMESE_FIRST, Release, Title, fold, library_path, match, parse, render, score
from tests.search.table import cases

PIECES = [
    "p027", "70E30S",
    "S01E02", "1x05", "E12", "2019", "1080p", "x264", "WEB-DL", "-GRP", "[Group]", "(2012)", "Tập", "12",
    "Phần 2", " - ",
    ".", "_", "/", "\\", "[", "]", "(", ")", "第1集", "Vietsub", "TM", "aka", "v2", "end", "5of9", "2011.01.10", "de",
    "ệ", "e\u0323\u0302", "\u0000", "\ud7a3", "😀", "{{", "}}", "S01-S03", "Season 1-3", "part01.rar", ".mkv", "#1",
    "~", "AAC2.0", "OAK-TEAM.", "Kite-Subs.", " + OVA", "「", "』", "（", "DTS-HD", "dd+",
]  # fmt: skip
NAMES = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
WORDS = st.sampled_from(
    ["Harbour", "Lights", "Quiet", "River", "Paper", "Boats", "Storm", "Night", "Kitchen", "Sailor"]
)
SPEED = 0.020  # seconds for 64 KB of anything


@settings(max_examples=600, deadline=None)
@given(NAMES)
def test_it_never_raises_and_every_span_lies_inside_the_name(name: str) -> None:
    release = parse(name)
    assert release.name == name
    for start, end in release.spans.values():
        assert 0 <= start <= end <= len(name)
    title = Title(("Harbour Lights",), 2012, is_series=True)
    match(release, title)
    assert 0 <= score(release, VIETNAMESE_FIRST, 10**9, 3000).total <= 100
    library_path(title, release, VIETNAMESE_FIRST)


def test_the_span_of_a_field_is_the_text_it_came_from() -> None:
    name = "Harbour.Lights.2012.S01E02.1080p.WEB-DL.x264-OAK.mkv"
    spans = parse(name).spans
    found = {field: name[start:end] for field, (start, end) in spans.items()}
    assert found == {
        "title": "Harbour.Lights", "year": "2012", "seasons": "S01E02", "episodes": "S01E02", "resolution": "1080p",
        "source": "WEB-DL", "source_detail": "WEB-DL", "codec": "x264", "group": "OAK", "container": "mkv",
    }  # fmt: skip


UNTOLD = {"name", "spans", "kind", "seasons", "absolute", "version"}
"""Fields that are no text of their own: a kind is concluded, 1x02 and 102 have season and episode in one word."""


def test_every_field_that_was_found_in_a_name_has_a_span() -> None:
    for case in cases():
        release = parse(case.name)
        if "/" in case.name or "\\" in case.name:
            continue
        empty = Release("")
        found = {field for field in Release.__slots__ if getattr(release, field) != getattr(empty, field)}
        assert found - UNTOLD <= release.spans.keys(), case.name


def test_spans_of_a_decomposed_name_point_into_that_name() -> None:
    name = "Bo\u0302\u0301 Gia\u0300 2021 Vietsub 1080p.mkv"
    release = parse(name)
    start, end = release.spans["title"]
    assert name[start:end] == "Bo\u0302\u0301 Gia\u0300"
    start, end = release.spans["vietnamese_subtitles"]
    assert name[start:end] == "Vietsub"


@given(
    st.lists(WORDS, min_size=1, max_size=4),
    st.one_of(st.none(), st.integers(1930, 2029)),
    st.one_of(st.none(), st.tuples(st.integers(0, 40), st.lists(st.integers(1, 300), max_size=1))),
    st.sampled_from(["", "720p", "1080p", "2160p"]),
    st.sampled_from(["", "OAK", "KITE", "H72"]),
)
def test_a_rendered_release_reads_as_the_same_thing(
    words: list[str], year: int | None, numbers: tuple[int, list[int]] | None, resolution: str, group: str
) -> None:
    seasons, episodes = ((numbers[0],), tuple(numbers[1])) if numbers else ((), ())
    release = Release("", " ".join(words), year=year, seasons=seasons, episodes=episodes, resolution=resolution)
    release.codec, release.source, release.group = "h264", "web", group
    release.kind = parse("X.S01E01" if episodes else "X.S01" if seasons else "X.2012").kind
    again = parse(render(release) + ".mkv")
    assert identity(again) == identity(release)


def test_every_name_of_the_table_reads_the_same_once_rendered() -> None:
    for case in cases():
        release = parse(case.name)
        if release.title.isascii() and release.title and release.year is None and len(release.seasons) == 1:
            assert parse(render(release)).seasons == release.seasons, case.name
            assert parse(render(release)).episodes == release.episodes, case.name


def identity(release: Release) -> tuple[str, int | None, tuple[int, ...], tuple[int, ...], date | None]:
    return fold(release.title), release.year, release.seasons, release.episodes, release.air_date


@pytest.mark.parametrize(
    "piece",
    [
        "a ", "(", ")", "[a]", "((", "-", ".", "1.", "/", "a/", "\\", "S01E01.", "S01-", "2019-", "10-11-", "e1", "1x1",
        "ệ", "e\u0323\u0302", " ", "aka ", " / ", "{", "'", "1080p ", "第1集", "-Vietsub", "_TM", ".mkv", "\u0000",
        "12345678 ", "1 ", "a'", "=-", "v2 ", "(1)", ".r01", "[[", "1of2 ", "Tập ", "S01E01-E9999",
    ],
)  # fmt: skip
def test_sixty_four_kilobytes_of_anything_take_less_than_twenty_milliseconds(piece: str) -> None:
    name = piece * (65536 // len(piece))
    parse(name[:4096])
    assert min(_seconds(name) for _ in range(5)) < SPEED


@pytest.mark.parametrize("name", ["Show.S01E01-E9999.mkv", "Show.S01E01-E4000", "Show.E1-99999", "Show S1-S9999"])
def test_a_crafted_range_does_not_stall_it(name: str) -> None:
    parse(name)
    assert min(_seconds(name) for _ in range(5)) < SPEED


def _seconds(name: str) -> float:
    begun = time.process_time()
    parse(name)
    return time.process_time() - begun
