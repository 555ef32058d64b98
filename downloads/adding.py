"""The paste box: first what would be added, then adding it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from downloads import intake, labels, overview, tree
from downloads.actions import Added
from downloads.forms import AddForm
from downloads.intake import IntakeRefused, Preview
from downloads.pages import UNPROCESSABLE, show, wants_fragment

LINKS = "text"


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Look behind the pasted links and show what they would add."""
    form = AddForm(request.POST)
    if not form.is_valid():
        return box(request, form)
    try:
        seen = intake.preview(form.cleaned_data["text"])
    except IntakeRefused as problem:
        form.add_error(LINKS, labels.sentence(problem))
        return box(request, form)
    return box(request, form, seen)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Put the links, or the ticked files of a preview (`previewed`), into the queue.

    When that is refused, the box comes back with its text, its preview and its ticks.
    """
    form = AddForm(request.POST if request.method == "POST" else None, initial={"text": request.GET.get("text", "")})
    if not form.is_bound or form.has_error(LINKS):
        return box(request, form)
    ticked = set(request.POST.getlist("file")) if "previewed" in request.POST else None
    seen = None
    try:
        seen = intake.preview(form.cleaned_data["text"])
        if form.is_valid():
            report(request, put(seen, ticked, form.cleaned_data))
            return emptied(request)
    except IntakeRefused as problem:
        form.add_error(LINKS, labels.sentence(problem))
    return box(request, form, None if ticked is None else seen, ticked)


def put(seen: Preview, ticked: set[str] | None, values: dict[str, Any]) -> list[Added]:
    """Add what was ticked, as the form asks for it. Raises IntakeRefused."""
    if ticked is not None and not ticked:
        raise IntakeRefused(_("Choose at least one file."))
    wishes = {name: values[name] for name in ("directory", "password", "priority")}
    return intake.add(seen, ticked, **wishes)


def box(
    request: HttpRequest, form: AddForm, seen: Preview | None = None, ticked: set[str] | None = None
) -> HttpResponse:
    """The paste box with its errors or its preview; `ticked` are the ticks to keep, None stands for all."""
    context: dict[str, object] = {"form": form}
    if seen is not None:
        context |= shown(seen, ticked)
    return show(request, "downloads/add.html", "downloads/_add.html", context, UNPROCESSABLE if form.errors else 200)


def shown(seen: Preview, ticked: set[str] | None) -> dict[str, object]:
    """What the preview shows. Ticks in a folder that cannot be looked into now wait in `kept`."""
    folders = [tree.grow(group, ticked) for group in seen.groups]
    chosen = [leaf.item for folder in folders for leaf in folder if leaf.ticked]
    keys = {leaf.key for folder in folders for leaf in folder}
    kept = sorted((ticked or set()) - keys) if seen.passing_problem else []
    free, size = overview.free_space(), sum(item.entry.size or 0 for item in chosen)
    return {
        "preview": seen,
        "folders": folders,
        "kept": kept,
        "addable": any(folder.addable for folder in folders),
        "count": len(chosen) + len(kept),
        "size": size,
        "free": free,
        "too_big": free is not None and size > free,
    }


def emptied(request: HttpRequest) -> HttpResponse:
    """After adding: an empty box, and the list fetches itself again."""
    if not wants_fragment(request):
        return redirect("downloads:queue")
    response = render(request, "downloads/_added.html", {"form": AddForm()})
    return trigger_client_event(response, "flasharr:done")


def report(request: HttpRequest, added: list[Added]) -> None:
    new = sum(not one.existing for one in added)
    here = len(added) - new
    sentences = []
    if new:
        sentences.append(ngettext("%(count)s download added.", "%(count)s downloads added.", new) % {"count": new})
    if here:
        text = ngettext("%(count)s was here already.", "%(count)s were here already.", here)
        sentences.append(text % {"count": here})
    messages.success(request, " ".join(sentences))
