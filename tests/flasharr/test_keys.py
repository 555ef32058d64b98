from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.utils import timezone

from flasharr import attempts, keys
from flasharr.keys import Scope
from flasharr.models import ApiKey
from tests.flasharr.conftest import Program

pytestmark = pytest.mark.django_db


def test_the_secret_is_not_stored() -> None:
    key, secret = keys.create("Sonarr", [Scope.READ])
    assert secret.startswith("fla_")
    assert len(secret) > 40
    assert secret not in str(ApiKey.objects.values())
    assert secret.startswith(key.prefix)
    assert len(key.prefix) == 10
    assert keys.create("Sonarr", [Scope.READ])[1] != secret


def test_a_key_is_found_by_its_secret_only() -> None:
    key, secret = keys.create("Sonarr", [Scope.READ])
    found = keys.find(secret)
    assert found
    assert found.name == "Sonarr"
    assert found.scopes == {"read"}
    assert found.may(Scope.READ)
    assert not found.may(Scope.ADD)
    for wrong in ("", secret[:-1], secret + "x", secret.upper(), key.digest, key.prefix, "é\0"):
        assert keys.find(wrong) is None


def test_a_revoked_or_expired_key_opens_nothing() -> None:
    key, secret = keys.create("Sonarr", [Scope.ALL])
    keys.revoke(key)
    assert keys.find(secret) is None
    _, expired = keys.create("old", [Scope.ALL], timezone.now() - timedelta(seconds=1))
    assert keys.find(expired) is None
    _, lasting = keys.create("new", [Scope.ALL], timezone.now() + timedelta(minutes=1))
    assert keys.find(lasting)


def test_its_last_use_is_written_once_a_minute() -> None:
    key, secret = keys.create("Sonarr", [Scope.READ])
    keys.find(secret)
    key.refresh_from_db()
    first = key.last_used_at
    assert first
    keys.find(secret)
    key.refresh_from_db()
    assert key.last_used_at == first
    ApiKey.objects.update(last_used_at=first - timedelta(seconds=61))
    keys.find(secret)
    key.refresh_from_db()
    assert key.last_used_at
    assert key.last_used_at >= first


def test_the_key_of_the_environment_may_do_everything(user: User, configure: Callable[..., None]) -> None:
    assert Program("configured key")("GET", "stats")["error"]["code"] == "key_not_valid"
    configure(API_KEY="configured key")
    program = Program("configured key")
    program("GET", "settings")
    assert program.status == 200
    assert not ApiKey.objects.exists()


def test_keys_that_are_not_valid_have_to_wait_and_valid_ones_do_not(user: User, configure: Callable[..., None]) -> None:
    configure(API_KEY="a configured key")
    wrong = Program("fla_wrong")
    for _ in range(60):
        wrong("GET", "stats")
        assert wrong.status == 401
    assert wrong("GET", "stats")["error"]["code"] == "too_many_attempts"
    assert wrong.status == 429
    assert wrong.client.get("/api/v1/stats")["Retry-After"] == "1"
    for right in ("a configured key", keys.create("Sonarr", [Scope.READ])[1]):
        program = Program(right)
        program("GET", "stats")
        assert program.status == 200
    elsewhere = wrong.client.get("/api/v1/stats", REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 401


def test_the_wait_for_keys_stays_small() -> None:
    mark = attempts.of_key(RequestFactory().get("/"))[0]
    assert [mark.wait_after(failures).total_seconds() for failures in (59, 60, 61, 62, 66, 99)] == [0, 1, 2, 4, 60, 60]


def test_an_empty_configured_key_opens_nothing(user: User, configure: Callable[..., None]) -> None:
    configure(API_KEY="")
    program = Program("")
    program("GET", "stats")
    assert program.status == 401


def test_the_page_makes_a_key_and_shows_it_once(visitor: Client) -> None:
    page = visitor.post("/settings/keys/", {"name": "Sonarr", "scopes": ["read", "add"], "lifetime": "30"})
    [secret] = re.findall(r"fla_[\w-]{43}", page.content.decode())
    assert page["Cache-Control"] == "no-store"
    assert secret not in visitor.get("/settings/keys/").content.decode()
    key = ApiKey.objects.get()
    assert key.scopes == ["add", "read"]
    assert key.expires_at
    assert timedelta(days=29) < key.expires_at - timezone.now() <= timedelta(days=30)
    program = Program(secret)
    program("GET", "stats")
    assert program.status == 200
    visitor.post(f"/settings/keys/{key.pk}/revoke/")
    program("GET", "stats")
    assert program.status == 401
    assert "There is no key yet" in visitor.get("/settings/keys/").content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"name": "x"},
        {"name": "", "scopes": ["read"]},
        {"name": "x", "scopes": ["root"]},
        {"name": "x" * 81, "scopes": ["read"]},
    ],
)
def test_a_key_needs_a_name_and_known_scopes(visitor: Client, data: dict[str, object]) -> None:
    assert visitor.post("/settings/keys/", data).status_code == 422
    assert not ApiKey.objects.exists()
