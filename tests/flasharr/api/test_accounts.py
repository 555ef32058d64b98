from __future__ import annotations

import pytest
from django.conf import settings

from downloads.models import Download
from downloads.states import Status
from flasharr.simulator.simulator import Simulator
from hosts.models import Account
from tests.downloads.conftest import make_download
from tests.flasharr.conftest import Program

GOOD = {"email": "demo@example.com", "password": "demo-password"}


def test_an_account_that_works_is_kept_and_its_password_never_told(fshare: Simulator, program: Program) -> None:
    made = program("POST", "accounts", GOOD)
    assert program.status == 201
    assert (made["email"], made["is_vip"], made["problem"]) == ("demo@example.com", True, None)
    listed = program("GET", "accounts")
    assert listed == {"items": [made], "total": 1}
    assert program("GET", f"accounts/{made['id']}") == made
    assert "demo-password" not in str(listed)
    assert "demo-password" not in str(Account.objects.values())


def test_what_waited_for_an_account_goes_on(fshare: Simulator, program: Program) -> None:
    make_download(Status.WAITING, reason_code="account_missing", reason_cure="account")
    program("POST", "accounts", GOOD)
    assert Download.objects.get().status == "queued"


def test_an_account_that_does_not_work_is_not_kept(fshare: Simulator, program: Program) -> None:
    error = program("POST", "accounts", {**GOOD, "password": "canary-wrong"})["error"]
    assert (program.status, error["code"]) == (400, "login_refused")
    assert "canary-wrong" not in str(error)
    assert not Account.objects.exists()


def test_a_host_that_does_not_answer_is_a_gateway_error(
    fshare: Simulator, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, "FSHARE_API_URL": "http://127.0.0.1:9/api"})
    error = program("POST", "accounts", GOOD)["error"]
    assert (program.status, error["code"]) == (502, "host_down")


def test_a_check_reports_the_standing(fshare: Simulator, program: Program) -> None:
    made = program("POST", "accounts", GOOD)
    fshare.world.accounts["demo@example.com"].password = "changed elsewhere"
    Account.objects.update(sealed_session="")
    checked = program("POST", f"accounts/{made['id']}/check")
    assert program.status == 200
    assert checked["problem"]["code"] == "login_refused"
    assert checked["problem"]["action"] == "account"


def test_an_account_can_be_removed(fshare: Simulator, program: Program) -> None:
    made = program("POST", "accounts", GOOD)
    program("DELETE", f"accounts/{made['id']}")
    assert program.status == 204
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": "a@b.c"}, "password"),
        ({**GOOD, "host": "mega"}, "host"),
        ({**GOOD, "is_vip": True}, "is_vip"),
    ],
)
def test_a_wrong_account_is_refused_by_name(program: Program, body: object, field: str) -> None:
    error = program("POST", "accounts", body)["error"]
    assert program.status == 400
    assert field in error["fields"]
