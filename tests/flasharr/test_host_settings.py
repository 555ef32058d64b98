from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from downloads.engine.errors import ServerBusy
from downloads.models import Download
from downloads.states import Status
from hosts import allowance
from hosts.breaker import Standing
from hosts.cooldowns import store
from hosts.models import CoolDown, HostLimit
from tests.downloads.conftest import make_download


def test_the_numbers_are_saved_and_forgotten(visitor: Client) -> None:
    assert "Empty for the usual number: 3." in visitor.get("/settings/network/").content.decode()
    visitor.post("/settings/network/connections/", {"fshare": "2", "direct": "8"})
    assert allowance.connections().items() >= {"fshare": 2, "direct": 8}.items()
    visitor.post("/settings/network/connections/", {"fshare": "", "direct": "8"})
    assert allowance.connections().items() >= {"fshare": 3, "direct": 8}.items()


@pytest.mark.parametrize("value", ["0", "-1", "17", "99999999999999999999", "x", "\0", "<b>", "1.5"])
def test_nonsense_changes_nothing(visitor: Client, value: str) -> None:
    page = visitor.post("/settings/network/connections/", {"fshare": value}, follow=True).content.decode()
    assert not HostLimit.objects.exists()
    assert "Saved." not in page


def test_a_server_that_is_left_alone_can_be_asked_again(visitor: Client) -> None:
    problem = ServerBusy(server="cdn.example", status=503)
    store("cdn.example", Standing(1, 3600.0, problem))
    until = timezone.now() + timedelta(hours=1)
    row = make_download(Status.WAITING, server="cdn.example", reason_code="server_busy", reason_until=until)
    other = make_download(Status.WAITING, server="other.example", reason_code="server_busy", reason_until=until)
    page = visitor.get("/settings/network/").content.decode()
    assert "cdn.example answered 503" in page
    visitor.post("/settings/network/ask-again/", {"server": "cdn.example"})
    assert not CoolDown.objects.exists()
    statuses = dict(Download.objects.values_list("pk", "status"))
    assert statuses == {row.pk: "queued", other.pk: "waiting"}
    page = visitor.post("/settings/network/ask-again/", {"server": "x\0' OR 1"}, follow=True).content.decode()
    assert "Its pause is over already." in page
