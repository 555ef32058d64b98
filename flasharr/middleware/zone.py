from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from downloads import clock


class UserZone:
    """Times on pages, in forms and in answers are those of the user's time zone (Settings, Speed)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        clock.follow()
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
