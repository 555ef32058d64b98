"""Films that belong together, in their order."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from search import library, providers
from search.pages.asking import ask
from search.pages.title import failed


@require_safe
def collection(request: HttpRequest, number: int) -> HttpResponse:
    answer = ask(lambda: providers.tmdb().collection(number))
    if answer.value is None:
        return failed(request, answer.problem)
    marks = library.marks(card.ref for card in answer.value.parts)
    return render(request, "search/collection.html", {"collection": answer.value, "marks": marks})
