"""The pages of the queue and the history. Every write is one verb of actions.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from downloads import actions, intake, labels, queries, removals, selection
from downloads.forms import AddForm, LimitForm, PasswordForm, in_megabytes
from downloads.models import Batch, Download, Priority
from downloads.pages import UNPROCESSABLE, changed, listed, searched, show
from downloads.preview import IntakeRefused
from downloads.states import FINISHED
from downloads.verbs import VERBS

REMOVED = "removed"


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    view, text = request.GET.get("view", "all"), searched(request.GET)
    context: dict[str, Any] = {"upto": selection.ceiling(), "view": view if view in queries.VIEWS else "all", "q": text}
    context |= {"page": listed(request, queries.queue(view, text)), "form": AddForm()}
    return show(request, "downloads/queue.html", "downloads/_queue.html", context)


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Completed and failed downloads; with `view=removed` what can still be restored."""
    view, text = request.GET.get("view", "all"), searched(request.GET)
    views = (*queries.HISTORY_VIEWS, REMOVED)
    context: dict[str, Any] = {"upto": selection.ceiling(), "view": view if view in views else "all", "q": text}
    rows = removals.lately(text) if view == REMOVED else queries.history(view, text)
    context |= {"page": listed(request, rows), "removed": removals.lately().count()}
    return show(request, "downloads/history.html", "downloads/_history.html", context)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Pause, resume or retry one row."""
    rows = queries.live().filter(pk=pk)
    before = get_object_or_404(rows)
    if not VERBS[verb].act(rows):
        messages.info(request, _("Nothing to do: this download has moved on in the meantime."))
    finished = before.status in FINISHED
    return changed(request, () if finished else rows.select_related(*queries.RELATED), relist=finished)


@require_POST
def bulk(request: HttpRequest, verb: str) -> HttpResponse:
    """Pause, resume or retry the chosen rows."""
    count = VERBS[verb].act(selection.chosen(request.POST, verb))
    report(request, count)
    return changed(request, relist=bool(count), unselect=True)


@require_POST
def prioritise(request: HttpRequest, priority: str) -> HttpResponse:
    """Give the chosen rows a priority, by its name in lower case."""
    report(request, actions.set_priority(selection.chosen(request.POST), Priority[priority.upper()]))
    return changed(request, relist=True, unselect=True)


@require_POST
def act_priority(request: HttpRequest, pk: int, priority: str) -> HttpResponse:
    """Give one row a priority."""
    rows = queries.live().filter(pk=pk)
    get_object_or_404(rows)
    actions.set_priority(rows, Priority[priority.upper()])
    return changed(request, relist=True)


@require_POST
def move(request: HttpRequest, pk: int, where: str) -> HttpResponse:
    """Move a row to the top or the bottom, or one place up or down."""
    if not actions.reorder(get_object_or_404(queries.live(), pk=pk), where):
        messages.info(request, _("It cannot go further in that direction."))
    return changed(request, relist=True)


@require_POST
def revisit(request: HttpRequest, pk: int) -> HttpResponse:
    """Look into the folder of a batch again and add what is new in it."""
    batch = get_object_or_404(Batch.objects.exclude(url=""), pk=pk)
    try:
        added = intake.revisit(batch)
    except IntakeRefused as problem:
        messages.error(request, labels.sentence(problem))
    else:
        text = ngettext("%(count)s new file in %(name)s.", "%(count)s new files in %(name)s.", len(added))
        messages.success(request, text % {"count": len(added), "name": batch.name})
    return changed(request, relist=True)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """Ask what shall happen to the files; with the answer (`file`: keep or delete), remove the chosen rows."""
    asked = request.POST if request.method == "POST" else request.GET
    rows = selection.chosen(asked)
    if request.method != "POST" or "file" not in asked:
        context = {"rows": rows, "asked": asked, "has_files": rows.exclude(path="").exists()}
        return show(request, "downloads/remove.html", "downloads/_remove.html", context)
    moment = timezone.now()
    count = actions.remove(rows, with_file=asked["file"] == "delete", at=moment)
    if count:
        toast = render_to_string("downloads/_undo.html", {"count": count, "moment": moment})
        messages.success(request, mark_safe(toast))  # noqa: S308 - a template of ours
    else:
        report(request, count)
    return changed(request, relist=True, unselect="all" in asked)


@require_POST
def undo(request: HttpRequest, moment: datetime) -> HttpResponse:
    """Bring back what the removal of that moment took away."""
    return restored(request, queries.removed(moment))


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back one removed row."""
    return restored(request, removals.lately().filter(pk=pk))


@require_POST
def restore_many(request: HttpRequest) -> HttpResponse:
    """Bring back the chosen removed rows."""
    return restored(request, selection.removed(request.POST), unselect=True)


def restored(request: HttpRequest, rows: QuerySet[Download], *, unselect: bool = False) -> HttpResponse:
    if back := actions.restore(rows):
        text = ngettext("%(count)s download is back.", "%(count)s downloads are back.", back)
        messages.success(request, text % {"count": back})
    elif unselect:
        report(request, back)
    else:
        messages.error(request, _("It is too late to undo this. Add the links again."))
    return changed(request, relist=True, unselect=unselect)


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the password of a protected link and try again with it."""
    rows = queries.live().filter(pk=pk)
    download = get_object_or_404(rows)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_password(rows, form.cleaned_data["password"])
        finished = download.status in FINISHED
        return changed(request, () if finished else rows, relist=finished)
    context = {"download": download, "form": form}
    status = UNPROCESSABLE if form.errors else 200
    return show(request, "downloads/password.html", "downloads/_password.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask how fast one download may be."""
    rows = queries.live().filter(pk=pk)
    download = get_object_or_404(rows)
    form = LimitForm(request.POST or None, initial={"speed_limit": in_megabytes(download.speed_limit)})
    if request.method == "POST" and form.is_valid():
        actions.set_speed_limit(rows, form.cleaned_data["speed_limit"])
        finished = download.status in FINISHED
        return changed(request, () if finished else rows.select_related(*queries.RELATED), relist=finished)
    context = {"download": download, "form": form}
    status = UNPROCESSABLE if form.errors else 200
    return show(request, "downloads/limit.html", "downloads/_limit.html", context, status)


@require_POST
def ignore_schedule(request: HttpRequest) -> HttpResponse:
    """Go on at full speed until the schedule changes."""
    if not actions.ignore_schedule(timezone.now()):
        messages.info(request, _("The schedule holds nothing back now, or it never changes."))
    return changed(request, relist=True)


@require_POST
def follow_schedule(request: HttpRequest) -> HttpResponse:
    actions.follow_schedule()
    return changed(request, relist=True)


def report(request: HttpRequest, count: int) -> None:
    """Say what a verb did to many rows."""
    if not count:
        messages.info(request, _("Nothing was changed."))
        return
    text = ngettext("%(count)s download changed.", "%(count)s downloads changed.", count)
    messages.success(request, text % {"count": count})
