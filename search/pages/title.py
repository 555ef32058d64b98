"""The page of a film or a series: what it is, and which files there are of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from downloads.pages import wants_fragment
from search import library, providers
from search.finder.search import Search
from search.grab.plan import best
from search.pages import rows
from search.pages.asking import ask, number
from search.pages.rows import View
from search.pages.work import ALL_NEWS, FIRST_NEWS, LONGEST, Work, begin
from search.problems import SourceProblem
from search.quality import queries
from search.quality.models import QualityProfile
from search.titles import Medium, TitleRef
from search.watchlist import queries as watchlist

GONE, UNAVAILABLE = 404, 503


@require_safe
def title(request: HttpRequest, medium: Medium, tmdb_id: int) -> HttpResponse:
    """With `all` the page comes when the search is over; else with what is known, and fetches the rest itself."""
    answer = ask(lambda: opened(request, TitleRef(medium, tmdb_id)))
    if answer.value is None:
        return failed(request, answer.problem)
    seconds = LONGEST if "all" in request.GET else 0.0
    context = {**about(answer.value.work), **files(request, answer.value, seconds)}
    return render(request, "search/title.html", context)


@require_safe
def candidates(request: HttpRequest, medium: Medium, tmdb_id: int) -> HttpResponse:
    """The files by themselves: what there is after a moment, or after a while when `again` says so."""
    if not wants_fragment(request):
        return redirect(f"{request.path.removesuffix('files/')}?{request.GET.urlencode()}")
    answer = ask(lambda: opened(request, TitleRef(medium, tmdb_id)))
    if answer.value is None:
        return render(request, "search/_problem.html", {"problem": answer.problem})
    context = {**about(answer.value.work), **files(request, answer.value, FIRST_NEWS)}
    return render(request, "search/_candidates.html", context)


@dataclass(frozen=True, slots=True)
class Opened:
    work: Work
    profile: QualityProfile
    search: Search


def opened(request: HttpRequest, ref: TitleRef) -> Opened:
    """The sources are asked as soon as the names are known, not after the episodes. Raises SourceProblem."""
    profile = queries.chosen(number(request.GET, "profile"))
    begun = begin(ref, number(request.GET, "season"))
    search = begun.search(queries.pure(profile), fresh="fresh" in request.GET)
    return Opened(begun.with_episodes(providers.tmdb()), profile, search)


def failed(request: HttpRequest, problem: SourceProblem | None) -> HttpResponse:
    """Nothing can be said about the title; names of files can still be searched."""
    is_gone = problem is not None and problem.permanent
    context = {"problem": problem, "is_gone": is_gone}
    return render(request, "search/no_title.html", context, status=GONE if is_gone else UNAVAILABLE)


def about(work: Work) -> dict[str, Any]:
    title = work.title
    shown = title.card.name
    others = [name for name in (title.named_in("vi"), title.named_in("en"), title.card.original_name) if name]
    return {
        "work": work,
        "title": title,
        "card": title.card,
        "season": work.season,
        "ref": title.ref,
        "wish": watchlist.of(title.ref),
        "other_names": list(dict.fromkeys(name for name in others if name != shown)),
    }


def files(request: HttpRequest, opened: Opened, seconds: float) -> dict[str, Any]:
    """What the search for the files says after at most so many seconds."""
    again = "again" in request.GET
    work, profile = opened.work, opened.profile
    results = opened.search.wait(ALL_NEWS if again else seconds, for_all=again or "all" in request.GET)
    chosen = best(results.found) if work.season is None else None
    upto = number(request.GET, "upto", 1, 5_000) or rows.EPISODES_AT_ONCE
    here = library.of(work.title)
    return {
        "files": rows.arrange(work, results, here, chosen, View(request.GET.get("open", ""), upto)),
        "here": here,
        "failing": list(results.failing.values()),
        "profile": profile,
        "profiles": list(queries.profiles()),
        "asked": asked(work, profile),
    }


def asked(work: Work, profile: QualityProfile) -> str:
    """What stands in every address of the page: the season, and the profile where it is not the default one."""
    given = {"season": work.number, "profile": None if profile.is_default else profile.pk}
    return urlencode({name: value for name, value in given.items() if value is not None})
