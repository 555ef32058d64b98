from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from downloads.models import EngineLease, Preferences
from flasharr import keys, standing
from flasharr.keys import Scope
from hosts.models import Account
from tests.downloads.conftest import make_download


def test_live_is_public_and_says_nothing_else() -> None:
    """It asks no database: this test may not use one."""
    assert Client().get("/health/live").content == b"ok"
    assert Client().head("/health/live").status_code == 200
    assert Client().post("/health/live").status_code == 405


@pytest.mark.parametrize("host", ["172.17.0.2:8484", "flasharr", "anything.example"])
def test_live_answers_under_any_name(settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["films.example"]
    assert Client().get("/health/live", headers={"Host": host}).status_code == 200
    assert Client().get("/login/", headers={"Host": host}).status_code == 400


def test_the_machine_itself_is_always_allowed() -> None:
    command = "from django.conf import settings; print(settings.ALLOWED_HOSTS)"
    environment = {**os.environ, "FLASHARR_ALLOWED_HOSTS": "films.example", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    shown = subprocess.run([sys.executable, "-c", command], env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "['films.example', 'localhost', '127.0.0.1', '[::1]']"


def test_ready_needs_a_login_or_a_key_that_may_read(user: User) -> None:
    assert Client().get("/health/ready").status_code == 401
    for scope, status in ((Scope.READ, 200), (Scope.ADD, 403), (Scope.ALL, 200)):
        secret = keys.create("probe", [scope])[1]
        assert Client(headers={"X-Api-Key": secret}).get("/health/ready").status_code == status


def test_ready_says_what_is_well(visitor: Client) -> None:
    answer = visitor.get("/health/ready").json()
    assert answer["ready"]
    assert set(answer["checks"]) == {"database", "download_folder", "engine", "accounts"}


def test_it_is_not_ready_when_the_folder_cannot_be_written(visitor: Client, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Preferences.objects.create(pk=1, download_dir=str(tmp_path / "file" / "folder"))
    answer = visitor.get("/health/ready")
    assert answer.status_code == 503
    assert "cannot be written" in answer.json()["checks"]["download_folder"]["message"]


def test_it_is_not_ready_when_work_waits_for_a_worker(visitor: Client) -> None:
    make_download()
    answer = visitor.get("/health/ready")
    assert answer.status_code == 503
    assert "manage.py worker" in answer.json()["checks"]["engine"]["message"]


@pytest.mark.django_db
def test_an_engine_that_was_asked_for_a_moment_ago_is_not_missed() -> None:
    make_download()
    now = timezone.now()
    EngineLease.objects.update_or_create(pk=1, defaults={"requested_at": now - timedelta(seconds=5)})
    assert standing.engine_alive(now)
    assert not standing.engine_alive(now + timedelta(seconds=15))


def test_it_is_not_ready_when_the_account_cannot_be_used(visitor: Client) -> None:
    Account.objects.create(
        host="fshare", email="a@example.com", standing="account_locked", standing_params={"host": "Fshare"}
    )
    answer = visitor.get("/health/ready")
    assert answer.status_code == 503
    assert "locked" in answer.json()["checks"]["accounts"]["message"]


def test_the_room_of_a_folder_that_does_not_exist_yet_is_that_of_its_parent(tmp_path: Path) -> None:
    assert standing.space(tmp_path / "a" / "b")["free"] == standing.space(tmp_path)["free"]
    assert standing.space(tmp_path / "a" / "b")["path"] == str(tmp_path / "a" / "b")


def test_the_shell_of_a_page_knows_its_place(visitor: Client, configure: Callable[..., None]) -> None:
    configure(DEMO=True)
    context = visitor.get("/settings/keys/").context
    assert context["demo"]
    assert context["version"].count(".") == 2
    assert [item.label for item in context["nav"]() if item.is_current] == ["Settings"]
