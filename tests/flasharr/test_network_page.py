from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.test import Client

from downloads.states import Status
from flasharr.simulator.simulator import Simulator
from hosts import network
from hosts.models import Network
from hosts.proxy import LOST, Proxy
from tests.downloads.conftest import make_download
from tests.flasharr.conftest import Program
from tests.hosts import proxies

PAGE = "/settings/network/"
SENT = {"proxy": "socks5h://10.0.0.9:1080", "username": "anna", "password": "s3cret"}
KEPT = Proxy("socks5h", "10.0.0.9", 1080, "anna", "s3cret")


@pytest.fixture(autouse=True)
def quiet(no_workers: list[str]) -> None:
    """Nothing is started by a change."""


def test_it_is_kept_sealed_and_never_shown(visitor: Client) -> None:
    assert visitor.post(PAGE, SENT)["Location"] == PAGE
    assert network.proxy() == KEPT
    assert "s3cret" not in Network.current().sealed_proxy
    page = visitor.get(PAGE).content.decode()
    assert 'value="socks5h://10.0.0.9:1080"' in page
    assert 'value="anna"' in page
    assert "s3cret" not in page


def test_the_saved_password_stays_with_its_proxy(visitor: Client) -> None:
    visitor.post(PAGE, SENT)
    visitor.post(PAGE, {**SENT, "password": ""})
    assert network.proxy() == KEPT
    visitor.post(PAGE, {**SENT, "proxy": "socks5h://elsewhere:1080", "password": ""})
    assert network.proxy() == Proxy("socks5h", "elsewhere", 1080, "anna", "")
    visitor.post(PAGE, {"proxy": "http://bob:pw@p:3128", "username": "", "password": ""})
    assert network.proxy() == Proxy("http", "p", 3128, "bob", "pw")
    visitor.post(PAGE, {"proxy": ""})
    assert network.proxy() is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"proxy": "10.0.0.9"},
        {"proxy": "https://p:1"},
        {"proxy": "http://p:1\0"},
        {"proxy": "x" * 5000},
        {"proxy": "<script>"},
        {"username": "a:b"},
        {"username": "ö" * 200},
        {"username": "", "password": "alone"},
        {"password": "x" * 300},
    ],
)
def test_what_is_no_proxy_changes_nothing(visitor: Client, wrong: dict[str, str]) -> None:
    answer = visitor.post(PAGE, {**SENT, **wrong})
    assert answer.status_code == 422
    assert 'class="errors"' in answer.content.decode()
    assert "s3cret" not in answer.content.decode()
    assert network.proxy() is None


def test_with_another_secret_key_nothing_goes_past_it(visitor: Client) -> None:
    visitor.post(PAGE, SENT)
    Network.objects.update(sealed_proxy="broken")
    assert network.proxy() == LOST
    assert "cannot be read" in visitor.get(PAGE).content.decode()
    assert "cannot be read" in visitor.post(f"{PAGE}check/", follow=True).content.decode()


def test_the_test_says_what_happened(
    visitor: Client, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    config = {**settings.HOST_CONFIG, "FSHARE_API_URL": simulator.environment()["FSHARE_API_URL"]}
    monkeypatch.setattr(settings, "HOST_CONFIG", config)
    with proxies.running("socks5h", "anna", "s3cret") as real:
        visitor.post(PAGE, {**SENT, "proxy": real.proxy.address})
        assert "The proxy works: 127.0.0.1" in visitor.post(f"{PAGE}check/", follow=True).content.decode()
        visitor.post(PAGE, {**SENT, "proxy": real.proxy.address, "password": "wr0ng"})
        assert "refuses its user name or password" in visitor.post(f"{PAGE}check/", follow=True).content.decode()
        real.username, real.names["127.0.0.1"] = "", "127.0.0.9"
        assert "cannot be reached through it" in visitor.post(f"{PAGE}check/", follow=True).content.decode()
    assert "cannot be used: connection refused" in visitor.post(f"{PAGE}check/", follow=True).content.decode()
    assert "s3cret" not in caplog.text
    assert "wr0ng" not in caplog.text


def test_rows_that_waited_for_it_are_tried_again(visitor: Client) -> None:
    row = make_download(Status.WAITING, reason_code="proxy_login_refused", reason_cure="proxy")
    assert f'href="{PAGE}"' in visitor.get("/").content.decode()
    visitor.post(PAGE, {"proxy": ""})
    row.refresh_from_db()
    assert row.status == Status.QUEUED


def test_programs_set_it_and_do_not_see_the_password(program: Program) -> None:
    changed = program("PATCH", "settings", {"proxy": "http://anna:s3cret@p:3128"})
    assert (changed["proxy"], changed["proxy_signs_in"]) == ("http://p:3128", True)
    assert "s3cret" not in str(program("GET", "settings"))
    refused = program("PATCH", "settings", {"proxy": "nonsense://s3cret", "max_active": 9})
    assert (program.status, list(refused["error"]["fields"])) == (400, ["proxy"])
    assert "s3cret" not in str(refused)
    assert program("GET", "settings")["max_active"] == 3
    assert program("PATCH", "settings", {"proxy": ""})["proxy"] == ""
