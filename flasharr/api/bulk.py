"""The same verbs for many downloads at once."""

from __future__ import annotations

from typing import Annotated

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Router
from pydantic import model_validator

from downloads import actions, queries, verbs
from downloads.models import Download
from flasharr.api.access import Needs
from flasharr.api.shapes import Body, Changed, Number
from flasharr.keys import Scope

router = Router(tags=["downloads"])
CONTROL = Needs(Scope.CONTROL)
MOST = 5_000


class Many(Body):
    """Either the numbers or all; all means every row that it makes sense for."""

    ids: Annotated[list[Number], Field(min_length=1, max_length=MOST)] | None = None
    all: bool = False

    @model_validator(mode="after")
    def one_of_both(self) -> Many:
        if (self.ids is not None) == self.all:
            raise ValueError("Give either ids or all.")
        return self


class ManyToRemove(Many):
    with_file: bool = False


@router.post("/pause", auth=CONTROL, response=Changed)
def pause_many(request: HttpRequest, which: Many) -> Changed:
    return applied("pause", which)


@router.post("/resume", auth=CONTROL, response=Changed)
def resume_many(request: HttpRequest, which: Many) -> Changed:
    return applied("resume", which)


@router.post("/retry", auth=CONTROL, response=Changed)
def retry_many(request: HttpRequest, which: Many) -> Changed:
    return applied("retry", which)


@router.post("/remove", auth=CONTROL, response=Changed)
def remove_many(request: HttpRequest, which: ManyToRemove) -> Changed:
    return Changed(changed=actions.remove(chosen("remove", which), which.with_file))


def applied(verb: str, which: Many) -> Changed:
    outcome = verbs.apply(verb, chosen(verb, which))
    return Changed(changed=outcome.changed, refused=[row.pk for row in outcome.refused])


def chosen(verb: str, which: Many) -> QuerySet[Download]:
    """Raises Http404 when one of the numbers is not there; nothing is changed then."""
    if which.ids is None:
        return verbs.everything(verb)
    wanted = set(which.ids)
    here = set(queries.live().filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted != here:
        raise Http404
    return Download.objects.filter(pk__in=wanted)
