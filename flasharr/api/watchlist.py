from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from flasharr.api.access import Needs
from flasharr.api.shapes import LARGEST, Body, Changes, Text
from flasharr.api.titles import found, profile_of
from flasharr.keys import Scope
from search import record
from search.titles import Medium
from search.watchlist import actions, queries
from search.watchlist.calendar import calendar
from search.watchlist.models import Wish

router = Router(tags=["watchlist"])
READ, ADD, CONTROL = Needs(Scope.READ), Needs(Scope.ADD), Needs(Scope.CONTROL)
LONGEST_SPAN = timedelta(days=366)


class WishOut(Schema):
    """`seasons` are those wanted, none for all. `state` is waiting, found, grabbed or done; `message` says how the last
    check ended. `left_out` are pairs of season and episode that are not fetched again, because the user removed them.
    `next_check_at` is null when there is nothing more to look for."""

    id: int
    medium: str
    tmdb_id: int
    name: str
    year: int | None
    seasons: list[int]
    future_only: bool
    profile: int | None
    mode: str
    upgrades: bool
    state: str
    message: str | None
    left_out: list[list[int]]
    checked_at: datetime | None
    next_check_at: datetime | None


class WishesOut(Schema):
    items: list[WishOut]
    total: int


class NewWish(Body):
    medium: Text = Field(pattern="^(movie|tv)$")
    tmdb_id: int = Field(ge=1, le=LARGEST)
    seasons: list[int] = Field([], max_length=200)
    future_only: bool = False
    profile: int | None = Field(None, ge=1, le=LARGEST)
    mode: Literal["grab", "notice"] = "grab"
    upgrades: bool = False


class WishChanges(Changes):
    """A `profile` of 0 is the default one."""

    seasons: list[int] = Field([], max_length=200)
    future_only: bool = False
    profile: int = Field(0, ge=0, le=LARGEST)
    mode: Literal["grab", "notice"] = "grab"
    upgrades: bool = False


class Span(Schema):
    """Both days included; today and the four weeks after it, when they are not given."""

    first: date | None = None
    last: date | None = None


def shown(row: Wish) -> WishOut:
    return WishOut.model_validate(record.wish(row))


@router.get("", auth=READ, response=WishesOut)
def index(request: HttpRequest) -> dict[str, Any]:
    items = [shown(row) for row in queries.wishes()]
    return {"items": items, "total": len(items)}


@router.post("", auth=ADD, response={200: WishOut, 201: WishOut})
def add(request: HttpRequest, new: NewWish) -> Status[WishOut]:
    """Want a title; one that is wanted already is answered as it is, with status 200."""
    fields = new.model_dump(exclude={"medium", "tmdb_id", "profile"})
    row, is_new = actions.add(found(Medium(new.medium), new.tmdb_id), profile=profile_of(new.profile), **fields)
    return Status(201 if is_new else 200, shown(row))


@router.get("/calendar", auth=READ)
def days(request: HttpRequest, span: Query[Span]) -> dict[str, Any]:
    """What comes out when, of wanted titles and of series of which something was fetched."""
    first = span.first or timezone.localdate()
    last = span.last or first + min(timedelta(days=28), date.max - first)
    if not timedelta() <= last - first <= LONGEST_SPAN:
        raise ValidationError({"last": "It is at most a year after first."})
    seen = calendar(first, last)
    items = [
        {
            "day": one.day,
            "medium": one.title.ref.medium,
            "tmdb_id": one.title.ref.tmdb_id,
            "name": one.title.card.name,
            "season": one.place[0] if one.place else None,
            "episode": one.place[1] if one.place else None,
            "episode_name": one.episode or None,
            "state": one.state,
            "is_wanted": one.is_wanted,
        }
        for one in seen.events
    ]
    return {"items": items, "total": len(items)}


@router.get("/{int:pk}", auth=READ, response=WishOut)
def one(request: HttpRequest, pk: int) -> WishOut:
    return shown(get_object_or_404(Wish, pk=pk))


@router.patch("/{int:pk}", auth=CONTROL, response=WishOut)
def change(request: HttpRequest, pk: int, changes: WishChanges) -> WishOut:
    """Change what is given, and look for it in a moment."""
    row = get_object_or_404(Wish, pk=pk)
    fields = changes.model_dump(exclude_unset=True)
    if "profile" in fields:
        fields["profile"] = profile_of(fields["profile"] or None)
    return shown(actions.change(row, **fields))


@router.delete("/{int:pk}", auth=CONTROL, response={204: None})
def remove(request: HttpRequest, pk: int) -> Status[None]:
    """Want it no longer. What is in the queue or the library stays."""
    actions.remove(get_object_or_404(Wish, pk=pk))
    return Status(204, None)


@router.post("/{int:pk}/check", auth=CONTROL, response=WishOut)
def check(request: HttpRequest, pk: int) -> WishOut:
    """Look for it in a moment."""
    row = get_object_or_404(Wish, pk=pk)
    actions.check_now(row)
    return shown(row)


@router.post("/{int:pk}/again", auth=CONTROL, response=WishOut)
def again(request: HttpRequest, pk: int) -> WishOut:
    """Want also what was removed, and look for it in a moment."""
    row = get_object_or_404(Wish, pk=pk)
    actions.want_again(row)
    return shown(row)
