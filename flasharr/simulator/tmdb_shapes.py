"""Films, series and seasons in TMDB's words."""

from __future__ import annotations

from typing import Any

from flasharr.simulator.titles.catalogue import Catalogue, Film, Season, Series

COUNTRIES = {"en": "US", "vi": "VN", "ko": "KR", "ja": "JP", "zh": "CN", "de": "DE"}
ENGLISH = {"en": "English", "vi": "Vietnamese"}

# number: (English name, Vietnamese name); TMDB lacks some in other languages too
FILM_GENRES = {
    28: ("Action", "Phim Hành Động"), 12: ("Adventure", "Phim Phiêu Lưu"), 16: ("Animation", "Phim Hoạt Hình"),
    35: ("Comedy", "Phim Hài"), 80: ("Crime", "Phim Hình Sự"), 18: ("Drama", "Phim Chính Kịch"),
    10751: ("Family", "Phim Gia Đình"), 14: ("Fantasy", "Phim Giả Tượng"), 36: ("History", "Phim Lịch Sử"),
    27: ("Horror", "Phim Kinh Dị"), 9648: ("Mystery", "Phim Bí Ẩn"), 10749: ("Romance", "Phim Lãng Mạn"),
    878: ("Science Fiction", "Phim Khoa Học Viễn Tưởng"), 53: ("Thriller", "Phim Gây Cấn"),
    10752: ("War", "Phim Chiến Tranh"),
}  # fmt: skip
SERIES_GENRES = {
    10759: ("Action & Adventure", ""), 16: ("Animation", "Phim Hoạt Hình"), 35: ("Comedy", "Phim Hài"),
    80: ("Crime", "Phim Hình Sự"), 18: ("Drama", "Phim Chính Kịch"), 10751: ("Family", "Phim Gia Đình"),
    9648: ("Mystery", "Phim Bí Ẩn"), 10765: ("Sci-Fi & Fantasy", ""), 10768: ("War & Politics", ""),
}  # fmt: skip


def genres(medium: str, language: str) -> list[dict[str, Any]]:
    table = FILM_GENRES if medium == "movie" else SERIES_GENRES
    return [{"id": number, "name": names[language == "vi"] or None} for number, names in table.items()]


def genre_ids(work: Film | Series) -> list[int]:
    table = FILM_GENRES if isinstance(work, Film) else SERIES_GENRES
    return [number for number, names in table.items() if names[0] in work.genres]


def listed(work: Film | Series, language: str, typed: bool = False) -> dict[str, Any]:
    """As lists show it; `typed` where a list mixes kinds."""
    medium = "movie" if isinstance(work, Film) else "tv"
    title, original, first = (
        ("title", "original_title", "release_date")
        if isinstance(work, Film)
        else ("name", "original_name", "first_air_date")
    )
    return {
        "adult": False,
        "backdrop_path": f"/{medium}-{work.id}-wide.png" if work.about else None,
        "genre_ids": genre_ids(work),
        "id": work.id,
        "original_language": work.language,
        original: work.original_name,
        "overview": work.described(language),
        "popularity": work.popularity,
        "poster_path": f"/{medium}-{work.id}.png" if work.about else None,
        first: work.first.isoformat(),
        title: work.named(language),
        "vote_average": work.rating,
        "vote_count": int(work.rating * 1000),
        **({"video": False} if medium == "movie" else {"origin_country": [_country(work)]}),
        **({"media_type": medium} if typed else {}),
    }


def detailed(work: Film | Series, catalogue: Catalogue, language: str, shows_runtime: bool) -> dict[str, Any]:
    medium = "movie" if isinstance(work, Film) else "tv"
    own = set(genre_ids(work))
    shared = listed(work, language)
    del shared["genre_ids"]
    shared |= {
        "genres": [genre for genre in genres(medium, language) if genre["id"] in own],
        "homepage": "",
        "origin_country": [_country(work)],
        "tagline": "",
    }
    runtime = work.runtime if shows_runtime else None
    if isinstance(work, Film):
        number = next((n for n, name in catalogue.collections.items() if name == work.collection), None)
        group = {"id": number, "name": work.collection, "poster_path": None, "backdrop_path": None}
        return {
            **shared,
            "belongs_to_collection": group if number else None,
            "imdb_id": work.imdb or None,
            "runtime": runtime,
            "status": "Released",
        }
    return {**shared, **_running(work), "episode_run_time": [runtime] if runtime else []}


def _running(work: Series) -> dict[str, Any]:
    return {
        "first_air_date": work.first.isoformat(),
        "last_air_date": max(season.aired(season.episodes) for season in work.seasons).isoformat(),
        "in_production": not work.ended,
        "number_of_episodes": sum(season.episodes for season in work.seasons if season.number),
        "number_of_seasons": sum(bool(season.number) for season in work.seasons),
        "seasons": [
            {
                "air_date": season.first.isoformat(),
                "episode_count": season.episodes,
                "id": work.id * 100 + season.number,
                "name": f"Season {season.number}" if season.number else "Specials",
                "overview": "",
                "poster_path": f"/tv-{work.id}-s{season.number}.png",
                "season_number": season.number,
            }
            for season in work.seasons
        ],
        "status": "Ended" if work.ended else "Returning Series",
        "next_episode_to_air": None,
        "last_episode_to_air": None,
    }


def season_of(work: Series, season: Season, language: str, shows_runtime: bool) -> dict[str, Any]:
    """Names of episodes are English or a number in the language asked for, as TMDB does it."""
    word = "Tập" if language == "vi" else "Episode"

    def name(number: int) -> str:
        return (season.title(number) if language == "en" else "") or f"{word} {number}"

    return {
        "_id": f"{work.id:024x}",
        "air_date": season.first.isoformat(),
        "id": work.id * 100 + season.number,
        "name": f"{'Phần' if language == 'vi' else 'Season'} {season.number}" if season.number else "Specials",
        "overview": "",
        "poster_path": f"/tv-{work.id}-s{season.number}.png",
        "season_number": season.number,
        "episodes": [
            {
                "air_date": season.aired(number).isoformat(),
                "episode_number": number,
                "id": work.id * 1000 + season.number * 100 + number,
                "name": name(number),
                "overview": "",
                "runtime": work.runtime if shows_runtime else None,
                "season_number": season.number,
                "show_id": work.id,
                "still_path": f"/tv-{work.id}-s{season.number}e{number}-wide.png" if work.about else None,
                "vote_average": work.rating,
            }
            for number in range(1, season.episodes + 1)
        ],
    }


def translations(work: Film | Series) -> dict[str, Any]:
    key = "title" if isinstance(work, Film) else "name"
    rows = [("US", "en", work.name, work.about), ("VN", "vi", work.vi, work.about_vi)]
    return {
        "translations": [
            {
                "iso_3166_1": country,
                "iso_639_1": language,
                "name": ENGLISH[language],
                "english_name": ENGLISH[language],
                # the original language's own row leaves the title empty
                "data": {key: "" if work.language == language else name, "overview": about, "tagline": ""},
            }
            for country, language, name, about in rows
            if name or about
        ]
    }


def alternative_titles(work: Film | Series) -> dict[str, Any]:
    rows = [{"iso_3166_1": country, "title": title, "type": ""} for country, title in work.also.items()]
    return {"titles" if isinstance(work, Film) else "results": rows}


def external_ids(work: Film | Series) -> dict[str, Any]:
    ids: dict[str, Any] = {"imdb_id": work.imdb or None, "wikidata_id": None}
    return {**ids, "tvdb_id": work.tvdb} if isinstance(work, Series) else ids


def _country(work: Film | Series) -> str:
    return work.country or COUNTRIES.get(work.language, "US")
