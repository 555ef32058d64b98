from __future__ import annotations

from django.http import HttpRequest
from ninja.errors import AuthorizationError
from ninja.security import APIKeyHeader
from ninja.utils import check_csrf

from flasharr import doors, rights
from flasharr.keys import Key, Scope


class Needs(APIKeyHeader):
    """What a route asks of whoever calls it: a key with this scope, or the login session, with its
    CSRF token, of a user who may do as much.

    That the key is good, or the session there, was settled by middleware.LoginRequired.
    """

    param_name = doors.KEY_HEADER

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        super().__init__()

    def authenticate(self, request: HttpRequest, key: str | None) -> Key:
        """Raises AuthorizationError."""
        by_key = doors.key_of(request) is not None
        if not by_key and check_csrf(request):
            raise AuthorizationError(message="Send the CSRF token in X-CSRFToken, or use a key.")
        caller = rights.of(request)
        if not caller.may(self.scope):
            lacks = f"This key lacks the scope '{self.scope}'." if by_key else "Only an administrator may do this."
            raise AuthorizationError(message=lacks)
        return caller
