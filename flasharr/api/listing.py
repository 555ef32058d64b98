"""Which rows a list of downloads shows, in which order."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Case, F, OrderBy, QuerySet, Value, When
from ninja import Field, Schema

from downloads import queries
from downloads.models import Download
from downloads.states import FINISHED, RUNNING, Status
from flasharr.api.shapes import Number, Text

LARGEST_PAGE = 500
SORTS = ("id", "name", "size", "downloaded", "speed", "priority", "status", "created_at", "started_at", "finished_at")


class Listing(Schema):
    """`status` takes several, repeated or with commas. `sort` is "queue" or a field, with "-" for downwards."""

    status: list[Text] = []
    search: Text = Field("", max_length=200)
    batch: Number | None = None
    sort: Text = "queue"
    page: int = Field(1, ge=1, le=1_000_000)
    page_size: int = Field(50, ge=1, le=LARGEST_PAGE)


def rows(wanted: Listing) -> QuerySet[Download]:
    """All rows that match, in order. Raises ValidationError by field."""
    found = queries.live().filter(queries.matching(wanted.search))
    if statuses := statuses_of(wanted.status):
        found = found.filter(status__in=statuses)
    if wanted.batch is not None:
        found = found.filter(batch=wanted.batch)
    return ordered(found, wanted.sort)


def statuses_of(words: list[str]) -> list[Status]:
    names = [name.strip() for word in words for name in word.split(",") if name.strip()]
    unknown = [name for name in names if name not in list(Status)]
    if unknown:
        known = ", ".join(Status)
        raise ValidationError({"status": f"There is no status {unknown[0]!r}. It is one of: {known}."})
    return [Status(name) for name in names]


def ordered(found: QuerySet[Download], sort: str) -> QuerySet[Download]:
    """As the queue runs, finished ones last; or by one field, empty values last."""
    if sort == "queue":
        rank = Case(When(status__in=RUNNING, then=0), When(status__in=FINISHED, then=2), default=Value(1))
        return found.annotate(rank=rank).order_by(*queries.QUEUE_ORDER, "pk")
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise ValidationError({"sort": f"It is 'queue' or one of: {', '.join(SORTS)}; '-' before it turns it round."})
    return found.order_by(OrderBy(F(name), descending=sort.startswith("-"), nulls_last=True), "pk")


def page(found: QuerySet[Download], wanted: Listing) -> QuerySet[Download]:
    start = (wanted.page - 1) * wanted.page_size
    return found[start : start + wanted.page_size]
