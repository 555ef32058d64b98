"""Parts that no download owns: shown, and deleted when the user says so twice."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from downloads import orphans

MOST_SHOWN = 500


@require_safe
def leftovers(request: HttpRequest) -> HttpResponse:
    lost = orphans.found()
    return render(request, "settings/leftovers.html", context_of(lost) | {"shown": lost[:MOST_SHOWN]})


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Ask whether the chosen ones shall go (`part`, or `all`); with POST they go."""
    asked = request.POST if request.method == "POST" else request.GET
    wanted = set(asked.getlist("part"))
    chosen = [orphan for orphan in orphans.found() if "all" in asked or orphan.part_id in wanted]
    if request.method != "POST":
        return render(request, "settings/leftovers_delete.html", context_of(chosen) | {"all": "all" in asked})
    count, _ = orphans.delete({orphan.part_id for orphan in chosen})
    if count:
        text = ngettext("%(count)s leftover deleted.", "%(count)s leftovers deleted.", count)
        messages.success(request, text % {"count": count})
    if count < len(chosen) or not chosen:
        messages.info(request, gettext("What a download uses again, or cannot be deleted now, is still there."))
    return redirect("settings:leftovers")


def context_of(chosen: list[orphans.Orphan]) -> dict[str, object]:
    return {"orphans": chosen, "size": sum(orphan.size for orphan in chosen)}
