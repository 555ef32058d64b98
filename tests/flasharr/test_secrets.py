"""Secrets planted on purpose must not come out anywhere: not in pages, REST, errors, the log or the database."""

from __future__ import annotations

import logging

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from flasharr.simulator.simulator import Simulator
from tests.flasharr.conftest import Program

CANARY = "canary-secret"
PAGES = (
    "/settings/",
    "/settings/accounts/",
    "/settings/keys/",
    "/setup/account/",
    "/admin/hosts/account/",
    "/health/ready",
)
RESOURCES = ("downloads", "batches", "accounts", "stats", "settings", "openapi.json")


def test_no_secret_comes_out(
    fshare: Simulator,
    visitor: Client,
    program: Program,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    fshare.add_account("c@example.com", CANARY)
    config = {**settings.HOST_CONFIG, "FSHARE_EMAIL": "c@example.com", "FSHARE_PASSWORD": CANARY}
    monkeypatch.setattr(settings, "HOST_CONFIG", config)
    said = [program("POST", "accounts", {"email": "c@example.com", "password": CANARY})]
    said.append(program("POST", "accounts", {"email": "c@example.com", "password": CANARY + "-wrong"}))
    said.append(program("POST", "accounts", {"email": "c@example.com", "password": CANARY, "x": CANARY[:3]}))
    said.append(program("POST", "downloads", {"url": "https://www.fshare.vn/file/DEMOSECRET01", "password": CANARY}))
    said.append(program("POST", "downloads", {"url": "nonsense", "password": CANARY}))
    said += [program("GET", resource) for resource in RESOURCES]
    assert CANARY not in str(said)
    form = {"host": "fshare", "email": "c@example.com", "password": CANARY + "-wrong"}
    assert CANARY not in visitor.post("/settings/accounts/", form).content.decode()
    assert CANARY not in Client().post("/login/", {"username": "anna", "password": CANARY}).content.decode()
    for page in PAGES:
        content = visitor.get(page).content.decode()
        assert CANARY not in content
        assert settings.SECRET_KEY not in content
    assert CANARY not in caplog.text
    assert CANARY not in everything_stored()


def everything_stored() -> str:
    return "".join(str(list(model.objects.values())) for model in apps.get_models() if hasattr(model, "objects"))
