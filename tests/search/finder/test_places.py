from __future__ import annotations

from datetime import date

import pytest

from search.finder.places import places
from search.releases import parse
from search.titles import Episode, Season, Title
from tests.search.finder.titles import film, series

TWO_SEASONS = series("Dark", "Đêm Lặng", episodes=(10, 8))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dark.S02E05.1080p.mkv", {(2, 5)}),
        ("Dark.S01E01E02.mkv", {(1, 1), (1, 2)}),
        ("Dark.S01E12.mkv", {(2, 2)}),
        ("[Group] Dark - 14 [1080p].mkv", {(2, 4)}),
        ("Dark - 03.mkv", {(1, 3)}),
        ("Dark - 25.mkv", {(2, 15)}),
        ("Đêm Lặng Phần 2 Tập 3.mp4", {(2, 3)}),
        ("Dark.S02.1080p.BluRay", {(2, number) for number in range(1, 9)}),
        ("Dark.S01-S02.1080p", {(1, number) for number in range(1, 11)} | {(2, number) for number in range(1, 9)}),
        ("Dark.S00E01.Special.mkv", {(0, 1)}),
        ("Dark.2017.1080p.mkv", set()),
    ],
)
def test_a_name_tells_which_episodes_it_holds(name: str, expected: set[tuple[int, int]]) -> None:
    assert places(parse(name), TWO_SEASONS) == expected


def test_a_day_is_the_episode_that_was_on_then() -> None:
    season = Season(3, episodes=(Episode(3, 7, aired=date(2020, 1, 31)), Episode(3, 8, aired=date(2020, 2, 1))))
    show = series("Show")
    daily = Title(show.card, show.names, seasons=(season,))
    assert places(parse("Show.2020.01.31.720p.mkv"), daily) == {(3, 7)}


def test_a_film_holds_no_episode() -> None:
    assert places(parse("Dark.S01E01.mkv"), film("Dark")) == frozenset()


def test_a_name_that_claims_everything_claims_a_bounded_number() -> None:
    assert len(places(parse("Dark.S01E1-E9999.mkv"), TWO_SEASONS)) <= 2_000
