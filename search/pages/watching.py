"""What the user waits for: the watchlist, and the calendar of what comes out."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from downloads import labels
from downloads.pages import came_from, wants_fragment
from hosts.base import Problem
from search import providers
from search.pages.work import today
from search.titles import Medium, TitleRef
from search.watchlist import actions, queries
from search.watchlist.calendar import Event, calendar
from search.watchlist.models import Mode, Wish

SPAN = timedelta(days=27)  # four weeks with the first day
FURTHEST = timedelta(days=3650)


@require_safe
def watchlist(request: HttpRequest) -> HttpResponse:
    return render(request, "search/watchlist.html", {"wishes": list(queries.wishes())})


@require_POST
def add(request: HttpRequest, medium: Medium, tmdb_id: int) -> HttpResponse:
    """Want a title. `mode` is one of Mode; with `future_only` what has aired is left alone."""
    ref = TitleRef(medium, tmdb_id)
    mode = Mode.NOTICE if request.POST.get("mode") == Mode.NOTICE else Mode.GRAB
    try:
        wish, is_new = actions.add(providers.tmdb().title(ref), mode=mode, future_only="future_only" in request.POST)
    except Problem as problem:
        messages.error(request, labels.sentence(problem))
    else:
        told = _("“{name}” is on the watchlist now.") if is_new else _("“{name}” was on the watchlist already.")
        messages.success(request, told.format(name=wish))
    return watched(request, ref)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    wish = get_object_or_404(Wish, pk=pk)
    actions.remove(wish)
    messages.success(request, _("“{name}” is not on the watchlist any more.").format(name=wish))
    return watched(request, wish.ref)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    wish = get_object_or_404(Wish, pk=pk)
    actions.check_now(wish)
    messages.success(request, _("“{name}” is looked for in a moment.").format(name=wish))
    return watched(request, wish.ref)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Want also what was removed."""
    wish = get_object_or_404(Wish, pk=pk)
    actions.want_again(wish)
    messages.success(request, _("“{name}” is looked for in a moment.").format(name=wish))
    return watched(request, wish.ref)


def watched(request: HttpRequest, ref: TitleRef) -> HttpResponse:
    """The end of every verb: the part of the page that showed the wish, or that page."""
    if not wants_fragment(request):
        return redirect(came_from(request))
    if request.headers.get("HX-Target") == "watch":
        return render(request, "search/_watch.html", {"ref": ref, "wish": queries.of(ref)})
    return render(request, "search/_wishes.html", {"wishes": list(queries.wishes())})


@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """Four weeks from `from`, else from the beginning of this week."""
    first = first_day(request.GET.get("from", ""))
    seen = calendar(first, first + SPAN)
    context: dict[str, Any] = {
        "days": [(day, list(events)) for day, events in groupby(seen.events, key=day_of)],
        "problem": next(iter(seen.unknown.values()), None),
        "unknown": len(seen.unknown),
        "today": today(),
        "first": first,
        "last": first + SPAN,
        "before": first - SPAN - timedelta(days=1),
        "after": first + SPAN + timedelta(days=1),
    }
    return render(request, "search/calendar.html", context)


def day_of(event: Event) -> date:
    return event.day


def first_day(text: str) -> date:
    """A day of an address; this week's Monday for what is none, or far away."""
    now = today()
    try:
        asked = parse_date(text[:10])
    except ValueError:
        asked = None
    if asked is None or abs(asked - now) > FURTHEST:
        return now - timedelta(days=now.weekday())
    return asked
