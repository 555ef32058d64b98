"""TMDB's JSON as our values. PURE. What is missing or of another kind becomes the empty value of its field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from search.titles import (
    Card,
    Collection,
    CollectionRef,
    Episode,
    Genre,
    Medium,
    Page,
    Person,
    Season,
    Title,
    TitleRef,
)
from search.tmdb.texts import Texts
from search.tmdb.values import count, day, fields, image, items, number, rows, text, whole

LAST_PAGE = 500  # TMDB refuses higher ones, whatever its totals say
MOST_CAST = 20


def page(value: dict[str, Any], medium: Medium | None) -> Page:
    """`medium` where rows do not say it themselves; people and what has no number are left out."""
    cards = tuple(found for row in rows(value.get("results")) if (found := card(row, medium)))
    pages = min(max(1, count(value.get("total_pages"))), LAST_PAGE)
    return Page(cards, max(1, count(value.get("page"))), pages, count(value.get("total_results")))


def card(row: dict[str, Any], medium: Medium | None) -> Card | None:
    kind = text(row.get("media_type")) or (medium or "")
    tmdb_id = whole(row.get("id"))
    if tmdb_id is None or kind not in list(Medium):
        return None
    original = text(row.get("original_title") or row.get("original_name"))
    votes = count(row.get("vote_count"))
    return Card(
        ref=TitleRef(Medium(kind), tmdb_id),
        name=text(row.get("title") or row.get("name")) or original,
        original_name=original,
        original_language=text(row.get("original_language")),
        released=day(row.get("release_date") or row.get("first_air_date")),
        overview=text(row.get("overview")),
        poster_path=image(row.get("poster_path")),
        backdrop_path=image(row.get("backdrop_path")),
        genre_ids=tuple(genre for genre in items(row.get("genre_ids")) if whole(genre)),
        rating=(number(row.get("vote_average")) or None) if votes else None,
        votes=votes,
        popularity=number(row.get("popularity")),
    )


def title(value: dict[str, Any], medium: Medium, languages: Sequence[str]) -> Title | None:
    """A title with what was appended to it; genres without a name are left for the caller to name."""
    texts = Texts(value, languages)
    genres = tuple(
        Genre(genre, text(row.get("name"))) for row in rows(value.get("genres")) if (genre := whole(row.get("id")))
    )
    plain = card({**value, "genre_ids": [genre.id for genre in genres], "media_type": medium.value}, medium)
    if plain is None:
        return None
    shown = _with_texts(plain, texts)
    ids = fields(value.get("external_ids"))
    group = fields(value.get("belongs_to_collection"))
    times = [minutes for minutes in items(value.get("episode_run_time")) if whole(minutes)]
    number_of_group = whole(group.get("id"))
    return Title(
        card=shown,
        names=texts.names(),
        tagline=texts.tagline(),
        genres=genres,
        runtime=whole(value.get("runtime")) or (times[0] if times else None),
        status=text(value.get("status")),
        countries=tuple(text(country) for country in items(value.get("origin_country")) if text(country)),
        imdb_id=text(value.get("imdb_id") or ids.get("imdb_id")),
        tvdb_id=whole(ids.get("tvdb_id")),
        collection=CollectionRef(
            number_of_group,
            text(group.get("name")),
            image(group.get("poster_path")),
            image(group.get("backdrop_path")),
        )
        if number_of_group
        else None,
        seasons=tuple(sorted((season(row) for row in rows(value.get("seasons"))), key=lambda one: one.number)),
        ended=day(value.get("last_air_date")) if value.get("in_production") is False else None,
        in_production=value.get("in_production") is True,
        next_episode=episode(row) if (row := fields(value.get("next_episode_to_air"))) else None,
        last_episode=episode(row) if (row := fields(value.get("last_episode_to_air"))) else None,
        cast=tuple(
            Person(text(row.get("name")), text(row.get("character")), image(row.get("profile_path")))
            for row in list(rows(fields(value.get("credits")).get("cast")))[:MOST_CAST]
        ),
    )


def season(row: dict[str, Any]) -> Season:
    episodes = tuple(sorted((episode(one) for one in rows(row.get("episodes"))), key=lambda one: one.number))
    return Season(
        number=count(row.get("season_number")),
        name=text(row.get("name")),
        overview=text(row.get("overview")),
        poster_path=image(row.get("poster_path")),
        aired=day(row.get("air_date")),
        episode_count=count(row.get("episode_count")) or len(episodes),
        episodes=episodes,
    )


def episode(row: dict[str, Any]) -> Episode:
    return Episode(
        season=count(row.get("season_number")),
        number=count(row.get("episode_number")),
        name=text(row.get("name")),
        overview=text(row.get("overview")),
        aired=day(row.get("air_date")),
        runtime=whole(row.get("runtime")),
        still_path=image(row.get("still_path")),
        rating=number(row.get("vote_average")) or None,
    )


def collection(value: dict[str, Any]) -> Collection:
    parts = [found for row in rows(value.get("parts")) if (found := card(row, Medium.MOVIE))]
    return Collection(
        id=count(value.get("id")),
        name=text(value.get("name")),
        overview=text(value.get("overview")),
        poster_path=image(value.get("poster_path")),
        backdrop_path=image(value.get("backdrop_path")),
        parts=tuple(sorted(parts, key=lambda part: (part.released or date.max, part.ref))),
    )


def genres(value: dict[str, Any]) -> dict[int, str]:
    return {genre: text(row.get("name")) for row in rows(value.get("genres")) if (genre := whole(row.get("id")))}


def _with_texts(plain: Card, texts: Texts) -> Card:
    return replace(plain, name=texts.name() or plain.name, overview=texts.overview())
