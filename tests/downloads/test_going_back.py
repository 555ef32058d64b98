from __future__ import annotations

import pytest
from django.test import Client
from django.urls import set_script_prefix

from downloads.states import Status
from tests.downloads.conftest import make_download
from tests.downloads.list_form import all_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_workers")]


def back_to(client: Client, back: str = "", referer: str = "") -> str:
    row = make_download()
    headers = {"Referer": referer} if referer else {}
    answer = client.post(f"/downloads/{row.pk}/pause/", {"back": back}, headers=headers)
    assert answer.status_code == 302
    return str(answer["Location"])


@pytest.mark.parametrize(
    "place",
    ["/", "/?view=paused&page=2", "/history/?q=a%20b", "/add/", "/settings/accounts/", "http://testserver/history/"],
)
def test_a_form_leads_back_to_the_page_it_was_sent_from(reader: Client, place: str) -> None:
    assert back_to(reader, back=place) == place
    assert back_to(reader, referer=place) == place


@pytest.mark.parametrize(
    "place",
    [
        "foo",
        "logout",
        "downloads:history",
        "?view=paused",
        "//evil.example/",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "http://[",
        "/nowhere/",
        "/logout/",
        "/\r\nX: y",
        "/%00",
        "/" + "x" * 5_000,
    ],
)
def test_what_is_no_page_of_ours_leads_to_the_queue(reader: Client, place: str) -> None:
    assert back_to(reader, back=place) == "/"


@pytest.mark.parametrize("place", ["/add/preview/", "/downloads/pause/", "/downloads/remove/", "/undo/1/"])
def test_an_address_that_only_takes_forms_leads_to_the_queue(reader: Client, place: str) -> None:
    assert back_to(reader, referer=f"http://testserver{place}") == "/"


def test_it_leads_back_below_the_path_that_the_site_is_mounted_at(reader: Client) -> None:
    set_script_prefix("/flasharr/")
    try:
        place = "http://testserver/flasharr/history/"
        assert back_to(reader, referer=place) == place
        assert back_to(reader, referer="http://testserver/flasharr/add/preview/") == "/flasharr/"
        assert back_to(reader, back="/history/") == "/flasharr/"
    finally:
        set_script_prefix("/")


@pytest.mark.parametrize("length", [201, 60_000])
@pytest.mark.parametrize(("path", "view"), [("/", "all"), ("/history/", "failed"), ("/history/", "removed")])
def test_a_search_for_too_much_is_cut(reader: Client, path: str, view: str, length: int) -> None:
    make_download(name="a" * 250)
    page = reader.get(path, {"view": view, "q": "a" * length})
    assert page.status_code == 200
    assert f'name="q" value="{"a" * 200}"' in page.content.decode()


def test_a_search_for_too_much_is_cut_in_a_form_too(reader: Client) -> None:
    row = make_download(name="a" * 250)
    answer = reader.post("/downloads/pause/", {**all_of(reader, "/"), "q": "a" * 60_000})
    row.refresh_from_db()
    assert (answer.status_code, row.status) == (302, Status.PAUSED)
