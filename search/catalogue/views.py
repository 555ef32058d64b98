"""The page of followed folders and of what is in them. Every write is one verb of actions.py."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from downloads import actions as queue
from downloads import adding, labels
from downloads.models import Download
from downloads.pages import PER_PAGE, UNPROCESSABLE, changed, searched, show, wants_fragment
from hosts.base import Problem
from search.catalogue import actions, queries
from search.catalogue.forms import FollowForm
from search.catalogue.models import CatalogueEntry, FolderSubscription


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The followed folders, the form for another one, and the files; with `part` only what that names."""
    if request.GET.get("part") == "followed":
        return render(request, "folders/_followed.html", followed())
    form = FollowForm(initial={"link": request.GET.get("link", "")[:4096], "interval": 24})
    return show(request, "folders/index.html", "folders/_found.html", {"form": form, **followed(), **found(request)})


def followed() -> dict[str, Any]:
    """`busy` says that it will look different in a moment."""
    rows = list(queries.subscriptions())
    return {"subscriptions": rows, "busy": any(row.is_under_way for row in rows)}


def found(request: HttpRequest) -> dict[str, Any]:
    """The files that the address asks for, a page of them."""
    text = searched(request.GET)
    chosen = FolderSubscription.objects.filter(pk=number(request.GET.get("folder", ""))).first()
    rows = queries.entries(text, subscription=chosen.pk if chosen else None)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    mark_existing(page)
    return {"page": page, "q": text, "view": "all", "chosen": chosen, "counts": queries.counts()}


def number(text: str) -> int:
    """A row's number in an address; 0 for what is none."""
    return int(text) if text.isdecimal() and len(text) <= 18 else 0


def mark_existing(page: Page[CatalogueEntry]) -> None:
    """Give every entry of a page its row in the queue or the history, as `existing`."""
    rows = Download.objects.filter(removed_at=None, code__in=[entry.code for entry in page])
    here = {(row.host, row.code): row for row in rows if not queue.file_is_gone(row)}
    for entry in page:
        entry.existing = here.get((entry.host, entry.code))  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":  # a search on the page that a refused link came back on
        return redirect(f"{reverse('folders:index')}?{request.GET.urlencode()}")
    form = FollowForm(request.POST)
    if form.is_valid():
        try:
            row = actions.subscribe(form.cleaned_data["link"], form.cleaned_data["interval"])
        except Problem as problem:
            form.add_error("link", labels.sentence(problem))
        else:
            messages.success(request, _("“{name}” is followed now.").format(name=row.name))
            return done(request)
    context = {"form": form, **followed(), **found(request)}
    return show(request, "folders/index.html", "folders/_follow.html", context, UNPROCESSABLE)


@require_POST
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    if actions.refresh(subscription(pk)):
        messages.success(request, _("It will be visited in a moment."))
    else:
        messages.info(request, _("It is paused. Resume it first."))
    return answered(request)


@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    actions.pause(subscription(pk))
    return answered(request)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    actions.resume(subscription(pk))
    return answered(request)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what shall happen to the files that it brought; with the answer (`files`: keep or drop), do it."""
    row = subscription(pk)
    if request.method != "POST" or request.POST.get("files") not in ("keep", "drop"):
        return show(request, "folders/remove.html", "folders/_remove.html", {"row": row})
    actions.unsubscribe(row, keep_entries=request.POST["files"] == "keep")
    messages.success(request, _("“{name}” is not followed any more.").format(name=row.name))
    return done(request)


@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """Put the ticked files, or with `all` everything that the list shows, into the queue."""
    if "all" in request.POST:
        text, folder = searched(request.POST), number(request.POST.get("folder", ""))
        rows = queries.entries(text, subscription=folder or None)
        numbers = list(rows.values_list("pk", flat=True)[: actions.MOST_AT_ONCE + 1])
    else:
        numbers = [number(text) for text in request.POST.getlist("id")]
    return put(request, numbers)


@require_POST
def download_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one file into the queue, whatever is ticked."""
    return put(request, [pk])


def put(request: HttpRequest, numbers: list[int]) -> HttpResponse:
    try:
        adding.report(request, actions.download(numbers))
    except Problem as problem:
        messages.error(request, labels.sentence(problem))
        return changed(request)
    return changed(request, relist=True, unselect=True)


def subscription(pk: int) -> FolderSubscription:
    return get_object_or_404(FolderSubscription, pk=pk)


def answered(request: HttpRequest) -> HttpResponse:
    """After a verb on one folder: the list of them."""
    return (
        render(request, "folders/_followed.html", followed()) if wants_fragment(request) else redirect("folders:index")
    )


def done(request: HttpRequest) -> HttpResponse:
    """After folders came or went: the whole page."""
    return (
        HttpResponseClientRedirect(reverse("folders:index")) if wants_fragment(request) else redirect("folders:index")
    )
