"""Which key opens which route: a table that every route must be in."""

from __future__ import annotations

import pytest

from flasharr.api.root import api
from flasharr.keys import Scope
from tests.flasharr.conftest import Program, with_scopes

NEEDED = {
    Scope.READ: [
        "GET /downloads",
        "GET /downloads/{pk}",
        "GET /batches",
        "GET /batches/{pk}",
        "GET /stats",
        "GET /folders",
        "GET /folders/files",
        "GET /folders/{pk}",
        "GET /search",
        "GET /titles/{medium}/{tmdb_id}",
        "GET /titles/{medium}/{tmdb_id}/files",
        "GET /watchlist",
        "GET /watchlist/calendar",
        "GET /watchlist/{pk}",
    ],
    Scope.ADD: ["POST /downloads", "POST /batches/{pk}/revisit", "POST /folders", "POST /grab", "POST /watchlist"],
    Scope.CONTROL: [
        "PATCH /downloads/{pk}",
        "DELETE /downloads/{pk}",
        *(f"POST /downloads/{{pk}}/{verb}" for verb in ("pause", "resume", "retry", "restore")),
        *(f"POST /downloads/{verb}" for verb in ("pause", "resume", "retry", "remove")),
        *(f"POST /batches/{{pk}}/{verb}" for verb in ("pause", "resume", "retry")),
        "DELETE /batches/{pk}",
        *(f"{method} /{place}/{{pk}}" for method in ("PATCH", "DELETE") for place in ("folders", "watchlist")),
        "POST /folders/{pk}/refresh",
        "POST /watchlist/{pk}/again",
        "POST /watchlist/{pk}/check",
    ],
    Scope.ACCOUNTS: [
        "GET /accounts",
        "POST /accounts",
        "GET /accounts/notices",
        "GET /accounts/{pk}",
        "PATCH /accounts/{pk}",
        "GET /accounts/{pk}/traffic",
        "DELETE /accounts/{pk}",
        "POST /accounts/{pk}/check",
    ],
    Scope.SETTINGS: [
        "GET /settings",
        "PATCH /settings",
        *(f"POST /settings/schedule/{verb}" for verb in ("ignore", "follow")),
        *(f"{method} /settings/profiles" for method in ("GET", "POST")),
        *(f"{method} /settings/profiles/{{pk}}" for method in ("GET", "PATCH", "DELETE")),
    ],
}
ROUTES = [(scope, route) for scope, routes in NEEDED.items() for route in routes]


def test_the_table_names_every_route() -> None:
    paths = api.get_openapi_schema()["paths"]
    known = {f"{method.upper()} {path.removeprefix('/api/v1')}" for path in paths for method in paths[path]}
    assert known == {route for _, route in ROUTES}


@pytest.mark.parametrize(("needed", "route"), ROUTES, ids=lambda value: str(value))
@pytest.mark.django_db
def test_a_route_opens_for_its_scope_alone(needed: Scope, route: str, user: object) -> None:
    for scope in Scope:
        program = with_scopes(scope)
        call(program, route)
        refused = program.status == 403
        assert refused == (scope not in (needed, Scope.ALL)), f"{scope} {route}: {program.status}"


@pytest.mark.django_db
def test_a_refused_key_learns_which_scope_it_lacks(user: object) -> None:
    program = with_scopes(Scope.READ, Scope.ADD)
    answer = program("DELETE", "downloads/1")
    assert answer["error"] == {"code": "scope_missing", "message": "This key lacks the scope 'control'."}


def call(program: Program, route: str) -> None:
    """With nothing in the body: what is refused for that was let in before."""
    method, path = route.split(" /")
    program(method, path.replace("{pk}", "999").replace("{medium}/{tmdb_id}", "movie/1"), "" if method == "GET" else {})
