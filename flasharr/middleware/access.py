"""Nobody gets in by default: before the first user exists, and for everybody who has not signed in."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from flasharr import attempts, doors, keys, rights

log = logging.getLogger(__name__)

OPEN_BEFORE_SETUP = "/setup/"


class SetupRequired:
    """Until somebody has gone through the setup there is nothing to sign in to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == OPEN_BEFORE_SETUP or request.user.is_authenticated or key_given(request):
            return self.get_response(request)
        if get_user_model().objects.exists():
            return self.get_response(request)
        if doors.is_machine(request):
            return doors.error(503, "Flasharr is not set up yet. Open it in a browser first.", "setup_required")
        return away(request, reverse("setup"))


class LoginRequired(LoginRequiredMiddleware):
    """Every view needs a login; machine doors take a key instead. Views marked login_not_required are public.

    Some pages need more than that: see rights.py.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        if doors.is_machine(request) and (secret := request.headers.get(doors.KEY_HEADER)) is not None:
            key = keys.find(secret)
            request.key = key  # type: ignore[attr-defined]
            return None if key else wrong_key(request)
        if request.user.is_authenticated:
            rights.require_page(request)
            return None
        if doors.is_machine(request):
            return doors.error(401, f"Sign in, or send a key in {doors.KEY_HEADER}.", "login_required")
        if request.headers.get("HX-Request"):
            return away(request, redirect_to_login(page_of(request), resolve_url("login")).url)
        return super().process_view(request, view_func, view_args, view_kwargs)


def key_given(request: HttpRequest) -> bool:
    """Is there a key at a machine door? Whether it is a good one is for LoginRequired to say."""
    return doors.is_machine(request) and doors.KEY_HEADER in request.headers


def wrong_key(request: HttpRequest) -> HttpResponse:
    """Told off, and told to wait when it comes again and again. A right key from the same address still opens."""
    wait = attempts.begin(attempts.of_key(request))
    if not wait:
        log.warning("A key that is not valid came from %s.", request.META.get("REMOTE_ADDR"))
        return doors.error(401, "This key is not valid (any more).", "key_not_valid")
    seconds = math.ceil(wait.total_seconds())
    answer = doors.error(429, f"Too many keys that are not valid. Try again in {seconds} seconds.", "too_many_attempts")
    answer["Retry-After"] = str(seconds)
    return answer


def away(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser elsewhere; htmx would follow a redirect and swap the page into the middle of another."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    return redirect(url)


def page_of(request: HttpRequest) -> str:
    """The page that an htmx request came from, when it is one of ours."""
    current = request.headers.get("HX-Current-URL", "")
    if not url_has_allowed_host_and_scheme(current, {request.get_host()}):
        return resolve_url("downloads:queue")
    parts = urlsplit(current)
    return parts.path + (f"?{parts.query}" if parts.query else "")
