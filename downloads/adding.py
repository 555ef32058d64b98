"""The paste box: first what would be added, then adding it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from downloads import intake, labels, overview, tree
from downloads.actions import Added
from downloads.forms import AddForm
from downloads.listings import Glance
from downloads.pages import UNPROCESSABLE, show, wants_fragment
from downloads.preview import IntakeRefused, Preview

LINKS = "text"


@dataclass(frozen=True, slots=True)
class Ticks:
    """What is ticked in a preview: files, and folders that were not looked into, by their keys."""

    files: frozenset[str]
    folders: frozenset[str]

    @classmethod
    def of(cls, form: QueryDict) -> Ticks | None:
        """None for a form that shows no preview yet: then everything is wanted."""
        if "previewed" not in form:
            return None
        return cls(frozenset(form.getlist("file")), frozenset(form.getlist("folder")))

    def all(self, seen: Preview) -> set[str]:
        """With what lies in the ticked folders that have been looked into since."""
        return {*self.files, *self.folders, *(key for group in seen.groups for key in group.whole)}


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Look behind the pasted links and show what they would add.

    With `open`, the key of a folder, the preview that was shown comes again with this folder looked into.
    """
    form = AddForm(request.POST)
    if not form.is_valid():
        return box(request, form)
    opened, ticks = request.POST.getlist("open"), Ticks.of(request.POST) if "open" in request.POST else None
    glance = Glance(ticked=ticks.folders if ticks else (), opened=opened)
    try:
        seen = intake.preview(form.cleaned_data["text"], glance, fresh=not opened)
    except IntakeRefused as problem:
        form.add_error(LINKS, labels.sentence(problem))
        return box(request, form)
    return box(request, form, seen, ticks)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Put the links, or what is ticked in a preview (`previewed`), into the queue.

    When that is refused, the box comes back with its text, its preview and its ticks.
    """
    form = AddForm(request.POST if request.method == "POST" else None, initial={"text": request.GET.get("text", "")})
    if not form.is_bound or form.has_error(LINKS):
        return box(request, form)
    ticks, seen = Ticks.of(request.POST), None
    glance = Glance(ticked=ticks.folders, deep=form.is_valid()) if ticks else None
    try:
        seen = intake.preview(form.cleaned_data["text"], glance, fresh=False)
        if form.is_valid():
            report(request, put(seen, ticks, form.cleaned_data))
            return emptied(request)
    except IntakeRefused as problem:
        form.add_error(LINKS, labels.sentence(problem))
    return box(request, form, seen if ticks else None, ticks)


def put(seen: Preview, ticks: Ticks | None, values: dict[str, Any]) -> list[Added]:
    """Add what was ticked, as the form asks for it. Raises IntakeRefused."""
    if ticks is not None and not ticks.files and not ticks.folders:
        raise IntakeRefused(_("Choose at least one file."))
    wishes = {name: values[name] for name in ("directory", "password", "priority")}
    return intake.add(seen, None if ticks is None else ticks.all(seen) - ticks.folders, **wishes)


def box(request: HttpRequest, form: AddForm, seen: Preview | None = None, ticks: Ticks | None = None) -> HttpResponse:
    """The paste box with its errors or its preview; `ticks` are those to keep, None stands for all."""
    context: dict[str, object] = {"form": form}
    if seen is not None:
        context |= shown(seen, ticks)
    return show(request, "downloads/add.html", "downloads/_add.html", context, UNPROCESSABLE if form.errors else 200)


def shown(seen: Preview, ticks: Ticks | None) -> dict[str, object]:
    """What the preview shows. Ticks in a folder that cannot be looked into now wait in `kept`."""
    folders = [tree.grow(group, None if ticks is None else ticks.all(seen)) for group in seen.groups]
    chosen = [leaf.item for folder in folders for leaf in folder if leaf.ticked]
    keys = {leaf.key for folder in folders for leaf in folder}
    kept = sorted(ticks.files - keys) if ticks and seen.passing_problem else []
    free, size = overview.free_space(), sum(item.entry.size or 0 for item in chosen)
    return {
        "preview": seen,
        "folders": folders,
        "kept": kept,
        "addable": any(folder.addable for folder in folders),
        "count": len(chosen) + len(kept),
        "unopened": sum(len(folder.closed) for folder in folders),
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
    new = sum(one.is_new for one in added)
    here = len(added) - new
    sentences = []
    if new:
        sentences.append(ngettext("%(count)s download added.", "%(count)s downloads added.", new) % {"count": new})
    if here:
        text = ngettext("%(count)s was here already.", "%(count)s were here already.", here)
        sentences.append(text % {"count": here})
    messages.success(request, " ".join(sentences))
