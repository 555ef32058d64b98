"""The search page: one box for names and links, titles as you type, and files by their names alone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from downloads.forms import AddForm
from downloads.pages import searched, show, wants_fragment
from hosts import registry
from search import asking, library, providers
from search.pages import by_name
from search.pages.asking import ask, number, without_page
from search.titles import Medium, Page

LONGEST = 4_000  # characters; a pasted list of links is longer than any name
KINDS = ("all", *Medium, "files")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Titles that are called so; with `kind=files` the files that are; for links the box that adds them."""
    typed = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    context: dict[str, Any] = {"q": typed, "kind": kind_of(request), "has_key": providers.tmdb().has_key}
    if links := registry.links_in(typed, settings.FLASHARR["ALLOW_PRIVATE_HOSTS"]).links:
        context |= {"links": links, "form": AddForm(initial={"text": typed})}
    elif text := searched(request.GET):
        context |= files(request, text) if context["kind"] == "files" else titles(request, text, context["kind"])
    fragment = "search/_cards.html" if "more" in request.GET and "page" in context else "search/_results.html"
    response = show(request, "search/search.html", fragment, context)
    if links and wants_fragment(request):
        return replace_url(response, request.path)  # a link may hold a secret, and the history keeps addresses
    return response


def kind_of(request: HttpRequest) -> str:
    """Without a key, names of files are all that can be searched."""
    asked = request.GET.get("kind", "")
    if not providers.tmdb().has_key:
        return "files"
    return asked if asked in KINDS else "all"


def titles(request: HttpRequest, text: str, kind: str) -> dict[str, Any]:
    medium = Medium(kind) if kind in list(Medium) else None
    page = number(request.GET, "page", 1, 500) or 1
    answer = ask(lambda: asking.titles(text, medium, page=page))
    found = answer.value or Page()
    marks = library.marks(card.ref for card in found.cards)
    return {"page": found, "problem": answer.problem, "asked": without_page(request), "marks": marks}


def files(request: HttpRequest, text: str) -> dict[str, Any]:
    """Asking the sources takes a while: a page that can fetch the rest by itself comes without."""
    if wants_fragment(request) or "now" in request.GET:
        return {"files": by_name.look(text)}
    return {"later": True}
