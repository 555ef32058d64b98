from __future__ import annotations

from datetime import date

from search import airing
from search.finder.places import Place
from search.titles import Card, Episode, Medium, Season, Title, TitleRef

TODAY = date(2024, 3, 10)


def aired(season: int, *days: int | None, count: int = 0) -> frozenset[Place]:
    """Of a season whose episodes come on these days of March; None is a day that nobody knows."""
    episodes = tuple(
        Episode(season, number, aired=date(2024, 3, day) if day else None) for number, day in enumerate(days, start=1)
    )
    seasons = (Season(season, episode_count=count or len(days), episodes=episodes),)
    return airing.aired(Title(Card(TitleRef(Medium.TV, 1), "Name"), seasons=seasons), [season], TODAY)


def test_an_episode_is_out_on_its_day() -> None:
    assert aired(1, 9, 10, 11) == {(1, 1), (1, 2)}


def test_an_episode_without_a_day_is_as_old_as_those_behind_it() -> None:
    assert aired(1, 9, None, 10, None, 11) == {(1, 1), (1, 2), (1, 3)}
    assert aired(1, None, 11) == frozenset()
    assert aired(0, 9, None, 10) == {(0, 1), (0, 3)}


def test_a_season_without_days_is_counted_whole() -> None:
    assert aired(1, None, None) == {(1, 1), (1, 2)}
    assert len(aired(1, count=400)) == 400
    assert aired(1) == frozenset()
