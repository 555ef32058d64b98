"""The page of a film or a series: what it is, and which files there are of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from downloads.pages import wants_fragment
from search import library
from search.finder.search import Results, Search
from search.grab.plan import best
from search.pages import rows
from search.pages.asking import ask, number
from search.pages.rows import View
from search.pages.work import ALL_NEWS, FIRST_NEWS, LONGEST, SOON, Work, begin
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
    is_waiting = "all" in request.GET
    results = answer.value.search.wait(LONGEST if is_waiting else SOON, for_all=True)
    return render(request, "search/title.html", shown(request, answer.value, results))


@require_safe
def candidates(request: HttpRequest, medium: Medium, tmdb_id: int) -> HttpResponse:
    """The files by themselves: what there is after a moment, or after a while when `again` says so."""
    if not wants_fragment(request):
        return redirect(f"{request.path.removesuffix('files/')}?{request.GET.urlencode()}")
    answer = ask(lambda: opened(request, TitleRef(medium, tmdb_id)))
    if answer.value is None:
        return render(request, "search/_problem.html", {"problem": answer.problem})
    again = "again" in request.GET
    results = answer.value.search.wait(ALL_NEWS if again else FIRST_NEWS, for_all=again)
    return render(request, "search/_candidates.html", shown(request, answer.value, results))


@dataclass(frozen=True, slots=True)
class Opened:
    begun: Work
    profile: QualityProfile
    search: Search

    @property
    def work(self) -> Work:
        """With the episodes, once the search knows them."""
        return self.begun.of(self.search.wanted.title)


def opened(request: HttpRequest, ref: TitleRef) -> Opened:
    """The sources are asked as soon as a name is known, and the episodes beside them. Raises SourceProblem."""
    profile = queries.chosen(number(request.GET, "profile"))
    begun = begin(ref, number(request.GET, "season"))
    return Opened(begun, profile, begun.search(queries.pure(profile), fresh="fresh" in request.GET))


def failed(request: HttpRequest, problem: SourceProblem | None) -> HttpResponse:
    """Nothing can be said about the title; names of files can still be searched."""
    is_gone = problem is not None and problem.permanent
    context = {"problem": problem, "is_gone": is_gone}
    return render(request, "search/no_title.html", context, status=GONE if is_gone else UNAVAILABLE)


def shown(request: HttpRequest, opened: Opened, results: Results) -> dict[str, Any]:
    work = opened.work
    return {**about(work), **files(request, work, opened.profile, results)}


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


def files(request: HttpRequest, work: Work, profile: QualityProfile, results: Results) -> dict[str, Any]:
    """What the search for the files says by now."""
    upto = number(request.GET, "upto", 1, 5_000) or rows.EPISODES_AT_ONCE
    here = library.of(work.title)
    usable = (one for one in results.found if one.candidate.key not in here.failed)
    chosen = best(usable) if work.season is None else None
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
