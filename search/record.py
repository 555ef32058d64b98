"""Titles, files and plans as programs see them: REST and the commands give the same fields."""

from __future__ import annotations

from typing import Any

from search.finder.found import Found
from search.finder.search import Results
from search.grab.models import Chosen
from search.grab.preview import GrabPreview, Line
from search.library import Library, State
from search.sources.base import Part
from search.titles import Card, Title
from search.watchlist.models import Wish

Fields = dict[str, Any]


def card(one: Card) -> Fields:
    return {
        "medium": one.ref.medium,
        "tmdb_id": one.ref.tmdb_id,
        "name": one.name,
        "original_name": one.original_name,
        "year": one.year,
        "released": one.released,
        "overview": one.overview,
        "rating": one.rating,
        "poster": one.poster_path,
    }


def title(one: Title, here: Library) -> Fields:
    """`state` is of a film; of a series each season counts the episodes that are here."""
    return {
        **card(one.card),
        "names": [name.text for name in one.names],
        "runtime": one.runtime,
        "genres": [genre.name for genre in one.genres],
        "countries": list(one.countries),
        "imdb_id": one.imdb_id or None,
        "tvdb_id": one.tvdb_id,
        "collection": {"id": one.collection.id, "name": one.collection.name} if one.collection else None,
        "state": None if one.is_series else here.state(None) if here.film else State.MISSING,
        "seasons": [
            {
                "number": season.number,
                "name": season.name,
                "aired": season.aired,
                "episodes": season.episode_count,
                "here": sum(place[0] == season.number for place in here.had),
            }
            for season in one.seasons
        ],
    }


def file(one: Found) -> Fields:
    """`reasons` say why it is the title or why it was refused, `points` what its score is made of."""
    return {
        "key": ":".join(one.candidate.key),
        "url": one.candidate.url,
        "name": one.candidate.name,
        "path": one.candidate.path,
        "size": one.candidate.size,
        "source": one.candidate.source,
        "is_folder": one.candidate.is_folder,
        "accepted": one.accepted,
        "score": one.score.total,
        "reasons": [{"code": reason.code, "message": str(reason)} for reason in one.verdict.reasons],
        "points": [
            {"field": part.field, "found": part.found, "points": part.points, "most": part.most}
            for part in one.score.contributions
        ],
        "episodes": [list(place) for place in sorted(one.places)],
        "resolution": one.release.resolution or None,
        "group": one.release.group or None,
    }


def files(results: Results) -> Fields:
    return {
        "items": [file(one) for one in results.found],
        "total": len(results.found),
        "accepted": len(results.accepted),
        "missing": [list(place) for place in sorted(results.missing)],
        "failing": failing(results.failing),
        "is_complete": results.is_complete,
    }


def failing(parts: Any) -> list[Fields]:
    rows: list[Part] = [part for part in parts.values() if part.problem]
    return [{"source": part.source, "message": part.problem.message} for part in rows if part.problem]


def plan(seen: GrabPreview) -> Fields:
    return {
        "title": seen.batch_name,
        "profile": seen.profile.name,
        "items": [line(one) for one in seen.lines],
        "aired": seen.aired,
        "covered": seen.covered,
        "missing": [list(place) for place in seen.missing],
        "had": [list(place) for place in seen.had],
        "size": seen.size,
        "free": seen.free,
        "failing": failing(seen.failing),
        "is_complete": seen.is_complete,
    }


def line(one: Line) -> Fields:
    return {
        "key": one.key,
        "name": one.found.candidate.name,
        "path": one.path,
        "size": one.found.candidate.size,
        "score": one.found.score.total,
        "episodes": [list(place) for place in one.places],
        "filler": one.filler,
        "existing": one.existing.pk if one.existing else None,
    }


def why(row: Chosen) -> Fields:
    """Why a download's file was chosen."""
    return {
        "medium": row.medium,
        "tmdb_id": row.tmdb_id,
        "title": row.title,
        "episodes": row.places,
        "score": row.score,
        "profile": row.profile,
        "offered": row.offered,
        "refused": row.refused,
    }


def wish(row: Wish) -> Fields:
    reason = row.reason
    return {
        "id": row.pk,
        "medium": row.medium,
        "tmdb_id": row.tmdb_id,
        "name": row.name,
        "year": row.year,
        "seasons": row.seasons,
        "future_only": row.future_only,
        "profile": row.profile_id,
        "mode": row.mode,
        "upgrades": row.upgrades,
        "state": row.state,
        "message": reason.message if reason else None,
        "left_out": row.left_out,
        "checked_at": row.checked_at,
        "next_check_at": row.next_check_at,
    }
