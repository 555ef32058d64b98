from __future__ import annotations

from datetime import date

from search import releases
from search.sources.base import Candidate
from search.titles import Card, Episode, Medium, Name, NameKind, Page, Season, Title, TitleRef

CARD = Card(TitleRef(Medium.TV, 1), "Trò Chơi Vương Quyền", "Game of Thrones", "en", date(2011, 4, 17))


def test_a_title_becomes_what_the_judge_of_names_compares_with() -> None:
    names = (Name("Trò Chơi Vương Quyền", NameKind.SHOWN, "vi"), Name("Game of Thrones", NameKind.ORIGINAL, "en"))
    title = Title(CARD, names, seasons=(Season(1, aired=date(2011, 4, 17)),))
    wanted = title.wanted(1, 2)
    assert (wanted.year, wanted.is_series, wanted.season, wanted.episode) == (2011, True, 1, 2)
    assert releases.match(releases.parse("Game.of.Thrones.S01E02.1080p.mkv"), wanted).accepted
    assert not releases.match(releases.parse("Game.of.Thrones.S01E03.1080p.mkv"), wanted).accepted


def test_a_title_of_one_name_only() -> None:
    assert Title(CARD).wanted().names == ("Trò Chơi Vương Quyền",)
    assert Title(CARD).named_in("vi") == ""


def test_a_list_has_a_next_page_until_it_ends() -> None:
    assert Page((CARD,), 1, 2).next == 2
    assert Page((CARD,), 2, 2).next is None
    assert Page((), 1, 2).next is None  # an empty page ends it, whatever it promises


def test_an_episode_without_a_day_has_not_aired() -> None:
    assert not Episode(1, 1).has_aired(date(2030, 1, 1))
    assert Episode(1, 1, aired=date(2030, 1, 1)).has_aired(date(2030, 1, 1))


def test_what_no_database_takes_is_gone_from_a_candidate() -> None:
    assert "\x00" not in Candidate("fshare", "A", "https://x", "a\x00b", path="\ud800").name
