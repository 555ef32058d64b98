"""Which rows a form means."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import QueryDict

from downloads import queries
from downloads.models import Download

MOST_TICKED = 1_000
LONGEST_ID = 18  # digits that fit the database's integers


def chosen(data: QueryDict) -> QuerySet[Download]:
    """The ticked rows (`id`), or with `all` every row of the list that the form stands in (`list`, `view`, `q`)."""
    if not data.get("all"):
        ids = [int(text) for text in data.getlist("id") if text.isdecimal() and len(text) <= LONGEST_ID]
        return queries.live().filter(pk__in=ids[:MOST_TICKED])
    rows = queries.history if data.get("list") == "history" else queries.queue
    listed = rows(data.get("view", "all"), data.get("q", "")).order_by().values("pk")
    return queries.live().filter(pk__in=listed)
