from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from downloads.pages import came_from, wants_fragment
from flasharr import notices


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The badge and, for a page that shows them, the notices; whoever comes without a script is led to the queue."""
    return fragments(request) if wants_fragment(request) else redirect("downloads:queue")


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    if not notices.dismiss(request.user, request.POST.get("key", "")):
        messages.info(request, gettext("This notice is gone already."))
    return fragments(request) if wants_fragment(request) else redirect(came_from(request))


def fragments(request: HttpRequest) -> HttpResponse:
    path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    context = {"shown": notices.shown_to(request.user), "is_shown_here": path == reverse("downloads:queue")}
    return render(request, "notices/_changes.html", context)
