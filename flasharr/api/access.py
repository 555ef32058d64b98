from __future__ import annotations

from django.http import HttpRequest
from ninja.errors import AuthorizationError
from ninja.security import APIKeyHeader
from ninja.utils import check_csrf

from flasharr import doors
from flasharr.keys import Key, Scope


class Needs(APIKeyHeader):
    """What a route asks of whoever calls it: a key with this scope, or a login session and its CSRF token.

    That the key is good, or the session there, was settled by middleware.LoginRequired.
    """

    param_name = doors.KEY_HEADER

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__()

    def authenticate(self, request: HttpRequest, key: str | None) -> Key:
        """Raises AuthorizationError."""
        caller = doors.key_of(request)
        if caller is None:
            if check_csrf(request):
                raise AuthorizationError(message="Send the CSRF token in X-CSRFToken, or use a key.")
            return Key(request.user.get_username(), frozenset([Scope.ALL]))
        if not caller.may(self.scope):
            raise AuthorizationError(message=f"This key lacks the scope '{self.scope}'.")
        return caller
