"""What every machine door shares: which paths they are, who came in, and the shape of an error."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse

from flasharr.keys import Key

MACHINE_PATHS = ("/api/", "/health/")
KEY_HEADER = "X-Api-Key"


def is_machine(request: HttpRequest) -> bool:
    """Does a program ask here, so that answers are JSON and a key may stand for a login?"""
    return f"{request.path_info}/".startswith(MACHINE_PATHS)


def key_of(request: HttpRequest) -> Key | None:
    """The key that opened this door; None when a login session did."""
    return getattr(request, "key", None)


def error(status: int, message: str, code: str = "", fields: Mapping[str, str] | None = None) -> JsonResponse:
    """{"error": {"code", "message", "fields"?}}; without a code it is named after the status."""
    body: dict[str, object] = {"code": code or HTTPStatus(status).name.lower(), "message": message}
    if fields:
        body["fields"] = dict(fields)
    return JsonResponse({"error": body}, status=status)
