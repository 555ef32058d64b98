"""What there is to watch: lists that TMDB makes, and films and series by what the reader asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from downloads.pages import show
from search import library, providers
from search.catalogue import queries
from search.pages.asking import Answer, ask, ask_all, number, without_page
from search.pages.forms import FilterForm
from search.problems import SourceProblem
from search.titles import Medium, Page
from search.tmdb import Tmdb

ON_A_SHELF = 12
NEW_FILES = 8


@dataclass(frozen=True, slots=True)
class List:
    """A list of titles. With a `medium` it can be filtered."""

    label: str | Promise
    ask: Callable[[Tmdb, int], Page]
    medium: Medium | None = None


LISTS: dict[str, List] = {
    "trending": List(_("Trending this week"), lambda tmdb, page: tmdb.trending(page=page)),
    "films": List(_("Popular films"), lambda tmdb, page: tmdb.popular(Medium.MOVIE, page), Medium.MOVIE),
    "series": List(_("Popular series"), lambda tmdb, page: tmdb.popular(Medium.TV, page), Medium.TV),
    "upcoming": List(_("Coming to cinemas"), lambda tmdb, page: tmdb.upcoming(page)),
    "on_the_air": List(_("New episodes this week"), lambda tmdb, page: tmdb.on_the_air(page)),
}


@require_safe
def discover(request: HttpRequest) -> HttpResponse:
    """A shelf of each list, or with `list` one of them whole, filtered as the form asks."""
    chosen = request.GET.get("list", "")
    if chosen not in LISTS:
        return show(request, "search/discover.html", "search/discover.html", shelves())
    return one_list(request, chosen)


def shelves() -> dict[str, Any]:
    tmdb = providers.tmdb()
    answers: Mapping[str, Answer[Page]] = ask_all({name: partial(one.ask, tmdb, 1) for name, one in LISTS.items()})
    shown = [
        {"name": name, "label": LISTS[name].label, "cards": answer.value.cards[:ON_A_SHELF]}
        for name, answer in answers.items()
        if answer.value and answer.value.cards
    ]
    new = list(queries.entries()[:NEW_FILES])
    refs = {card.ref for answer in answers.values() if answer.value for card in answer.value.cards}
    return {
        "marks": library.marks(refs),
        "lists": LISTS,
        "shelves": shown,
        "problem": first_problem(answers),
        "new": new,
        "chosen": "",
    }


def first_problem(answers: Mapping[str, Answer[Page]]) -> SourceProblem | None:
    return next((answer.problem for answer in answers.values() if answer.problem), None)


def one_list(request: HttpRequest, chosen: str) -> HttpResponse:
    one, tmdb = LISTS[chosen], providers.tmdb()
    page, medium = number(request.GET, "page", 1, 500) or 1, one.medium
    form, wanted = None, partial(one.ask, tmdb, page)
    if medium is not None:
        form = FilterForm(medium, ask(lambda: tmdb.genres(medium)).value or (), request.GET)
        if form.is_valid():
            wanted = partial(tmdb.discover, medium, form.filters(), page)
    answer = ask(wanted)
    found = answer.value or Page()
    context = {
        "lists": LISTS,
        "marks": library.marks(card.ref for card in found.cards),
        "chosen": chosen,
        "label": one.label,
        "form": form,
        "page": found,
        "problem": answer.problem,
        "asked": without_page(request),
    }
    return show(request, "search/discover.html", "search/_cards.html", context)
