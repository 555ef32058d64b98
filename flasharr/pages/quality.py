"""The settings page of quality profiles."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from downloads.labels import sentence
from downloads.pages import UNPROCESSABLE
from flasharr.pages.quality_form import QualityForm
from search.quality import actions, queries
from search.quality.actions import ProfileRefused
from search.quality.models import Naming, QualityProfile
from search.releases import Title, parse
from search.releases.library import Style, library_paths

FILM = Title(("Dune",), 2021)
SERIES = Title(("Chernobyl",), 2019, is_series=True)
OF_FILM = "Dune.2021.1080p.WEB-DL.Vietsub.x264-EVO.mkv"
OF_EPISODE = "Chernobyl.S01E02.1080p.BluRay.x264-SIM.mkv"


@dataclass(frozen=True, slots=True)
class Example:
    """What two files are called in a style."""

    label: str
    film: str
    episode: str


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "settings/quality.html", {"profiles": queries.profiles()})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return edited(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edited(request, get_object_or_404(QualityProfile, pk=pk))


def edited(request: HttpRequest, row: QualityProfile | None) -> HttpResponse:
    form = QualityForm(request.POST if request.method == "POST" else None, row)
    status = 200
    if form.is_bound:
        if form.is_valid() and save(form, row):
            messages.success(request, gettext("Saved."))
            return redirect("settings:quality")
        status = UNPROCESSABLE
    context = {"form": form, "profile": row, "examples": examples()}
    return render(request, "settings/quality_form.html", context, status=status)


def save(form: QualityForm, row: QualityProfile | None) -> bool:
    """False when a rule refuses; the form then says which."""
    try:
        if row is None:
            actions.create(**form.profile_fields())
        else:
            actions.change(row, **form.profile_fields())
    except ValidationError as error:
        form.refuse(error.message_dict)
        return False
    except ProfileRefused as problem:
        form.add_error(None, sentence(problem))
        return False
    return True


@require_POST
def make_default(request: HttpRequest, pk: int) -> HttpResponse:
    actions.make_default(get_object_or_404(QualityProfile, pk=pk))
    messages.success(request, gettext("Saved."))
    return redirect("settings:quality")


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(QualityProfile, pk=pk)
    try:
        actions.remove(row)
        messages.success(request, gettext("“{name}” was deleted.").format(name=row.name))
    except ProfileRefused as problem:
        messages.error(request, sentence(problem))
    return redirect("settings:quality")


def examples() -> list[Example]:
    film, episode = parse(OF_FILM), parse(OF_EPISODE)
    return [
        Example(
            str(label),
            str(next(library_paths(FILM, film, Style(value)))),
            str(next(library_paths(SERIES, episode, Style(value), "Please Remain Calm"))),
        )
        for value, label in Naming.choices
    ]
