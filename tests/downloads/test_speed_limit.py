"""The limit of one download: from every door to the transfer that runs."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from downloads import actions
from downloads.models import FASTEST, Download
from downloads.states import Status
from tests.downloads.conftest import make_download

pytestmark = pytest.mark.django_db


def limit_of(row: Download) -> int:
    row.refresh_from_db()
    return row.speed_limit


def test_the_menu_leads_to_a_form_that_sets_it(reader: Client) -> None:
    row = make_download(Status.DOWNLOADING)
    address = f"/downloads/{row.pk}/limit/"
    assert address in reader.get("/").content.decode()
    assert reader.post(address, {"speed_limit": "2.5"}).status_code == 302
    assert limit_of(row) == 2_500_000
    assert "at most 2.50 MB/s" in reader.get("/").content.decode()
    assert 'value="2.5"' in reader.get(address).content.decode()
    reader.post(address, {"speed_limit": ""})
    assert limit_of(row) == 0


def test_htmx_gets_the_row_back(htmx: Client) -> None:
    row = make_download(Status.DOWNLOADING)
    answer = htmx.post(f"/downloads/{row.pk}/limit/", {"speed_limit": "1"}).content.decode()
    assert re.search(rf'id="download-{row.pk}"[^>]*hx-swap-oob', answer)
    assert "at most 1.00 MB/s" in answer


@pytest.mark.parametrize("speed", ["-1", "nan", "inf", "1e300", "fast", "1\0", "<b>2</b>", "1000001", "9" * 400])
def test_what_is_no_speed_changes_nothing(reader: Client, speed: str) -> None:
    row = make_download(speed_limit=7)
    answer = reader.post(f"/downloads/{row.pk}/limit/", {"speed_limit": speed})
    assert answer.status_code == 422
    assert 'class="errors"' in answer.content.decode()
    assert limit_of(row) == 7


def test_another_row_is_not_found(reader: Client) -> None:
    row = make_download()
    actions.remove(Download.objects.filter(pk=row.pk))
    assert reader.post(f"/downloads/{row.pk}/limit/", {"speed_limit": "1"}).status_code == 404
    assert reader.post("/downloads/999999/limit/", {"speed_limit": "1"}).status_code == 404


@pytest.mark.parametrize("rate", [-1, FASTEST + 1])
def test_the_verb_refuses_what_is_no_speed(rate: int) -> None:
    row = make_download()
    with pytest.raises(ValueError, match="between"):
        actions.set_speed_limit(Download.objects.all(), rate)
    assert limit_of(row) == 0


def test_the_command_sets_it_for_some_or_all() -> None:
    first, second = make_download(), make_download(Status.PAUSED)
    call_command("limit", "2.5", str(first.pk))
    assert (limit_of(first), limit_of(second)) == (2_500_000, 0)
    call_command("limit", "0", "all")
    assert limit_of(first) == 0


@pytest.mark.parametrize("speed", ["-1", "fast", "nan", "1e9"])
def test_the_command_refuses_what_is_no_speed(speed: str) -> None:
    row = make_download(speed_limit=7)
    with pytest.raises(CommandError, match="MB/s"):
        call_command("limit", "--", speed, str(row.pk))
    assert limit_of(row) == 7
