from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from flasharr.simulator import Simulator
from hosts.models import Account

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL, PASSWORD = "demo@example.com", "demo-password"


@pytest.fixture(autouse=True)
def fshare(simulator: Simulator, settings: Any, tmp_path: Any) -> Simulator:
    settings.HOST_CONFIG = simulator.environment()
    settings.FLASHARR = {**settings.FLASHARR, "DATA_DIR": tmp_path}
    return simulator


def run(monkeypatch: pytest.MonkeyPatch, *args: str, typed: str = "") -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    out = io.StringIO()
    call_command("account", *args, stdout=out)
    return out.getvalue()


def test_an_account_is_added_listed_checked_and_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    added = json.loads(run(monkeypatch, "add", EMAIL, "--password-stdin", "--json", typed=PASSWORD + "\n"))
    assert added["items"][0]["is_vip"]
    number = str(added["items"][0]["id"])
    assert EMAIL in run(monkeypatch, "list")
    assert "good" in run(monkeypatch, "check")
    listed = run(monkeypatch, "list", "--json")
    assert json.loads(listed)["total"] == 1
    assert PASSWORD not in listed + json.dumps(added)
    run(monkeypatch, "remove", number)
    assert Account.objects.count() == 0


def test_the_password_can_be_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: PASSWORD)
    assert EMAIL in run(monkeypatch, "add", EMAIL)


def test_a_wrong_password_is_a_failure_and_nothing_is_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match=r"refused the e-mail.*Nothing was saved"):
        run(monkeypatch, "add", EMAIL, "--password-stdin", typed="wrong\n")
    assert Account.objects.count() == 0


def test_a_check_fails_when_one_account_does(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "add", EMAIL, "--password-stdin", typed=PASSWORD)
    simulator.world.accounts[EMAIL].login_error = "424"
    simulator.state.sessions.end_all()
    with pytest.raises(CommandError, match="locked"):
        run(monkeypatch, "check")


@pytest.mark.parametrize("verb", ["check", "remove"])
def test_an_unknown_account_is_a_failure(monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    with pytest.raises(CommandError, match="no account 7"):
        run(monkeypatch, verb, "7")
