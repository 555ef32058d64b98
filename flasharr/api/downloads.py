from __future__ import annotations

from typing import Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status
from pydantic import model_validator

from downloads import actions, queries, record, strict, verbs
from downloads.models import FASTEST, Download
from flasharr.api import listing
from flasharr.api.access import Needs
from flasharr.api.errors import NotPossible
from flasharr.api.listing import Listing
from flasharr.api.shapes import Body, Changes, DownloadOut, PriorityIn, Text, download_out, priority_of
from flasharr.keys import Scope

router = Router(tags=["downloads"])
READ, ADD, CONTROL = Needs(Scope.READ), Needs(Scope.ADD), Needs(Scope.CONTROL)


class DownloadsOut(Schema):
    items: list[DownloadOut]
    total: int


class NewDownloads(Body):
    """One address in `url` or several in `urls`; a folder address stands for all its files.

    `checksum` is md5:, sha1:, sha256: or sha512: and hex digits, for a single file. It may also stand behind its
    address, after a space.
    """

    url: Text | None = None
    urls: list[Text] | None = Field(None, min_length=1)
    directory: Text = Field("", max_length=2000)
    filename: Text = Field("", max_length=1000)
    password: Text = Field("", max_length=256)
    priority: PriorityIn = "normal"
    checksum: Text = Field("", max_length=200)

    @model_validator(mode="after")
    def one_of_both(self) -> NewDownloads:
        if (self.url is None) == (self.urls is None):
            raise ValueError("Give either url or urls.")
        return self


class AddedOut(DownloadOut):
    existing: bool


class LeftOut(Schema):
    url: str
    message: str


class AddedAll(Schema):
    """`left_out` is what stands behind the addresses and cannot be downloaded, with the reason."""

    items: list[AddedOut]
    left_out: list[LeftOut]


class Change(Changes):
    priority: PriorityIn | None = None
    position: Literal["top", "up", "down", "bottom"] | None = None
    password: Text | None = Field(None, max_length=256)
    speed_limit: int | None = Field(None, ge=0, le=FASTEST)

    @model_validator(mode="after")
    def something(self) -> Change:
        if not self.model_fields_set:
            raise ValueError("Give priority, position, password or speed_limit.")
        return self


@router.get("", auth=READ, response=DownloadsOut)
def index(request: HttpRequest, wanted: Query[Listing]) -> dict[str, object]:
    """The downloads, unfinished and finished."""
    found = listing.rows(wanted)
    rows = listing.page(found, wanted)
    return {"items": [download_out(row) for row in rows], "total": found.count()}


@router.post("", auth=ADD, response={201: AddedAll})
def add(request: HttpRequest, new: NewDownloads) -> Status[dict[str, object]]:
    """Add what is behind the addresses; what is here already is answered with its row, marked `existing`."""
    addresses = [new.url] if new.url is not None else list(new.urls or [])
    how = strict.How(new.directory, new.filename, new.password, priority_of(new.priority), new.checksum)
    answer = strict.add(addresses, how)
    items = [{**record.of(one.download), "existing": one.existing} for one in answer.added]
    return Status(
        201, {"items": items, "left_out": [{"url": url, "message": why.message} for url, why in answer.left_out]}
    )


@router.get("/{int:pk}", auth=READ, response=DownloadOut)
def one(request: HttpRequest, pk: int) -> DownloadOut:
    """One download."""
    return shown(queries.live(), pk)


@router.patch("/{int:pk}", auth=CONTROL, response=DownloadOut)
def change(request: HttpRequest, pk: int, change: Change) -> DownloadOut:
    """Give it another priority, place or speed limit (bytes a second, 0 for none), or the password of its share."""
    row = get_object_or_404(queries.live(), pk=pk)
    only = Download.objects.filter(pk=row.pk)
    if change.priority is not None:
        actions.set_priority(only, priority_of(change.priority))
        row.refresh_from_db()
    if change.position is not None:
        actions.reorder(row, change.position)
    if change.speed_limit is not None:
        actions.set_speed_limit(only, change.speed_limit)
    if change.password is not None:
        actions.set_password(only, change.password)
    return shown(queries.live(), pk)


@router.delete("/{int:pk}", auth=CONTROL, response={204: None})
def remove(request: HttpRequest, pk: int, with_file: bool = False) -> Status[None]:
    """Take it out of the queue or the history, the file too when asked. It can be restored for some minutes."""
    row = get_object_or_404(queries.live(), pk=pk)
    actions.remove(Download.objects.filter(pk=row.pk), with_file)
    return Status(204, None)


@router.post("/{int:pk}/restore", auth=CONTROL, response=DownloadOut)
def restore(request: HttpRequest, pk: int) -> DownloadOut:
    """Undo a removal."""
    row = get_object_or_404(Download, pk=pk)
    if row.removed_at and not actions.restore(Download.objects.filter(pk=row.pk)):
        raise NotPossible(f"Download {pk} cannot be restored: its file was added again.")
    return shown(queries.live(), pk)


@router.post("/{int:pk}/pause", auth=CONTROL, response=DownloadOut)
def pause(request: HttpRequest, pk: int) -> DownloadOut:
    return done("pause", pk)


@router.post("/{int:pk}/resume", auth=CONTROL, response=DownloadOut)
def resume(request: HttpRequest, pk: int) -> DownloadOut:
    return done("resume", pk)


@router.post("/{int:pk}/retry", auth=CONTROL, response=DownloadOut)
def retry(request: HttpRequest, pk: int) -> DownloadOut:
    """Start it again; one that is complete is downloaded anew."""
    return done("retry", pk)


def done(verb: str, pk: int) -> DownloadOut:
    """The row after the verb. Raises NotPossible when it does not fit."""
    row = get_object_or_404(queries.live(), pk=pk)
    if verbs.apply(verb, Download.objects.filter(pk=row.pk)).refused:
        raise NotPossible(verbs.refusal(verb, row))
    return shown(queries.live(), pk)


def shown(rows: QuerySet[Download], pk: int) -> DownloadOut:
    return download_out(get_object_or_404(rows, pk=pk))
