"""How the views answer: a whole page or its fragment, a redirect or the rows that changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import reswap, trigger_client_event

from downloads import overview
from downloads.models import Download

PER_PAGE = 50
LONGEST_SEARCH = 200
UNPROCESSABLE = 422
PLACES = frozenset({"downloads:queue", "downloads:history", "downloads:add", "downloads:password", "downloads:limit"})


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


def searched(asked: QueryDict) -> str:
    """The text to search for; more than any name holds is cut off."""
    return asked.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]


def changed(
    request: HttpRequest, rows: Iterable[Download] = (), *, relist: bool = False, unselect: bool = False
) -> HttpResponse:
    """The end of every write: back to the page it came from, or just the rows that it changed.

    With `relist` the lists on the open page fetch themselves again, because rows came, went or moved; with
    `unselect` the ticks are taken away, because they have done their duty.
    """
    if not wants_fragment(request):
        return HttpResponseRedirect(came_from(request))
    context = {"rows": rows, "relist": relist, "overview": overview.current()}
    response = render(request, "downloads/_changes.html", context)
    return trigger_client_event(reswap(response, "none"), "flasharr:done", {"unselect": unselect})


def came_from(request: HttpRequest) -> str:
    """The page of ours that a form was sent from; the queue when that is no page to go to."""
    for url in (request.POST.get("back", ""), request.headers.get("Referer", "")):
        is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
        if is_ours and is_place(unquote(urlsplit(url).path)):
            return url
    return reverse("downloads:queue")


def is_place(path: str) -> bool:
    """Does a page stand there that can be gone to? Some addresses of ours only take forms."""
    if not path.startswith(prefix := get_script_prefix()):
        return False
    try:
        match = resolve("/" + path.removeprefix(prefix))
    except Resolver404:
        return False
    return match.view_name in PLACES or (match.namespace != "downloads" and match.view_name != "logout")
