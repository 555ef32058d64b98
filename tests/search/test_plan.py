from __future__ import annotations

import pytest

from search.finder.judging import judge_all
from search.grab.plan import Plan, best, plan
from search.releases import VIETNAMESE_FIRST
from search.sources.base import Candidate
from search.titles import Title
from tests.search.finder.titles import film, series

GB = 1_000_000_000
SEASON = [(1, number) for number in range(1, 11)]
DARK = series("Dark", episodes=(10, 8))


def offers(pattern: str, numbers: range, size: int | None = 2 * GB) -> list[Candidate]:
    names = [pattern.format(number) for number in numbers]
    return [Candidate("fshare", f"CODE{name}", f"https://www.fshare.vn/file/{name}", name, size) for name in names]


def planned(*candidates: list[Candidate], title: Title = DARK, had: list[tuple[int, int]] | None = None) -> Plan:
    found = judge_all([one for some in candidates for one in some], title, VIETNAMESE_FIRST)
    return plan(found, SEASON, had or [])


def groups(made: Plan) -> list[str]:
    return [pick.found.release.group for pick in made.picks]


FULL = offers("Dark.S01E{:02}.1080p.WEB-DL.x264-FULL.mkv", range(1, 11))
FINE = offers("Dark.S01E{:02}.2160p.WEB-DL.DV.HDR.x265-FINE.mkv", range(1, 4), 8 * GB)


def test_a_complete_set_goes_before_better_single_files() -> None:
    made = planned(FINE, FULL)
    assert groups(made) == ["FULL"] * 10
    assert (made.covered, made.wanted, made.missing, made.fillers) == (10, 10, (), [])
    assert made.size == 20 * GB


def test_gaps_are_filled_from_the_next_best_and_marked() -> None:
    made = planned([one for one in FULL if "E02" not in one.name and "E09" not in one.name], FINE)
    assert [(pick.found.release.group, pick.places) for pick in made.fillers] == [("FINE", ((1, 2),))]
    assert made.missing == ((1, 9),)
    assert (made.covered, made.wanted) == (9, 10)


def test_what_is_there_already_is_left_out() -> None:
    made = planned(FULL, had=[(1, 1), (1, 2)])
    assert [pick.places for pick in made.picks] == [((1, number),) for number in range(3, 11)]
    assert made.had == ((1, 1), (1, 2))


def test_a_file_with_two_episodes_is_fetched_once() -> None:
    double = offers("Dark.S01E{:02}E02.1080p.WEB-DL.x264-FULL.mkv", range(1, 2), 4 * GB)
    made = planned(FULL[2:], double)
    assert [pick.places for pick in made.picks][:1] == [((1, 1), (1, 2))]
    assert len(made.picks) == 9


def test_a_pack_serves_where_nothing_else_is_complete() -> None:
    pack = [Candidate("fshare", "PACK", "https://www.fshare.vn/file/PACK", "Dark.S01.1080p.BluRay.x264-P.mkv", 30 * GB)]
    made = planned(pack, FINE)
    assert [pick.found.candidate.code for pick in made.picks] == ["PACK"]
    assert len(made.picks[0].places) == 10


def test_a_pack_is_not_fetched_for_one_missing_episode() -> None:
    pack = [Candidate("fshare", "PACK", "https://www.fshare.vn/file/PACK", "Dark.S01.720p.x264-P.mkv", 30 * GB)]
    made = planned(FULL[1:], pack)
    assert made.missing == ((1, 1),)


def test_volumes_of_an_archive_and_subtitles_are_no_episodes() -> None:
    made = planned(offers("Dark.S01E{:02}.part1.rar", range(1, 11)), offers("Dark.S01E{:02}.vi.srt", range(1, 11)))
    assert made.picks == ()
    assert len(made.missing) == 10


def test_a_plan_does_not_depend_on_the_order_of_what_was_found() -> None:
    twin = offers("Dark.S01E{:02}.1080p.WEB-DL.x264-TWIN.mkv", range(1, 11))
    assert groups(planned(FULL, twin)) == groups(planned(twin, FULL))


def test_nothing_wanted_is_an_empty_plan() -> None:
    assert planned(FULL, had=SEASON).picks == ()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Dune.2021.1080p.WEB-DL.mkv", "Dune.2021.720p.WEB-DL.mkv"], "Dune.2021.1080p.WEB-DL.mkv"),
        (["Dune.2021.2160p.part1.rar", "Dune.2021.720p.mkv", "Dune.2021.vi.srt"], "Dune.2021.720p.mkv"),
        (["Dune.1984.1080p.mkv"], None),
        ([], None),
    ],
)
def test_the_film_to_fetch_is_the_best_whole_one(names: list[str], expected: str | None) -> None:
    candidates = [Candidate("fshare", name, "https://www.fshare.vn/file/X", name, None) for name in names]
    chosen = best(judge_all(candidates, film("Dune"), VIETNAMESE_FIRST))
    assert (chosen.candidate.name if chosen else None) == expected
