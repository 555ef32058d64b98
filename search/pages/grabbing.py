"""From a title's page into the queue: single files, the best film, a planned season."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from downloads import labels
from downloads.pages import changed, show, wants_fragment
from hosts.base import Problem
from search.grab import actions
from search.grab.actions import Grabbed
from search.grab.preview import GrabPreview, preview
from search.pages.asking import number
from search.pages.planning import shown
from search.pages.title import failed
from search.pages.work import LONGEST, Work, load
from search.problems import SourceProblem
from search.quality import queries
from search.titles import Medium, TitleRef


@require_POST
def grab(request: HttpRequest, medium: Medium, tmdb_id: int) -> HttpResponse:
    """Fetch the files of `file`, each as "host:code", of all that the search found; with `plan` go to the queue."""
    chosen = request.POST.getlist("file")
    try:
        if not chosen:
            messages.error(request, _("Choose at least one file."))
            return changed(request)
        _work, seen = prepared(request.POST, TitleRef(medium, tmdb_id))
        report(request, actions.grab(seen, chosen))
    except Problem as problem:
        messages.error(request, labels.sentence(problem))
        return changed(request)
    if "plan" not in request.POST:
        return trigger_client_event(changed(request), "flasharr:grabbed")
    return (
        HttpResponseClientRedirect(reverse("downloads:queue"))
        if wants_fragment(request)
        else redirect("downloads:queue")
    )


@require_safe
def plan(request: HttpRequest, medium: Medium, tmdb_id: int) -> HttpResponse:
    """What one press would fetch: to look at, to change, and to press."""
    try:
        work, seen = prepared(request.GET, TitleRef(medium, tmdb_id))
    except SourceProblem as problem:
        return failed(request, problem)
    context = {
        "work": work,
        "title": work.title,
        "card": work.title.card,
        "seen": seen,
        "every": "every" in request.GET,
        "plan": shown(seen, request.GET.get("set", "")),
        "profiles": list(queries.profiles()),
    }
    return show(request, "search/plan.html", "search/_plan.html", context)


def prepared(asked: QueryDict, ref: TitleRef) -> tuple[Work, GrabPreview]:
    """The title and the preview of what the form or the address asks for. Raises SourceProblem."""
    work = load(ref, number(asked, "season"))
    profile = queries.chosen(number(asked, "profile"))
    seasons = () if "every" in asked else work.numbers
    return work, preview(work.title, seasons, profile, wait=LONGEST)


def report(request: HttpRequest, done: Grabbed) -> None:
    toast = render_to_string("search/_grabbed.html", {"new": done.new, "here": len(done.added) - done.new})
    messages.success(request, mark_safe(toast))  # noqa: S308 - a template of ours
