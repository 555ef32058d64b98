"""How the views answer: a whole page or its fragment, a redirect or the rows that changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import reswap, trigger_client_event

from downloads import overview
from downloads.models import Download

PER_PAGE = 50
UNPROCESSABLE = 422


def wants_fragment(request: HttpRequest) -> bool:
    """htmx asks for a part of the page, except when it restores a whole one from the history."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def show(request: HttpRequest, page: str, fragment: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The same URL serves people without JavaScript and htmx."""

    @vary_on_headers("HX-Request")
    def respond(request: HttpRequest) -> HttpResponse:
        return render(request, fragment if wants_fragment(request) else page, context, status=status)

    return respond(request)


def listed(request: HttpRequest, rows: QuerySet[Download]) -> Page[Download]:
    """The page of rows that the URL asks for; one that does not exist (any more) gives the nearest."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def changed(request: HttpRequest, rows: Iterable[Download] = (), *, relist: bool = False) -> HttpResponse:
    """The end of every write: back to the page it came from, or just the rows that it changed.

    With `relist` the lists on the open page fetch themselves again, because rows came, went or moved.
    """
    if not wants_fragment(request):
        return redirect(came_from(request))
    context = {"rows": rows, "relist": relist, "overview": overview.current()}
    response = render(request, "downloads/_changes.html", context)
    return trigger_client_event(reswap(response, "none"), "flasharr:done")


def came_from(request: HttpRequest) -> str:
    """The page of ours that a form was sent from."""
    for url in (request.POST.get("back", ""), request.headers.get("Referer", "")):
        if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
            return url
    return "downloads:queue"
