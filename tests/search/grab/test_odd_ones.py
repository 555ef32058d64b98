"""Specials, daily shows, files of two episodes, cuts of a film, subtitles: from the search to names in the library."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from downloads.models import Download
from flasharr.simulator import Simulator
from search import library
from search.grab import actions
from search.grab.models import Chosen
from search.grab.preview import GrabPreview, preview
from search.quality import actions as quality
from search.quality.models import QualityProfile
from search.titles import Medium
from tests.search.asking import title


def names() -> dict[str, str]:
    """What the rows are called in the library, by their own names."""
    rows = Download.objects.order_by("position")
    assert len({f"{row.directory}/{row.filename}".casefold() for row in rows}) == len(rows)
    return {row.name: row.filename for row in rows}


def everything(seen: GrabPreview) -> list[str]:
    return [":".join(one.candidate.key) for one in seen.found if one.accepted]


@pytest.fixture
def picture() -> QualityProfile:
    """A profile to which Vietnamese is worth nothing."""
    return quality.create(name="Picture", languages=["original"])


def test_episodes_by_date_are_found_by_their_day(world: Simulator) -> None:
    work = title("The Evening Desk", Medium.TV)
    seen = preview(work)
    assert (seen.covered, seen.aired, seen.missing) == (10, 10, ())
    actions.grab(seen)
    found = names()
    assert found["The Evening Desk 2024-03-05 Vietsub 720p.mp4"] == (
        "The Evening Desk (2024) - S01E02 - The Fishermen.mp4"
    )
    assert found["The Evening Desk 2024-03-13 Vietsub 720p.mp4"] == "The Evening Desk (2024) - S01E10.mp4"
    assert library.of(work).had == {(1, number) for number in range(1, 11)}


def test_the_other_set_of_a_daily_show_fills_its_gaps(world: Simulator, picture: QualityProfile) -> None:
    seen = preview(title("The Evening Desk", Medium.TV), profile=picture)
    assert [line.places[0][1] for line in seen.lines if line.filler] == [9, 10]


def test_files_of_two_episodes_are_fetched_once(world: Simulator, picture: QualityProfile) -> None:
    work = title("Two by Two", Medium.TV)
    seen = preview(work, [1], picture)
    assert (seen.covered, seen.aired) == (8, 8)
    actions.grab(seen)
    found = names()
    assert found["Two.by.Two.S01E01E02.1080p.WEB-DL.DDP5.1.H.264-SIM.mkv"] == (
        "Two by Two (2023) - S01E01-E02 - Left + Right.mkv"
    )
    assert sorted(place for row in Chosen.objects.filter(kind="video") for place in row.holds) == [
        (1, number) for number in range(1, 9)
    ]
    assert library.of(work).had == {(1, number) for number in range(1, 9)}
    assert preview(work, [1], picture).lines == ()


def test_one_half_that_is_here_does_not_keep_the_other_away(world: Simulator) -> None:
    work = title("Two by Two", Medium.TV)
    seen = preview(work, [1], episodes=[(1, 5)])
    assert [line.places for line in seen.lines if line.found.is_video] == [((1, 5),)]
    actions.grab(seen)
    assert [line.places[:1] for line in preview(work, [1]).lines if line.found.is_video][-3:] == [
        ((1, 6),), ((1, 7),), ((1, 8),),
    ]  # fmt: skip


def test_subtitles_come_along_and_lie_beside_their_video(world: Simulator, picture: QualityProfile) -> None:
    actions.grab_seasons(title("Two by Two", Medium.TV), [1], picture)
    found = names()
    video = found["Two.by.Two.S01E07.1080p.BluRay.x264-PAIR.mkv"]
    assert found["Two.by.Two.S01E07.1080p.BluRay.x264-PAIR.vi.srt"] == f"{PurePosixPath(video).stem}.vi.srt"
    assert Chosen.objects.filter(kind="subtitle").count() == 4


def test_specials_are_a_season_of_their_own(world: Simulator) -> None:
    work = title("Two by Two", Medium.TV)
    assert preview(work).seasons == (1,)
    seen = preview(work, [0])
    assert (seen.covered, seen.aired) == (2, 2)
    actions.grab(seen)
    assert set(names().values()) == {
        "Two by Two (2023) - S00E01 - The Christmas Pair.mkv",
        "Two by Two (2023) - S00E02 - Odd One Out.mkv",
    }
    assert {row.directory for row in Download.objects.all()} == {"Two by Two (2023)/Season 00"}


def test_specials_that_nobody_offers_are_named(world: Simulator) -> None:
    seen = preview(title("Attack on Titan", Medium.TV), [0])
    assert ([line.places for line in seen.lines], seen.missing) == ([((0, 1),)], ((0, 2),))


def test_two_cuts_of_a_film_keep_their_own_subtitles(world: Simulator) -> None:
    seen = preview(title("Blade Runner", Medium.MOVIE, 1982))
    actions.grab(seen, everything(seen))
    found = names()
    assert found["Blade.Runner.1982.Theatrical.Cut.1080p.BluRay.x264-SIM.mkv"] == (
        "Blade Runner (1982) - Theatrical 1080p BluRay.mkv"
    )
    video = found["Blade.Runner.1982.The.Final.Cut.1080p.BluRay.x264-SIM.mkv"]
    assert (
        found["Blade.Runner.1982.The.Final.Cut.1080p.BluRay.x264-SIM.vi.srt"] == f"{PurePosixPath(video).stem}.vi.srt"
    )


def test_a_subtitle_that_comes_later_finds_its_video(world: Simulator) -> None:
    """Under the short names both cuts would be called the same, and the later one has more words."""
    work, short = title("Blade Runner", Medium.MOVIE, 1982), quality.create(name="Short", naming="short")
    seen = preview(work, profile=short)
    for name in ("Theatrical.Cut.1080p.BluRay.x264-SIM.mkv", "Final.Cut.1080p.BluRay.x264-SIM.mkv", ".vi.srt"):
        one = next(one for one in seen.found if one.candidate.name.endswith(name))
        actions.grab_file(work, one, short, seen.found)
    found = names()
    assert found["Blade.Runner.1982.Theatrical.Cut.1080p.BluRay.x264-SIM.mkv"] == "Blade Runner (1982).mkv"
    assert found["Blade.Runner.1982.The.Final.Cut.1080p.BluRay.x264-SIM.vi.srt"] == (
        "Blade Runner (1982) - Final Cut 1080p BluRay.vi.srt"
    )


def test_the_volumes_of_an_archive_stay_together(world: Simulator) -> None:
    seen = preview(title("Blade Runner", Medium.MOVIE, 1982))
    assert all(line.found.release.archive_part is None for line in seen.lines)
    actions.grab(seen, everything(seen))
    volumes = [name for name in names().values() if name.endswith(".rar")]
    assert {name.rpartition(".part")[2] for name in volumes} == {"1.rar", "2.rar"}
    assert len({name.rpartition(".part")[0] for name in volumes}) == 1
