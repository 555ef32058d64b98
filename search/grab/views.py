"""Why a download's file was chosen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from downloads import queries
from search.grab.models import Chosen
from search.releases import Code, Contribution, Reason


@require_safe
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk` is the download's."""
    row: Chosen = get_object_or_404(queries.live().select_related("chosen"), pk=pk, chosen__isnull=False).chosen
    known = list(Code)
    context = {
        "row": row,
        "reasons": [Reason(Code(code), wanted, found) for code, wanted, found in row.reasons if code in known],
        "points": [Contribution(*one) for one in row.contributions],
    }
    return render(request, "grab/why.html", context)
