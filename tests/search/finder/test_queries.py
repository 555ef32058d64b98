from __future__ import annotations

import pytest

from search.finder.queries import MOST_FOR_SERIES, MOST_NARROWER, narrower, queries, with_digits, without_marks
from search.titles import Name, NameKind, Title
from tests.search.finder.titles import film, series


def test_a_film_is_asked_for_with_its_year_then_without_then_without_accents() -> None:
    assert queries(film("The Godfather", "Bố Già", year=1972)) == (
        "The Godfather 1972",
        "Bố Già 1972",
        "The Godfather",
        "Bố Già",
        "Bo Gia",
    )


def test_an_episode_is_asked_for_once_and_then_by_the_bare_names() -> None:
    asked = queries(series("House of the Dragon", "Gia Tộc Rồng"), 2, 5)
    assert asked == ("House of the Dragon S02E05", "House of the Dragon", "Gia Tộc Rồng", "Gia Toc Rong")


def test_only_names_that_bring_too_much_are_narrowed() -> None:
    dragon = series("House of the Dragon", "Gia Tộc Rồng")
    assert narrower(dragon, 2, 5, []) == ()
    assert narrower(dragon, 2, 5, ["House of the Dragon S02E05"]) == ()
    assert narrower(dragon, 2, 5, ["House of the Dragon"]) == (
        "House of the Dragon S02E05",
        "House of the Dragon Tap 05",
    )
    assert narrower(dragon, 2, 5, ["Gia Toc Rong"]) == ("Gia Tộc Rồng S02E05", "Gia Tộc Rồng Tập 5")
    assert narrower(dragon, None, None, ["House of the Dragon"]) == ()


def test_a_season_is_narrowed_by_its_number_in_both_languages() -> None:
    dark = series("Dark", "Đêm Lặng")
    assert queries(dark, 2) == ("Dark S02", "Dark", "Đêm Lặng", "Dem Lang")
    assert narrower(dark, 2, None, ["Dark", "Đêm Lặng"]) == ("Dark S02", "Đêm Lặng S02", "Đêm Lặng Phần 2")


def test_a_whole_series_is_asked_for_by_its_names() -> None:
    assert queries(series("Dark", "Đêm Lặng")) == ("Dark", "Đêm Lặng", "Dem Lang")


def test_punctuation_is_no_part_of_a_question() -> None:
    asked = queries(film("Dune: Part Two", "Dune: Hành Tinh Cát – Phần Hai", year=2024))
    assert asked[0] == "Dune Part Two 2024"
    assert "Dune Hành Tinh Cát Phần Hai 2024" in asked
    assert queries(film("Ocean's Eleven", year=None)) == ("Oceans Eleven",)


def test_roman_numerals_are_asked_for_as_digits_too() -> None:
    assert "Frozen 2" in queries(film("Frozen II", year=2019))
    assert with_digits("V for Vendetta") == "V for Vendetta"


def test_a_long_vietnamese_subtitle_is_asked_for_alone() -> None:
    asked = queries(film("Dune", "Dune: Hành Tinh Cát"))
    assert {"Hành Tinh Cát", "Hanh Tinh Cat"} <= set(asked)
    assert "Mai" not in queries(film("Her", "Her: Mai"))


def test_names_in_other_letters_come_last() -> None:
    asked = queries(film("Your Name", "Tên Cậu Là Gì?", "君の名は。", year=2016))
    assert asked.index("Your Name") < asked.index("君の名は")


def test_there_is_a_bound_however_many_names_a_title_has() -> None:
    names = tuple(Name(f"Một tên khác thứ {number}", NameKind.ALTERNATIVE, "vi") for number in range(200))
    many = series("Friends")
    title = Title(many.card, many.names + names, seasons=many.seasons)
    asked = queries(title, 1, 1)
    assert len(asked) == len(set(asked)) == MOST_FOR_SERIES
    assert len(narrower(title, 1, 1, asked)) == MOST_NARROWER


@pytest.mark.parametrize("name", ["", "!!!", "   ", "。"])
def test_a_name_without_words_asks_nothing(name: str) -> None:
    assert queries(film(name, year=None)) == ()


def test_accents_fall_away_letter_by_letter() -> None:
    assert without_marks("Đất Rừng Phương Nam") == "Dat Rung Phuong Nam"
