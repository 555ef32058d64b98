from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from downloads.models import Batch, Download
from flasharr.simulator.simulator import Simulator
from hosts.base import HostDown
from search.catalogue import actions, queries
from search.catalogue.models import CatalogueEntry, FolderSubscription
from tests.search.catalogue.conftest import ROOT, Clock
from tests.search.catalogue.rows import make_entries, make_subscription

pytestmark = pytest.mark.django_db(transaction=True)

Visit = Callable[[], int]


@pytest.fixture
def reader(transactional_db: None) -> Client:
    """A signed-in browser without JavaScript, of an ordinary user."""
    client = Client()
    client.force_login(User.objects.create_user("an", password="a long passphrase 1"))
    User.objects.create_superuser("admin", password="a long passphrase 1")
    return client


@pytest.fixture
def htmx(reader: Client) -> Client:
    client = Client(headers={"HX-Request": "true"})
    client.cookies = reader.cookies
    return client


def text_of(page: bytes) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode())))


def test_before_anything_is_followed_the_page_says_what_to_do(reader: Client) -> None:
    text = text_of(reader.get("/folders/").content)
    assert "No folder is followed yet. Paste the link of one above." in text
    assert "No files yet" in text


def test_following_from_the_page(reader: Client, fshare: Simulator, asked: list[str]) -> None:
    answer = reader.post("/folders/follow/", {"link": ROOT, "interval": "6"}, follow=True)
    text = text_of(answer.content)
    assert "“Phim hay” is followed now." in text
    assert "About to be visited" in text
    assert FolderSubscription.objects.get().interval_hours == 6
    assert asked == ["search.tasks.crawl"]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"link": "", "interval": "24"}, "Paste the link of a folder."),
        ({"link": "x" * 5_000, "interval": "24"}, "This is too long for a link."),
        ({"link": "<script>alert(1)</script>", "interval": "24"}, "Paste one link of a folder"),
        ({"link": "https://www.fshare.vn/file/FILM01", "interval": "24"}, "Only folders can be followed."),
        ({"link": ROOT, "interval": "0"}, "Select a valid choice"),
        ({"link": ROOT, "interval": "x'; DROP TABLE"}, "Select a valid choice"),
        ({"link": f"{ROOT}\0", "interval": "24"}, "Null characters are not allowed."),
    ],
)
def test_a_refused_link_comes_back_with_a_sentence(
    reader: Client, htmx: Client, fshare: Simulator, form: dict[str, str], sentence: str
) -> None:
    for client in (reader, htmx):
        answer = client.post("/folders/follow/", form)
        assert answer.status_code == 422
        assert sentence in text_of(answer.content)
        assert b"<script>alert" not in answer.content
    assert not FolderSubscription.objects.exists()


def test_a_problem_is_shown_with_its_time_and_the_files_stay(reader: Client) -> None:
    row = make_subscription(
        problem_code="host_down",
        problem_sentence=HostDown.sentence,
        problem_params={"host": "Fshare"},
        next_visit_at=timezone.now() + timedelta(minutes=5),
    )
    make_entries(row, ["Bố Già 2021.mkv"])
    text = text_of(reader.get("/folders/").content)
    assert "Fshare does not answer. It will be tried again. Next try in 4 min" in text
    assert "Bố Già 2021.mkv" in text


def test_progress_is_asked_for_while_there_is_some(htmx: Client) -> None:
    now = timezone.now()
    row = make_subscription(visit_started_at=now, next_visit_at=now, listed_folders=3, listed_files=1_200)
    page = htmx.get("/folders/?part=followed").content
    assert "Being visited: 3 folders with 1,200 files so far" in text_of(page)
    assert page.decode().strip().startswith('<section id="followed"')
    assert b'hx-trigger="every 2s"' in page
    actions.pause(row)
    page = htmx.get("/folders/?part=followed").content
    assert "Paused" in text_of(page)
    assert b"hx-trigger" not in page


def test_the_verbs_of_a_folder(reader: Client, htmx: Client, asked: list[str]) -> None:
    row = make_subscription()
    assert reader.post(f"/folders/{row.pk}/refresh/", follow=True).redirect_chain == [("/folders/", 302)]
    assert asked == ["search.tasks.crawl"]
    reader.post(f"/folders/{row.pk}/pause/")
    assert "It is paused. Resume it first." in text_of(reader.post(f"/folders/{row.pk}/refresh/", follow=True).content)
    assert 'id="followed"' in htmx.post(f"/folders/{row.pk}/resume/").content.decode()
    row.refresh_from_db()
    assert row.is_enabled
    assert reader.post("/folders/999/pause/").status_code == 404
    assert reader.get(f"/folders/{row.pk}/pause/").status_code == 405


@pytest.mark.parametrize(("choice", "left"), [("keep", 2), ("drop", 0)])
def test_removing_asks_what_becomes_of_the_files(reader: Client, htmx: Client, choice: str, left: int) -> None:
    row = make_subscription()
    make_entries(row, ["a.mkv", "b.mkv"])
    assert "Follow this folder no longer?" in text_of(reader.get(f"/folders/{row.pk}/remove/").content)
    reader.post(f"/folders/{row.pk}/remove/", {"files": "everything"})
    assert FolderSubscription.objects.exists()
    answer = htmx.post(f"/folders/{row.pk}/remove/", {"files": choice})
    assert answer["HX-Redirect"] == "/folders/"
    assert not FolderSubscription.objects.exists()
    assert CatalogueEntry.objects.count() == left


def test_searching_folds_accents_and_keeps_to_the_folder(reader: Client, htmx: Client) -> None:
    first, second = make_subscription(), make_subscription()
    make_entries(first, ["Đường Về Nhà.mkv"])
    make_entries(second, ["Duong dua.mkv", "Khác.mkv"])
    assert "Đường Về Nhà.mkv" in text_of(reader.get("/folders/?q=duong+ve").content)
    text = text_of(htmx.get(f"/folders/?q=duong&folder={second.pk}").content)
    assert "Duong dua.mkv" in text
    assert "Đường Về Nhà.mkv" not in text
    for odd in ("?folder=x", "?folder=-1", f"?folder={10**30}", "?page=x", "?page=99999", "?q=%00%22*", "?part=x"):
        assert reader.get(f"/folders/{odd}").status_code == 200
    assert reader.get("/folders/follow/?q=duong", follow=True).status_code == 200


def test_ten_thousand_files_are_paged_in_few_queries(reader: Client) -> None:
    row = make_subscription()
    make_entries(row, [f"Phim {number}.mkv" for number in range(10_000)])
    with CaptureQueriesContext(connection) as asked:
        page = reader.get("/folders/?q=phim")
    assert page.content.count(b'id="entry-') == 50
    assert "Page 1 of 200" in text_of(page.content)
    assert len(asked) < 30


def test_the_ticked_files_are_downloaded_as_one_batch(
    reader: Client, followed: FolderSubscription, fshare: Simulator
) -> None:
    episodes = list(queries.entries("s02").values_list("pk", flat=True))
    answer = reader.post("/folders/download/", {"id": episodes}, HTTP_REFERER="http://testserver/folders/", follow=True)
    assert "2 downloads added." in text_of(answer.content)
    assert "Here already: Queued" in text_of(answer.content)
    assert {row.directory for row in Download.objects.all()} == {"Phim hay/Mùa 2"}
    assert Batch.objects.get().downloads.count() == 2


def test_one_file_or_all_that_the_list_shows(htmx: Client, followed: FolderSubscription) -> None:
    film = CatalogueEntry.objects.get(code="FILM01")
    htmx.post(f"/folders/download/{film.pk}/", {"id": [1, 2, 3]})
    assert Download.objects.get().code == "FILM01"
    htmx.post("/folders/download/", {"all": "1", "q": "s02"})
    assert {row.code for row in Download.objects.all()} == {"FILM01", "EPIS01", "EPIS02"}


@pytest.mark.parametrize(
    "asked_for", [{}, {"id": "x"}, {"id": "999999"}, {"id": "1" * 40}, {"all": "1", "q": "nobody"}]
)
def test_nothing_usable_chosen_says_so(reader: Client, asked: list[str], asked_for: dict[str, str]) -> None:
    answer = reader.post("/folders/download/", asked_for, HTTP_REFERER="http://testserver/folders/", follow=True)
    assert "Choose at least one file." in text_of(answer.content)
    assert not Download.objects.exists()


def test_the_preview_of_a_folder_leads_to_following_it(reader: Client, fshare: Simulator, clock: Clock) -> None:
    page = reader.post("/add/preview/", {"text": ROOT}).content.decode()
    link = re.search(r'href="(/folders/\?link=[^"]+)"', page)
    assert link is not None
    assert f'value="{ROOT}"' in reader.get(html.unescape(link[1])).content.decode()
