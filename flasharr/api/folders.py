from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from flasharr.api.access import Needs
from flasharr.api.errors import NotPossible
from flasharr.api.shapes import Body, Changes, ReasonOut, Text
from flasharr.keys import Scope
from search.catalogue import actions, queries, record
from search.catalogue.forms import LONGEST_LINK
from search.catalogue.models import FolderSubscription

router = Router(tags=["folders"])
READ, ADD, CONTROL = Needs(Scope.READ), Needs(Scope.ADD), Needs(Scope.CONTROL)
Hours = Field(24, ge=1, le=actions.LONGEST_INTERVAL)


class FolderOut(Schema):
    """A followed folder. `status` is waiting, visiting, paused, problem or up_to_date; `files` is of its last visit."""

    id: int
    host: str
    url: str
    name: str
    status: str
    interval_hours: int
    files: int
    listed_folders: int
    listed_files: int
    visited_at: datetime | None
    next_visit_at: datetime | None
    problem: ReasonOut | None


class FoldersOut(Schema):
    items: list[FolderOut]
    total: int


class NewFolder(Body):
    url: Text = Field(min_length=1, max_length=LONGEST_LINK)
    interval_hours: int = Hours


class FolderChanges(Changes):
    interval_hours: int = Hours
    paused: bool = False


class FileOut(Schema):
    """A file of a followed folder. `path` is its folder; numbers are null where the name does not say."""

    id: int
    host: str
    url: str
    name: str
    path: str
    size: int | None
    kind: str
    year: int | None
    season: int | None
    episode: int | None


class FilesOut(Schema):
    items: list[FileOut]
    total: int


class Looking(Schema):
    search: Text = Field("", max_length=200)
    page: int = Field(1, ge=1, le=1_000_000)
    page_size: int = Field(50, ge=1, le=500)


def shown(row: FolderSubscription) -> FolderOut:
    return FolderOut.model_validate(record.of(row))


@router.get("", auth=READ, response=FoldersOut)
def index(request: HttpRequest) -> dict[str, object]:
    items = [shown(row) for row in queries.subscriptions()]
    return {"items": items, "total": len(items)}


@router.post("", auth=ADD, response={201: FolderOut})
def follow(request: HttpRequest, new: NewFolder) -> Status[FolderOut]:
    """Follow a folder; its first visit begins in a moment."""
    return Status(201, shown(actions.subscribe(new.url, new.interval_hours)))


@router.get("/files", auth=READ, response=FilesOut)
def files(request: HttpRequest, looking: Query[Looking]) -> dict[str, object]:
    """Living files of all followed folders, newest first; `search` takes words in any order, accents or not."""
    found = queries.entries(looking.search)
    start = (looking.page - 1) * looking.page_size
    return {"items": list(found[start : start + looking.page_size]), "total": found.count()}


@router.get("/{int:pk}", auth=READ, response=FolderOut)
def one(request: HttpRequest, pk: int) -> FolderOut:
    return shown(get_object_or_404(FolderSubscription, pk=pk))


@router.patch("/{int:pk}", auth=CONTROL, response=FolderOut)
def change(request: HttpRequest, pk: int, changes: FolderChanges) -> FolderOut:
    """How often it is visited, and whether at all."""
    row = get_object_or_404(FolderSubscription, pk=pk)
    if "interval_hours" in changes.model_fields_set:
        actions.set_interval(row, changes.interval_hours)
    if "paused" in changes.model_fields_set:
        (actions.pause if changes.paused else actions.resume)(row)
    row.refresh_from_db()
    return shown(row)


@router.delete("/{int:pk}", auth=CONTROL, response={204: None})
def unfollow(request: HttpRequest, pk: int, keep_files: bool = True) -> Status[None]:
    """Follow it no longer; with `keep_files=false` what only it held is forgotten too."""
    actions.unsubscribe(get_object_or_404(FolderSubscription, pk=pk), keep_entries=keep_files)
    return Status(204, None)


@router.post("/{int:pk}/refresh", auth=CONTROL, response=FolderOut)
def refresh(request: HttpRequest, pk: int) -> FolderOut:
    """Visit it now."""
    row = get_object_or_404(FolderSubscription, pk=pk)
    if not actions.refresh(row):
        raise NotPossible("It is paused. Resume it first.")
    row.refresh_from_db()
    return shown(row)
