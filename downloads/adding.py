"""The paste box: first what would be added, then adding it."""

from __future__ import annotations

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
    """Put the links, or the ticked files of a preview (`previewed`), into the queue."""
    form = AddForm(request.POST if request.method == "POST" else None, initial={"text": request.GET.get("text", "")})
    if not form.is_valid():
        return box(request, form)
    values = {name: form.cleaned_data[name] for name in ("directory", "password", "priority")}
    ticked = request.POST.getlist("file") if "previewed" in request.POST else None
    try:
        if ticked == []:
            raise IntakeRefused(_("Choose at least one file."))
        added = intake.add(form.cleaned_data["text"], ticked, **values)
    except IntakeRefused as problem:
        form.add_error(LINKS, labels.sentence(problem))
        return box(request, form)
    report(request, added)
    return emptied(request)


def box(request: HttpRequest, form: AddForm, seen: Preview | None = None) -> HttpResponse:
    """The paste box with its errors or its preview."""
    context: dict[str, object] = {"form": form}
    if seen is not None:
        free = overview.free_space()
        context |= {
            "preview": seen,
            "folders": [tree.grow(group) for group in seen.groups],
            "count": sum(item.addable for item in seen.items),
            "free": free,
            "too_big": free is not None and seen.size > free,
        }
    return show(request, "downloads/add.html", "downloads/_add.html", context, UNPROCESSABLE if form.errors else 200)


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
