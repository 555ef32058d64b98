"""Which rows a form means."""

from __future__ import annotations

import re

from django.core.exceptions import BadRequest
from django.db.models import Max, QuerySet
from django.http import QueryDict

from downloads import queries, removals, verbs
from downloads.models import Download
from downloads.pages import searched

MOST_TICKED = 1_000
LONGEST_ID = 18  # digits that fit the database's integers
CEILING = re.compile(rf"([0-9]{{1,{LONGEST_ID}}})\.([0-9]{{1,{LONGEST_ID}}})")


def ceiling() -> str:
    """What a list that is shown now can know of: the newest row and the newest change."""
    newest = Download.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return f"{newest}.{queries.version()}"


def chosen(asked: QueryDict, verb: str = "") -> QuerySet[Download]:
    """The ticked rows (`id`); with `all` those of the list that the form stands in; with `everything` what "all"
    means for the verb. Raises BadRequest.
    """
    if verb in verbs.VERBS and asked.get("everything"):
        return verbs.everything(verb)
    rows = queries.live()
    return rows.filter(pk__in=listed(asked, verb).values("pk") if asked.get("all") else ticked(asked))


def removed(asked: QueryDict) -> QuerySet[Download]:
    """The same among rows that were removed a while ago."""
    rows = removals.lately(searched(asked))
    return below_ceiling(rows, asked, still=True) if asked.get("all") else rows.filter(pk__in=ticked(asked))


def ticked(asked: QueryDict) -> list[int]:
    ids = [int(text) for text in asked.getlist("id") if text.isdecimal() and len(text) <= LONGEST_ID]
    return ids[:MOST_TICKED]


def listed(asked: QueryDict, verb: str) -> QuerySet[Download]:
    """All rows of a list (`list`, `view`, `q`) that stood there when it was shown (`upto`).

    A verb means those that "all" means for it, and the others only where the list holds no such rows at all.
    """
    name, view = asked.get("list"), asked.get("view", "")
    views, find = (queries.HISTORY_VIEWS, queries.history) if name == "history" else (queries.VIEWS, queries.queue)
    if name not in ("queue", "history") or view not in views:
        raise BadRequest("There is no such list.")
    rows = below_ceiling(find(view, searched(asked)).order_by(), asked, still=name == "history" or view == "paused")
    usual = set(verbs.VERBS[verb].everything) if verb in verbs.VERBS else set()
    return rows.filter(status__in=usual) if usual.intersection(views[view]) else rows


def below_ceiling(rows: QuerySet[Download], asked: QueryDict, *, still: bool) -> QuerySet[Download]:
    """Without the rows that came after the list was shown.

    Rows of a `still` list do not change while they stand in it: what has changed since has come into it since.
    """
    found = CEILING.fullmatch(asked.get("upto", ""))
    if found is None:
        raise BadRequest("Which rows were shown is missing.")
    rows = rows.filter(pk__lte=int(found[1]))
    return rows.filter(version__lte=int(found[2])) if still else rows
