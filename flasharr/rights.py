"""Who may do what: the one place where users and keys become scopes."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext

from flasharr import doors
from flasharr.keys import Key, Scope

ORDINARY = frozenset([Scope.READ, Scope.ADD, Scope.CONTROL])
FOR_ADMINISTRATORS = ("settings:", "setup_")
FOR_ALL = ("settings:password",)


def of(request: HttpRequest) -> Key:
    """What the caller may do: with a key what that says, as a superuser everything, else all about downloads."""
    if key := doors.key_of(request):
        return key
    return Key(request.user.get_username(), frozenset([Scope.ALL]) if request.user.is_superuser else ORDINARY)


def require_page(request: HttpRequest) -> None:
    """Pages that reach beyond downloads are for those who may change the settings. Raises PermissionDenied."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name.startswith(FOR_ADMINISTRATORS) and name not in FOR_ALL and not of(request).may(Scope.SETTINGS):
        raise PermissionDenied(gettext("Only an administrator may open this page."))
