from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from downloads import actions, intake, queries, record, verbs
from downloads.models import Batch, Download
from downloads.states import Status as RowStatus
from flasharr.api.access import Needs
from flasharr.api.shapes import Changed, DownloadOut
from flasharr.keys import Scope

router = Router(tags=["batches"])
READ, CONTROL = Needs(Scope.READ), Needs(Scope.CONTROL)
LIVE = Q(downloads__removed_at=None, downloads__isnull=False)


class BatchOut(Schema):
    """Files that were added together. `size` counts the files whose size is known."""

    id: int
    name: str
    url: str
    created_at: datetime
    total: int
    completed: int
    failed: int
    size: int
    downloaded: int
    speed: int
    progress: float


class BatchesOut(Schema):
    items: list[BatchOut]
    total: int


class RevisitOut(Schema):
    """What was new in the folder, and is in the queue now."""

    items: list[DownloadOut]


class Paging(Schema):
    page: int = Field(1, ge=1, le=1_000_000)
    page_size: int = Field(50, ge=1, le=500)


def batches() -> QuerySet[Batch]:
    """Batches that still have rows, newest first, with their sums."""
    return (
        Batch.objects.annotate(
            total=Count("downloads", filter=LIVE),
            completed=Count("downloads", filter=LIVE & Q(downloads__status=RowStatus.COMPLETED)),
            failed=Count("downloads", filter=LIVE & Q(downloads__status=RowStatus.FAILED)),
            size=Sum("downloads__size", filter=LIVE, default=0),
            downloaded=Sum("downloads__downloaded", filter=LIVE & Q(downloads__size__isnull=False), default=0),
            speed=Sum("downloads__speed", filter=LIVE, default=0),
        )
        .filter(total__gt=0)
        .order_by("-created_at", "-pk")
    )


def shown(batch: Batch) -> BatchOut:
    fields = {name: getattr(batch, name) for name in BatchOut.model_fields if name != "progress"}
    size, downloaded = fields["size"], fields["downloaded"]
    is_complete = fields["completed"] == fields["total"]
    progress = 100.0 if is_complete else min(100.0, round(100 * downloaded / size, 1)) if size else 0.0
    return BatchOut(**fields, progress=progress)


@router.get("", auth=READ, response=BatchesOut)
def index(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    found = batches()
    start = (paging.page - 1) * paging.page_size
    return {"items": [shown(batch) for batch in found[start : start + paging.page_size]], "total": found.count()}


@router.get("/{int:pk}", auth=READ, response=BatchOut)
def one(request: HttpRequest, pk: int) -> BatchOut:
    return shown(get_object_or_404(batches(), pk=pk))


@router.delete("/{int:pk}", auth=CONTROL, response={204: None})
def remove(request: HttpRequest, pk: int, with_file: bool = False) -> Status[None]:
    """Take its rows out of the queue and the history."""
    actions.remove(rows_of(pk), with_file)
    return Status(204, None)


@router.post("/{int:pk}/pause", auth=CONTROL, response=Changed)
def pause(request: HttpRequest, pk: int) -> Changed:
    return applied("pause", pk)


@router.post("/{int:pk}/resume", auth=CONTROL, response=Changed)
def resume(request: HttpRequest, pk: int) -> Changed:
    return applied("resume", pk)


@router.post("/{int:pk}/retry", auth=CONTROL, response=Changed)
def retry(request: HttpRequest, pk: int) -> Changed:
    """Start the failed and waiting ones again; what is complete stays."""
    return applied("retry", pk)


@router.post("/{int:pk}/revisit", auth=Needs(Scope.ADD), response=RevisitOut)
def revisit(request: HttpRequest, pk: int) -> dict[str, object]:
    """Look into its folder again and add what was not in it then; one without a folder is answered with 404."""
    batch = get_object_or_404(Batch.objects.exclude(url=""), pk=pk)
    return {"items": [record.of(one.download) for one in intake.revisit(batch) if not one.existing]}


def rows_of(pk: int) -> QuerySet[Download]:
    """Raises Http404."""
    return queries.live().filter(batch=get_object_or_404(batches(), pk=pk).pk)


def applied(verb: str, pk: int) -> Changed:
    everything = verbs.everything(verb).filter(pk__in=rows_of(pk).values("pk"))
    return Changed(changed=verbs.apply(verb, everything).changed)
