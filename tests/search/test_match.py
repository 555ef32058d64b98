"""Is this file that title?"""

from __future__ import annotations

import pytest

from search.releases import Code, Season, Title, Verdict, match, parse


def judged(name: str, *names: str, year: int | None = None, series: bool = False) -> Verdict:
    return match(parse(name), Title(names, year, series))


def codes(verdict: Verdict) -> set[Code]:
    return {reason.code for reason in verdict.reasons}


TRAPS = [
    ("Toy.Story.4.2019.1080p.mkv", ("Toy Story 3",), 2010, Code.OTHER_NUMBER),
    ("Toy.Story.3.1080p.mkv", ("Toy Story 4",), 2019, Code.OTHER_NUMBER),
    ("The.Italian.Job.2003.1080p.mkv", ("It",), 2017, Code.OTHER_TITLE),
    ("It.Follows.2014.1080p.mkv", ("It",), 2017, Code.MORE_WORDS),
    ("Bug.Busters.2019.1080p.mkv", ("Us",), 2019, Code.OTHER_TITLE),
    ("Brother.2013.1080p.mkv", ("Her",), 2013, Code.OTHER_TITLE),
    ("Fast.and.Furious.2009.1080p.mkv", ("Fast Five",), 2011, Code.OTHER_TITLE),
    ("Fast.X.2023.1080p.mkv", ("Fast Five",), 2011, Code.OTHER_NUMBER),
    ("Dune.1984.1080p.mkv", ("Dune",), 2021, Code.OTHER_YEAR),
    ("Dune.2021.1080p.mkv", ("Dune",), 1984, Code.OTHER_YEAR),
    ("Bố Già 2021 1080p.mkv", ("The Godfather", "Bố Già"), 1972, Code.OTHER_YEAR),
    ("Rocky.III.1982.1080p.mkv", ("Rocky II",), 1979, Code.OTHER_NUMBER),
    ("Iron.Man.3.2013.1080p.mkv", ("Iron Man 2",), 2010, Code.OTHER_NUMBER),
    ("Blade.Runner.1982.1080p.mkv", ("Blade Runner 2049",), 2017, Code.OTHER_NUMBER),
    ("28.Years.Later.2025.2160p.mkv", ("28 Years Later: The Bone Temple",), 2026, Code.FEWER_WORDS),
    ("Moana.2.2024.1080p.mkv", ("Moana",), 2016, Code.OTHER_NUMBER),
    ("John.Wick.3.1080p.mkv", ("John Wick: Chapter 4",), 2023, Code.OTHER_TITLE),
    ("John.Wick.4.1080p.mkv", ("John Wick",), 2014, Code.OTHER_NUMBER),
    ("Moana.2016.1080p.mkv", ("Moana 2",), 2024, Code.OTHER_NUMBER),
    ("The.Avengers.2012.1080p.mkv", ("The Avenger",), 2012, Code.OTHER_TITLE),
    ("Harbour.Lights.S01E02.1080p.mkv", ("Harbour Lights",), 2012, Code.NOT_A_FILM),
]
SERIES_TRAPS = [
    ("House.of.the.Dragon.S01E01.1080p.mkv", ("House",), 2004, Code.MORE_WORDS),
    ("The.Man.in.the.High.Castle.S01E01.1080p.mkv", ("Castle",), 2009, Code.OTHER_TITLE),
    ("Vikings.Valhalla.S01E01.1080p.mkv", ("Vikings",), 2013, Code.MORE_WORDS),
    ("24.Legacy.S01E01.1080p.mkv", ("24",), 2001, Code.MORE_WORDS),
    ("Crash.Landing.on.You.S01E01.2160p.mkv", ("You",), 2018, Code.OTHER_TITLE),
    ("Following.1998.1080p.mkv", ("The Following",), 2013, Code.NOT_A_SERIES),
    ("Hawaii.Five-0.2010.S01E01.mkv", ("Hawaii Five-O", "Hawaii Five-0"), 1968, Code.OTHER_YEAR),
    ("Supernatural - S06E02 - Two and a Half Men.mkv", ("Two and a Half Men",), 2003, Code.OTHER_TITLE),
]


@pytest.mark.parametrize(("name", "names", "year", "code"), TRAPS, ids=lambda value: str(value))
def test_it_refuses_another_film_and_says_why(name: str, names: tuple[str, ...], year: int, code: Code) -> None:
    verdict = judged(name, *names, year=year)
    assert not verdict.accepted
    assert code in codes(verdict)


@pytest.mark.parametrize(("name", "names", "year", "code"), SERIES_TRAPS, ids=lambda value: str(value))
def test_it_refuses_another_series_and_says_why(name: str, names: tuple[str, ...], year: int, code: Code) -> None:
    verdict = judged(name, *names, year=year, series=True)
    assert not verdict.accepted
    assert code in codes(verdict)


@pytest.mark.parametrize(
    ("name", "names", "year"),
    [
        ("Toy.Story.3.2010.1080p.mkv", ("Toy Story 3",), 2010),
        ("It.2017.1080p.mkv", ("It",), 2017),
        ("Us.2019.1080p.mkv", ("Us",), 2019),
        ("Her.2013.1080p.mkv", ("Her",), 2013),
        ("Fast.Five.2011.1080p.mkv", ("Fast Five",), 2011),
        ("Fast.5.2011.1080p.mkv", ("Fast Five",), 2011),
        ("Dune.2021.1080p.mkv", ("Dune",), 2021),
        ("Dune.2021.1080p.mkv", ("Dune: Part One", "Dune"), 2021),
        ("Bo.Gia.2021.1080p.mkv", ("Bố Già",), 2021),
        ("1917.2019.1080p.mkv", ("1917",), 2019),
        ("2012.2009.1080p.mkv", ("2012",), 2009),
        ("300.2006.1080p.mkv", ("300",), 2006),
        ("Rocky.2.1979.1080p.mkv", ("Rocky II",), 1979),
        ("WALL-E.2008.1080p.mkv", ("WALL·E",), 2008),
        ("Thunderbolts.2025.1080p.mkv", ("Thunderbolts*",), 2025),
        ("Deadpool.and.Wolverine.2024.mkv", ("Deadpool & Wolverine",), 2024),
        ("Baahubali.The.Epic.2025.mkv", ("Bāhubali: The Epic",), 2025),
        ("Exit.8.2025.mkv", ("The Exit 8",), 2025),
        ("Shrek.1.2001.1080p.mkv", ("Shrek",), 2001),
        ("Kung.Fu.Panda.4.1080p.mkv", ("Kung Fu Panda 4",), 2024),
        ("Harbour.Lights.2025.1080p.mkv", ("Harbour Lights",), 2024),
        ("John.Wick.4.2023.1080p.mkv", ("John Wick: Chapter 4",), 2023),
        ("Dune.Part.2.2024.1080p.mkv", ("Dune 2",), 2024),
        ("Spiderman.2002.1080p.mkv", ("Spider-Man",), 2002),
        ("Quiet River - Dòng Sông Lặng 2022.mkv", ("Dòng Sông Lặng",), 2022),
        ("Làm.Giàu.Với.Ma.-.Cuộc.Chiến.2025.1080p.mkv", ("Làm Giàu Với Ma",), 2025),
        ("Mother.Tên Cậu Là Gì-Your Name 2016.mkv", ("Mother Tên Cậu Là Gì", "Your Name"), 2016),
    ],
)
def test_it_knows_a_film_however_it_is_written(name: str, names: tuple[str, ...], year: int) -> None:
    verdict = judged(name, *names, year=year)
    assert verdict.accepted, [str(reason) for reason in verdict.reasons]


@pytest.mark.parametrize(
    ("name", "names", "year"),
    [
        ("House.S01E01.1080p.mkv", ("House",), 2004),
        ("Castle.2009.S01E01.1080p.mkv", ("Castle",), 2009),
        ("Vikings.S01E01.1080p.mkv", ("Vikings",), 2013),
        ("Game.of.Thrones.S05E01.2015.1080p.mkv", ("Game of Thrones",), 2011),
        ("The.Office.US.S01E01.1080p.mkv", ("The Office",), 2005),
        ("His..Hers.S01E05.2026.2160p.mkv", ("HIS & HERS",), 2026),
        ("Spartacus.Blood.And.Sand.S01E01.mkv", ("Spartacus",), 2010),
        ("[Lantern] Kaze no Fune - 1071 (1080p).mkv", ("Kaze no Fune",), 1999),
        ("Evening.Show.2011.01.10.720p.HDTV.mkv", ("Evening Show",), 2009),
        ("Hẻm Nhỏ Phần 2 Tập 7 Vietsub.mp4", ("Hẻm Nhỏ",), 2019),
        ("Hem.Nho.2020.27.tap.1080p", ("Hẻm Nhỏ",), 2020),
    ],
)
def test_it_knows_a_series(name: str, names: tuple[str, ...], year: int) -> None:
    verdict = judged(name, *names, year=year, series=True)
    assert verdict.accepted, [str(reason) for reason in verdict.reasons]


def test_the_year_of_a_season_is_no_remake_but_that_of_another_first_season_is() -> None:
    title = Title(("Bridgerton",), 2020, True, (Season(1, 2020), Season(3, 2024)))
    assert match(parse("Bridgerton.S03E07.2024.1080p.mkv"), title).accepted
    verdict = match(parse("Bridgerton.S01E01.2024.1080p.mkv"), title)
    assert codes(verdict) == {Code.OTHER_YEAR}


def test_the_number_of_the_season_behind_the_title_is_no_sequel_but_another_one_is() -> None:
    assert judged("Quiet.River.2.2024.S02E03.mkv", "Quiet River", year=2021, series=True).accepted
    verdict = judged("Quiet.River.2.S01E03.mkv", "Quiet River", year=2021, series=True)
    assert codes(verdict) == {Code.OTHER_NUMBER}
    assert not judged("Quiet.River.2.2024.1080p.mkv", "Quiet River", year=2024).accepted


def test_a_season_that_has_a_name_is_known_by_it() -> None:
    title = Title(("Harbour",), 2010, True, (Season(2, 2012, "War of the Tides"),))
    assert match(parse("Harbour.War.of.the.Tides.S02E01.mkv"), title).accepted
    assert not match(parse("Harbour.War.of.the.Roses.S02E01.mkv"), title).accepted


@pytest.mark.parametrize(
    ("name", "season", "episode", "accepted"),
    [
        ("Harbour.S02E05.mkv", 2, 5, True),
        ("Harbour.S02E05.mkv", 2, 6, False),
        ("Harbour.S02E05.mkv", 3, 5, False),
        ("Harbour.S02E05.mkv", 2, None, True),
        ("Harbour.S02E04-E06.mkv", 2, 5, True),
        ("Harbour.S02.1080p", 2, 5, True),
        ("Harbour.S01-S03.1080p", 2, 5, True),
        ("Harbour.S01-S03.1080p", 4, 5, False),
        ("Harbour.S00E04.Special.mkv", 0, 4, True),
        ("Harbour.S01E04.mkv", 0, 4, False),
        ("Harbour Tập 12.mkv", 1, 12, True),
        ("Harbour Tập 12.mkv", 2, 12, False),
        ("Harbour Trọn bộ 38 tập", 1, 30, True),
    ],
)
def test_packs_and_specials_match_what_they_contain(
    name: str, season: int, episode: int | None, accepted: bool
) -> None:
    title = Title(("Harbour",), None, True, season=season, episode=episode)
    assert match(parse(name), title).accepted is accepted


def test_reasons_are_sentences_for_people() -> None:
    verdict = judged("Toy.Story.4.2019.1080p.mkv", "Toy Story 3", year=2010)
    assert [str(reason) for reason in verdict.reasons] == ["The number is another one: Toy Story 4, not Toy Story 3."]
    verdict = judged("Dune.2021.1080p.mkv", "Dune", year=2021)
    assert [str(reason) for reason in verdict.reasons] == [
        "The title is the same: Dune.",
        "The year is the same: 2021.",
    ]
