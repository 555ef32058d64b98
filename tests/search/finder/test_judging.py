from __future__ import annotations

import pytest

from search.finder.found import Found, wanted
from search.finder.judging import judge_all
from search.finder.siblings import queries
from search.releases import VIETNAMESE_FIRST, Code
from search.sources.base import Candidate
from search.titles import Title
from tests.search.finder.titles import film, series

GB = 1_000_000_000


def candidate(name: str, size: int | None = 4 * GB, *, is_folder: bool = False, path: str = "") -> Candidate:
    return Candidate("fshare", f"CODE{name}", f"https://www.fshare.vn/file/{name}", name, size, path, is_folder)


def judged(title: Title, *names: str) -> dict[str, Found]:
    found = judge_all(map(candidate, names), title, VIETNAMESE_FIRST)
    return {one.candidate.name: one for one in found}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (film("Dune", "Dune: Hành Tinh Cát"), "Hành Tinh Cát - Dune 2021 1080p BluRay.mkv"),
        (film("Dune", "Dune: Hành Tinh Cát"), "Hanh.Tinh.Cat.2021.720p.WEB-DL.Vietsub.mp4"),
        (film("Toy Story 2", "Câu Chuyện Đồ Chơi 2", year=1999), "Câu Chuyện Đồ Chơi 2 - Toy Story 2 (1999).mkv"),
        (film("Avatar: Dòng Chảy Của Nước", year=2022), "Avatar 2 Dòng Chảy Của Nước 2022 1080p.mkv"),
        (series("House of the Dragon", "Gia Tộc Rồng"), "Gia Tộc Rồng Phần 2 - House of the Dragon S02E01 1080p.mkv"),
        (series("Reply 1988", year=2015, episodes=(20,)), "Reply.1988.E01.1080p.mkv"),
        (series("The Office", countries=("US",)), "The.Office.US.S01E01.mkv"),
    ],
)
def test_the_ways_people_name_a_title_are_known(title: Title, name: str) -> None:
    assert judged(title, name)[name].accepted


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (film("The Godfather", "Bố Già", year=1972), "Bố Già 2021 1080p.mkv"),
        (film("Her", year=2013), "Her.Smell.2013.1080p.mkv"),
        (series("Reply 1988", year=2015, episodes=(20,)), "Reply.1997.E01.mkv"),
        (series("The Office", countries=("US",)), "The.Office.UK.S01E01.mkv"),
        (film("Toy Story", year=1995), "Toy.Story.3.1995.mkv"),
        (film("The Lord of the Rings", year=2001), "The Lord of the Rings 2 2002.mkv"),
    ],
)
def test_what_is_another_title_is_refused(title: Title, name: str) -> None:
    assert not judged(title, name)[name].accepted


def test_trailers_and_pictures_are_refused_with_their_reason() -> None:
    found = judged(film("Dune"), "Dune.2021.Official.Trailer.1080p.mp4", "Dune.2021.jpg", "Dune.2021.1080p.mkv")
    codes = {name: [reason.code for reason in one.verdict.reasons] for name, one in found.items() if not one.accepted}
    assert codes == {"Dune.2021.Official.Trailer.1080p.mp4": [Code.EXTRA], "Dune.2021.jpg": [Code.NOT_VIDEO]}


def test_subtitles_and_archives_are_kept() -> None:
    found = judged(film("Dune"), "Dune.2021.1080p.vi.srt", "Dune.2021.2160p.part1.rar")
    assert all(one.accepted for one in found.values())


def test_the_best_comes_first_and_a_name_without_its_year_is_doubted() -> None:
    found = judged(film("Dune"), "Dune.1080p.WEB-DL.mkv", "Dune.2021.1080p.WEB-DL.mkv", "Dune.1984.2160p.BluRay.mkv")
    assert list(found) == ["Dune.2021.1080p.WEB-DL.mkv", "Dune.1080p.WEB-DL.mkv", "Dune.1984.2160p.BluRay.mkv"]
    doubted = found["Dune.1080p.WEB-DL.mkv"].score
    assert ("year", -8) in [(one.field, one.points) for one in doubted.contributions]


def test_the_order_is_the_same_whatever_order_they_came_in() -> None:
    names = [f"Dune.2021.{resolution}.WEB-DL-{group}.mkv" for resolution in ("720p", "1080p") for group in "ABC"]
    assert list(judged(film("Dune"), *names)) == list(judged(film("Dune"), *reversed(names)))


def test_a_file_that_two_sources_know_is_shown_once() -> None:
    assert len(judge_all([candidate("Dune.2021.mkv")] * 3, film("Dune"), VIETNAMESE_FIRST)) == 1


def test_a_folder_that_is_called_like_the_series_holds_it() -> None:
    [found] = judge_all(
        [candidate("Đêm Lặng (2020) Lồng Tiếng", is_folder=True)], series("Dark", "Đêm Lặng"), VIETNAMESE_FIRST
    )
    assert found.accepted
    assert found.is_pack
    assert wanted(found, 2, 3)


def test_a_season_and_an_episode_are_found_in_packs_too() -> None:
    found = judged(series("Dark"), "Dark.S02.1080p.rar", "Dark.S02E03.mkv", "Dark.S01E03.mkv")
    assert {name for name, one in found.items() if wanted(one, 2, 3)} == {"Dark.S02E03.mkv", "Dark.S02.1080p.rar"}


def test_a_long_running_series_of_the_same_name_is_not_the_short_one() -> None:
    names = [f"One Piece - {number:04} [1080p].mkv" for number in range(1, 80)]
    live_action = judged(series("One Piece", year=2023, episodes=(8,)), *names)
    assert not any(one.accepted for one in live_action.values())
    assert {one.verdict.reasons[0].code for one in live_action.values()} == {Code.TOO_MANY_EPISODES}
    assert all(one.accepted for one in judged(series("One Piece", year=1999, episodes=(61, 16)), *names).values())


def test_a_series_that_is_ahead_of_its_catalogue_is_not_refused() -> None:
    names = [f"Show - {number:02}.mkv" for number in range(1, 13)]
    assert all(one.accepted for one in judged(series("Show", episodes=(10,)), *names).values())


def test_missing_episodes_are_looked_for_by_the_names_of_their_siblings() -> None:
    names = [f"Dark.S01E{number:02}.1080p.WEB.x264-NTb.mkv" for number in (1, 2, 4)]
    found = judged(series("Dark"), *names, "Đêm.Lặng.Tập.9.mp4")
    assert queries(found.values(), [(1, 3), (1, 5)]) == ("Dark.S01E03", "Dark.S01E05")


def test_siblings_are_asked_for_a_bounded_number_of_times() -> None:
    names = [f"Dark.S01E{number:02}.mkv" for number in (1, 2)]
    found = judged(series("Dark", episodes=(300,)), *names)
    assert len(queries(found.values(), [(1, number) for number in range(3, 300)])) == 3
