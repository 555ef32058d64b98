"""Titles to search for, as TMDB would tell of them."""

from __future__ import annotations

from datetime import date

from search.titles import Card, Medium, Name, NameKind, Season, Title, TitleRef


def film(*names: str, year: int | None = 2021, languages: str = "en vi ja") -> Title:
    """A film of that year; its names are English, Vietnamese and Japanese, in this order."""
    return work(Medium.MOVIE, names, year, languages)


def series(
    *names: str, year: int = 2020, episodes: tuple[int, ...] = (10, 10), countries: tuple[str, ...] = ()
) -> Title:
    """A series with so many episodes a season."""
    seasons = tuple(
        Season(number, aired=date(year + number - 1, 3, 1), episode_count=count)
        for number, count in enumerate(episodes, start=1)
    )
    return work(Medium.TV, names, year, "en vi ja", seasons, countries)


def work(
    medium: Medium,
    names: tuple[str, ...],
    year: int | None,
    languages: str,
    seasons: tuple[Season, ...] = (),
    countries: tuple[str, ...] = (),
) -> Title:
    kinds = (NameKind.ORIGINAL, NameKind.TRANSLATION, NameKind.ALTERNATIVE)
    known = tuple(
        Name(text, kind, language) for text, kind, language in zip(names, kinds, languages.split(), strict=False)
    )
    card = Card(TitleRef(medium, 1), names[0], released=date(year, 3, 1) if year else None)
    return Title(card, known, seasons=seasons, countries=countries)
