"""Nobody gets in by default: a walk over every address there is, without credentials."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = {"login/", "setup/", "admin/login/"}
EXAMPLES = {
    "int": "1",
    "str": "x",
    "path": "x",
    "slug": "x",
    "verb": "pause",
    "where": "top",
    "priority": "high",
    "medium": "movie",
    "tmdb": "1",
    "moment": str(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())),
}


def addresses() -> list[str]:
    return sorted(set(walk(get_resolver(), "")))


def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + filled(pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, route)
        else:
            yield route


def filled(pattern: URLPattern | URLResolver) -> str:
    """The route with an example in each of its holes; admin's catch-all is a regular expression."""
    text = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        kind = text.split(f":{name}>")[0].rsplit("<", 1)[1] if f":{name}>" in text else "str"
        text = text.replace(f"<{kind}:{name}>", EXAMPLES[kind]).replace(f"<{name}>", EXAMPLES["str"])
        assert converter
    return "nothing-here" if text.startswith("(?P<url>") else text.strip("^$")


def test_the_walk_finds_pages_admin_and_rest() -> None:
    found = addresses()
    assert {"", "settings/keys/", "health/ready", "api/v1/downloads", "api/v1/openapi.json"} <= set(found)
    assert any(address.startswith("admin/downloads/download/") for address in found)
    assert len(found) > 60


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_every_address_refuses_strangers(user: User, method: str) -> None:
    for address in addresses():
        if address in PUBLIC:
            continue
        response = Client().generic(method, "/" + address)
        sent_to_login = response.status_code == 302 and "/login/?next=" in response["Location"]
        assert sent_to_login or response.status_code in (401, 403), f"{method} {address}: {response.status_code}"


def test_the_public_ones_are_open(user: User) -> None:
    answers = {address: Client().get("/" + address).status_code for address in PUBLIC}
    assert answers == {"login/": 200, "setup/": 302, "admin/login/": 302}


def test_programs_are_refused_in_json(user: User) -> None:
    for address in addresses():
        if address.startswith("api/") or address == "health/ready":
            answer = Client().get("/" + address)
            assert answer.json()["error"]["code"] == "login_required"
            wrong = Client(headers={"X-Api-Key": "fla_wrong"}).get("/" + address)
            assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "key_not_valid")


def test_a_key_opens_no_page(user: User, configure: object) -> None:
    from flasharr import keys

    secret = keys.create("all", [keys.Scope.ALL])[1]
    for address in ("", "settings/keys/", "admin/"):
        assert Client(headers={"X-Api-Key": secret}).get("/" + address).status_code == 302


def test_htmx_is_told_to_leave_for_the_login_page(user: User) -> None:
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/history/?page=2"}
    answer = Client(headers=here).get("/settings/")
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/login/?next=/history/%3Fpage%3D2"
    elsewhere = Client(headers={**here, "HX-Current-URL": "https://evil.example/x"}).get("/settings/")
    assert elsewhere["HX-Redirect"] == "/login/?next=/"


@pytest.mark.django_db
def test_before_the_first_user_everything_leads_to_the_setup() -> None:
    for address in addresses():
        if address == "setup/":
            continue
        answer = Client().get("/" + address)
        if address.startswith(("api/", "health/")):
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "setup_required")
        else:
            assert (answer.status_code, answer["Location"]) == (302, "/setup/"), address
