from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from flasharr import doors, rights, standing
from flasharr.keys import Scope


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Can downloads run? 503 with what is wrong when they cannot."""
    if not rights.of(request).may(Scope.READ):
        return doors.error(403, "This key lacks the scope 'read'.", "scope_missing")
    checks = standing.checks()
    ready = all(check["ok"] for check in checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)
