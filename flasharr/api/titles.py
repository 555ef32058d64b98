"""Titles by name, one title, its files with their reasons, and fetching them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from downloads import record as downloads
from flasharr.api.access import Needs
from flasharr.api.downloads import AddedOut
from flasharr.api.shapes import LARGEST, Body, PriorityIn, Text, priority_of
from flasharr.keys import Scope
from search import asking, library, record
from search.grab import actions
from search.grab.preview import preview
from search.quality import queries as quality
from search.quality.models import QualityProfile
from search.titles import Medium, Title, TitleRef

search_router = Router(tags=["search"])
titles_router = Router(tags=["titles"])
grab_router = Router(tags=["grab"])
READ, ADD = Needs(Scope.READ), Needs(Scope.ADD)
MOST_NUMBER = 100_000
MOST_CHOSEN = 5_000


class Asked(Schema):
    q: Text = Field(min_length=1, max_length=200)
    medium: Medium | None = None
    year: int | None = Field(None, ge=1870, le=2200)
    page: int = Field(1, ge=1, le=500)


class OfSeries(Schema):
    season: int | None = Field(None, ge=0, le=MOST_NUMBER)
    episode: int | None = Field(None, ge=0, le=MOST_NUMBER)
    profile: int | None = Field(None, ge=1, le=LARGEST)


class Wish(Body):
    """What to fetch. `files` are keys of /titles/.../files; without them the best by the quality profile.

    With `dry_run` nothing is fetched, and the plan is the answer.
    """

    medium: Text = Field(pattern="^(movie|tv)$")
    tmdb_id: int = Field(ge=1, le=LARGEST)
    seasons: list[int] = Field([], max_length=200)
    files: list[Text] | None = Field(None, min_length=1, max_length=MOST_CHOSEN)
    profile: int | None = Field(None, ge=1, le=LARGEST)
    priority: PriorityIn = "normal"
    dry_run: bool = False


class GrabbedOut(Schema):
    """The rows, those that were there already marked `existing`."""

    items: list[AddedOut]


@search_router.get("", auth=READ)
def by_name(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Films and series by name, the likeliest first."""
    page = asking.titles(asked.q, asked.medium, asked.year, asked.page)
    return {"items": [record.card(card) for card in page.cards], "total": page.total, "page": page.number}


@titles_router.get("/{medium}/{int:tmdb_id}", auth=READ)
def one(request: HttpRequest, medium: Medium, tmdb_id: int) -> dict[str, Any]:
    """Everything about a title, and what of it is here."""
    title = found(medium, tmdb_id)
    return record.title(title, library.of(title))


@titles_router.get("/{medium}/{int:tmdb_id}/files", auth=READ)
def files(request: HttpRequest, medium: Medium, tmdb_id: int, part: Query[OfSeries]) -> dict[str, Any]:
    """The files that are offered, the best first and refused ones last, each with its reasons."""
    title = found(medium, tmdb_id)
    return record.files(asking.files(title, part.season, part.episode, profile_of(part.profile)))


@grab_router.post("", auth=ADD, response={200: dict[str, Any], 201: GrabbedOut})
def grab(request: HttpRequest, wish: Wish) -> Status[Any]:
    """Fetch a film, or what is missing of seasons, as one batch under library names."""
    title = found(Medium(wish.medium), wish.tmdb_id)
    seen = preview(title, wish.seasons, profile_of(wish.profile), again=wish.files is not None)
    if wish.dry_run:
        return Status(200, record.plan(seen))
    done = actions.grab(seen, wish.files, priority=priority_of(wish.priority))
    items = [{**downloads.of(added.download), "existing": added.existing} for added in done.added]
    return Status(201, {"items": items})


def found(medium: Medium, tmdb_id: int) -> Title:
    """Raises SourceProblem."""
    return asking.title(TitleRef(medium, tmdb_id))


def profile_of(number: int | None) -> QualityProfile | None:
    quality.profiles()
    return None if number is None else get_object_or_404(QualityProfile, pk=number)
