from __future__ import annotations

import re

import pytest
from django.test import Client

from downloads.models import Download
from downloads.states import Status
from tests.downloads.conftest import make_download
from tests.downloads.list_form import all_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_workers")]


def undo_address(html: str) -> str:
    found = re.search(r"/undo/\d+/", html)
    assert found, html
    return found[0]


def removed() -> set[str]:
    return set(Download.objects.exclude(removed_at=None).values_list("name", flat=True))


def test_it_asks_first_and_a_look_removes_nothing(reader: Client) -> None:
    row = make_download(name="film.mkv")
    page = reader.get(f"/downloads/remove/?id={row.pk}").content.decode()
    assert "Remove this download?" in page
    assert "film.mkv" in page
    reader.post("/downloads/remove/", {"id": row.pk})
    assert removed() == set()


def test_it_offers_to_delete_a_file_only_where_there_is_one(reader: Client) -> None:
    unfinished, done = make_download(), make_download(Status.COMPLETED, path="/films/x.mkv")
    assert "delete the file" not in reader.get(f"/downloads/remove/?id={unfinished.pk}").content.decode()
    assert "delete the file" in reader.get(f"/downloads/remove/?id={done.pk}").content.decode()


@pytest.mark.parametrize(("answer", "with_file"), [("keep", False), ("delete", True)])
def test_the_answer_decides_about_the_file(reader: Client, answer: str, with_file: bool) -> None:
    row = make_download(Status.COMPLETED, path="/films/x.mkv")
    reader.post("/downloads/remove/", {"id": row.pk, "file": answer})
    row.refresh_from_db()
    assert row.removed_at is not None
    assert row.removed_with_file is with_file


def test_one_removal_is_undone_without_touching_another(reader: Client) -> None:
    first, second, third = make_download(name="a"), make_download(name="b"), make_download(name="c")
    reader.post("/downloads/remove/", {"id": first.pk, "file": "keep"})
    page = reader.post("/downloads/remove/", {"id": [second.pk, third.pk], "file": "keep"}, follow=True)
    assert removed() == {"a", "b", "c"}
    back = reader.post(undo_address(page.content.decode()[-6000:].split("Removed 2 downloads.")[-1]), follow=True)
    assert removed() == {"a"}
    assert "2 downloads are back." in back.content.decode()


def test_htmx_gets_a_message_with_undo_and_a_fresh_list(htmx: Client) -> None:
    row = make_download()
    answer = htmx.post("/downloads/remove/", {"id": row.pk, "file": "keep"})
    html = answer.content.decode()
    assert "Removed one download." in html
    assert undo_address(html)
    assert 'id="stale" hx-swap-oob="true"' in html
    assert "flasharr:done" in answer["HX-Trigger"]


def test_all_removes_what_the_list_shows(reader: Client) -> None:
    for number in range(60):
        make_download(name=f"tree {number}")
    make_download(name="house")
    asked = all_of(reader, "/?q=tree")
    question = reader.post("/downloads/remove/", asked).content.decode()
    assert "Remove 60 downloads?" in question
    assert f'name="upto" value="{asked["upto"]}"' in question
    reader.post("/downloads/remove/", {**asked, "file": "keep"})
    assert len(removed()) == 60


def test_undoing_too_late_says_what_to_do(reader: Client) -> None:
    page = reader.post("/undo/1/", follow=True).content.decode()
    assert "too late to undo" in page


@pytest.mark.parametrize("moment", ["99999999999999999", "999999999999999999999999"])
def test_an_impossible_moment_is_no_error(reader: Client, moment: str) -> None:
    assert reader.post(f"/undo/{moment}/").status_code in (302, 404)


def test_a_name_in_the_question_cannot_become_markup(reader: Client) -> None:
    row = make_download(name="<b>film</b>")
    assert "<b>film</b>" not in reader.get(f"/downloads/remove/?id={row.pk}").content.decode()
