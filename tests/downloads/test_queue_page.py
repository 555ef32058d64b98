from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from downloads.engine.errors import DiskFull
from downloads.models import Batch, Download, EngineLease, Priority
from downloads.states import Reason, Status
from downloads.verbs import VERBS
from hosts.base import AccountMissing, PasswordNeeded, Problem, TooManySessions
from tests.downloads.conftest import make_download
from tests.downloads.list_form import all_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_workers")]


def names(html: str) -> list[str]:
    return re.findall(r'<p class="name" title="([^"]*)"', html)


def held(problem: Problem, minutes: int | None = None) -> dict[str, object]:
    until = None if minutes is None else timezone.now() + timedelta(minutes=minutes)
    reason = Reason.of(problem, until)
    return {
        "reason_code": reason.code,
        "reason_sentence": reason.sentence,
        "reason_params": dict(reason.params),
        "reason_until": reason.until,
        "reason_cure": reason.cure.value,
    }


def test_an_empty_queue_says_the_next_step(reader: Client) -> None:
    page = reader.get("/").content.decode()
    assert "The queue is empty" in page
    assert "Paste a link" in page


def test_a_running_row_shows_progress_speed_and_time_left(reader: Client) -> None:
    make_download(Status.DOWNLOADING, name="film.mkv", size=4_000_000, downloaded=1_000_000, speed=100_000)
    page = reader.get("/").content.decode()
    assert '<progress max="100" value="25.0"' in page
    assert "1.00 MB of 4.00 MB" in page
    assert "100 KB/s" in page
    assert "30 s left" in page


@pytest.mark.parametrize(
    ("problem", "minutes", "sentence", "cure"),
    [
        (TooManySessions(host="Fshare"), 5, "Fshare counts too many download sessions", "/settings/accounts/"),
        (PasswordNeeded(), None, "The file is protected.", "Enter the password"),
        (AccountMissing(host="Fshare"), None, "No Fshare account is set up.", "/settings/accounts/"),
        (DiskFull(needed="8.1 GB", free="1.0 GB"), 1, "8.1 GB needed, 1.0 GB free", "Choose another folder"),
    ],
)
def test_a_waiting_row_says_why_until_when_and_what_cures_it(
    reader: Client, problem: Problem, minutes: int | None, sentence: str, cure: str
) -> None:
    make_download(Status.WAITING, **held(problem, minutes))
    page = reader.get("/").content.decode()
    assert sentence in page
    assert cure in page
    assert ("Next try" in page) == (minutes is not None)


def test_a_name_from_outside_cannot_become_markup(reader: Client) -> None:
    make_download(name="<img src=x onerror=alert(1)>.mkv", directory='"><script>')
    page = reader.get("/").content.decode()
    assert "<img src=x" not in page
    assert '"><script>' not in page


def test_tabs_show_their_part_of_the_queue_with_counts(reader: Client) -> None:
    make_download(Status.DOWNLOADING, name="runs.mkv")
    make_download(Status.PAUSED, name="rests.mkv")
    make_download(Status.COMPLETED, name="done.mkv")
    assert names(reader.get("/").content.decode()) == ["runs.mkv", "rests.mkv"]
    page = reader.get("/?view=paused").content.decode()
    assert names(page) == ["rests.mkv"]
    assert '<a href="?view=paused" aria-current="page">Paused <span class="number">1</span>' in page


def test_the_search_finds_by_name_and_tells_when_nothing_matches(reader: Client) -> None:
    make_download(name="Bến Không Chồng.mkv")
    make_download(name="other.mkv")
    assert names(reader.get("/", {"q": "Không"}).content.decode()) == ["Bến Không Chồng.mkv"]
    assert "Nothing matches" in reader.get("/", {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("text", ["duong", "Đường", "oceans", "ocean’s", "OCEAN'S"])
def test_the_search_folds_as_every_search_does(reader: Client, text: str) -> None:
    make_download(name="Đường Về - Ocean‘s Eleven.mkv")
    make_download(name="other.mkv")
    assert names(reader.get("/", {"q": text}).content.decode()) == ["Đường Về - Ocean‘s Eleven.mkv"]


def test_htmx_gets_the_list_alone_from_the_same_address(reader: Client, htmx: Client) -> None:
    make_download(name="film.mkv")
    fragment, page = htmx.get("/"), reader.get("/")
    assert fragment.content.decode().strip().startswith('<section id="queue"')
    assert "<html" in page.content.decode()
    assert "HX-Request" in fragment["Vary"]
    assert "HX-Request" in page["Vary"]
    assert "<html" in htmx.get("/", headers={"HX-History-Restore-Request": "true"}).content.decode()


def test_ten_thousand_rows_cost_no_more_queries_than_ten(
    reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [
        Download(host="direct", code=f"c{n}", url=f"https://e.org/{n}", name=f"{n}.bin", root="/x", position=n)
        for n in range(10_000)
    ]
    Download.objects.bulk_create(rows, batch_size=1_000)
    Download.objects.update(batch=Batch.objects.create(name="many"))
    reader.get("/")
    with django_assert_max_num_queries(15):
        page = reader.get("/?page=200").content.decode()
    assert names(page)[-1] == "9999.bin"
    assert "Page 200 of 200" in page


@pytest.mark.parametrize("query", ["page=-1", "page=x", "page=99999999999999999999", "view=nonsense", "q=%00"])
def test_a_strange_address_still_shows_the_queue(reader: Client, query: str) -> None:
    make_download()
    assert reader.get(f"/?{query}").status_code == 200


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("pause", Status.QUEUED, Status.PAUSED),
        ("resume", Status.PAUSED, Status.QUEUED),
        ("retry", Status.WAITING, Status.QUEUED),
        ("retry", Status.FAILED, Status.QUEUED),
    ],
)
def test_each_verb_moves_its_row_and_returns_to_the_page(
    reader: Client, verb: str, before: Status, after: Status
) -> None:
    row = make_download(before)
    answer = reader.post(f"/downloads/{row.pk}/{verb}/", headers={"Referer": "http://testserver/?view=paused"})
    assert (answer.status_code, answer["Location"]) == (302, "http://testserver/?view=paused")
    row.refresh_from_db()
    assert row.status == after


def test_it_never_returns_to_a_foreign_page(reader: Client) -> None:
    row = make_download()
    address, evil = f"/downloads/{row.pk}/pause/", "https://evil.example/"
    assert reader.post(address, headers={"Referer": evil})["Location"] == "/"
    assert reader.post(address, {"back": evil})["Location"] == "/"


def test_htmx_gets_the_changed_row_out_of_band(htmx: Client) -> None:
    row = make_download()
    answer = htmx.post(f"/downloads/{row.pk}/pause/")
    html = answer.content.decode()
    assert re.search(rf'<li id="download-{row.pk}" [^>]*hx-swap-oob="morph"', html)
    assert "Paused by you." in html
    assert answer["HX-Reswap"] == "none"


def test_a_verb_that_comes_too_late_says_so(htmx: Client) -> None:
    row = make_download(Status.PAUSED)
    assert "moved on in the meantime" in htmx.post(f"/downloads/{row.pk}/pause/").content.decode()


@pytest.mark.parametrize("verb", VERBS)
def test_a_read_changes_nothing(reader: Client, verb: str) -> None:
    row = make_download()
    assert reader.get(f"/downloads/{row.pk}/{verb}/").status_code == 405
    assert reader.get(f"/downloads/{verb}/").status_code == 405


@pytest.mark.parametrize("path", ["/downloads/1/pause/", "/downloads/99999999999999999999999/pause/"])
def test_a_row_that_does_not_exist_is_not_found(reader: Client, path: str) -> None:
    assert reader.post(path).status_code == 404


def test_ticked_rows_are_paused_together(reader: Client) -> None:
    ticked, other = [make_download(), make_download()], make_download()
    reader.post("/downloads/pause/", {"id": [row.pk for row in ticked], "list": "queue"})
    assert set(Download.objects.filter(status=Status.PAUSED)) == set(ticked)
    other.refresh_from_db()
    assert other.status == Status.QUEUED


def test_all_means_all_of_the_list_that_is_shown(reader: Client) -> None:
    make_download(name="one tree.mkv")
    make_download(name="two trees.mkv")
    make_download(name="house.mkv")
    reader.post("/downloads/pause/", all_of(reader, "/?view=waiting&q=tree"))
    assert Download.objects.filter(status=Status.PAUSED).count() == 2


def test_nothing_ticked_changes_nothing(htmx: Client) -> None:
    make_download()
    assert "Nothing was changed." in htmx.post("/downloads/pause/", {"id": ["x", "9" * 30]}).content.decode()
    assert Download.objects.get().status == Status.QUEUED


def test_order_and_priority_are_changed_from_the_menu(reader: Client) -> None:
    first, last = make_download(name="a"), make_download(name="b")
    reader.post(f"/downloads/{last.pk}/move/top/")
    assert names(reader.get("/").content.decode()) == ["b", "a"]
    reader.post(f"/downloads/{first.pk}/priority/high/")
    assert names(reader.get("/").content.decode()) == ["a", "b"]
    reader.post("/downloads/priority/low/", all_of(reader, "/"))
    assert set(Download.objects.values_list("priority", flat=True)) == {Priority.LOW}


def test_the_password_is_asked_for_kept_sealed_and_tried(reader: Client, htmx: Client) -> None:
    row = make_download(Status.WAITING, **held(PasswordNeeded()))
    address = f"/downloads/{row.pk}/password/"
    assert "Enter the password" in reader.get(address).content.decode()
    assert htmx.post(address, {"password": ""}).status_code == 422
    assert reader.post(address, {"password": "s3cret"}).status_code == 302
    row.refresh_from_db()
    assert row.status == Status.QUEUED
    assert row.sealed_password
    assert "s3cret" not in row.sealed_password
    assert "s3cret" not in reader.get("/").content.decode()


@pytest.mark.parametrize(
    ("status", "asked", "beaten", "missing"),
    [
        (Status.QUEUED, 60, None, True),
        (Status.QUEUED, None, 60, True),
        (Status.QUEUED, 2, None, False),
        (Status.QUEUED, 60, 2, False),
        (Status.PAUSED, 60, None, False),
    ],
)
def test_a_worker_that_is_not_there_is_told(
    reader: Client, status: Status, asked: int | None, beaten: int | None, missing: bool
) -> None:
    def ago(seconds: int | None) -> datetime | None:
        return None if seconds is None else timezone.now() - timedelta(seconds=seconds)

    make_download(status)
    EngineLease.objects.create(pk=1, owner="me", requested_at=ago(asked), heartbeat_at=ago(beaten))
    assert ("No worker is running" in reader.get("/").content.decode()) == missing


def test_it_returns_from_the_password_to_the_page_before(reader: Client) -> None:
    row = make_download(Status.WAITING, **held(PasswordNeeded()))
    address, queue = f"/downloads/{row.pk}/password/", "http://testserver/?view=waiting"
    assert f'name="back" value="{queue}"' in reader.get(address, headers={"Referer": queue}).content.decode()
    assert reader.post(address, {"password": "x", "back": queue})["Location"] == queue


def test_the_top_line_counts_and_measures(reader: Client, tmp_path: Path) -> None:
    make_download(Status.DOWNLOADING, speed=2_000_000)
    make_download(Status.FAILED)
    page = reader.get("/").content.decode()
    assert "<strong>2.00 MB/s</strong>" in page
    assert '<a href="/history/?view=failed">1</a>' in page
    assert "<polyline" in page
