from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from downloads.models import Batch, Download
from downloads.states import Status
from tests.downloads.conftest import make_download

LIST = "/admin/downloads/download/"


@pytest.fixture
def staff(db: None, no_workers: list[str]) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("anna"))
    return client


def act(staff: Client, action: str, *rows: Download, query: str = "") -> str:
    """The page after an action."""
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    answer = staff.post(LIST + query, data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def statuses() -> list[str]:
    return list(Download.objects.order_by("pk").values_list("status", flat=True))


def test_the_list_shows_filters_and_finds(staff: Client) -> None:
    make_download(Status.PAUSED, name="Ốc Đảo.mkv", reason_code="paused", reason_sentence="Paused by you.")
    make_download(Status.DOWNLOADING, name="other.mkv", downloaded=500_000, speed=2_000_000)
    page = staff.get(LIST).content.decode()
    for text in ("Ốc Đảo.mkv", "Paused by you.", "50 %", "2.0 MB/s", "1.0 MB", "fshare"):
        assert text in page
    assert "other.mkv" not in staff.get(LIST + "?status__exact=paused").content.decode()
    assert "other.mkv" not in staff.get(LIST + "?q=mkv+Đảo").content.decode()


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("pause", Status.DOWNLOADING, "paused"),
        ("resume", Status.PAUSED, "queued"),
        ("retry", Status.FAILED, "queued"),
    ],
)
def test_the_verbs_are_there(staff: Client, action: str, before: Status, after: str) -> None:
    row = make_download(before)
    assert "1 download changed." in act(staff, action, row)
    assert statuses() == [after]


def test_a_verb_that_does_not_fit_leaves_the_row_and_says_so(staff: Client) -> None:
    row = make_download(Status.COMPLETED)
    page = act(staff, "pause", row)
    assert "0 downloads changed." in page
    assert "is left as it is: Completed." in page
    assert statuses() == ["completed"]


def test_an_action_works_on_what_the_filter_shows(staff: Client) -> None:
    rows = [make_download(Status.PAUSED), make_download(Status.PAUSED)]
    assert "2 downloads changed." in act(staff, "resume", *rows, query="?status__exact=paused")


def test_removing_says_how_to_undo_it(staff: Client) -> None:
    row = make_download(name="gone.mkv")
    assert "To undo it" in act(staff, "remove_with_file", row)
    row.refresh_from_db()
    assert row.removed_at
    assert row.removed_with_file
    assert "gone.mkv" not in staff.get(LIST).content.decode()
    assert "gone.mkv" in staff.get(LIST + "?removed=yes").content.decode()
    act(staff, "restore", row, query="?removed=yes")
    row.refresh_from_db()
    assert row.removed_at is None


def test_priority_and_speed_limit_are_the_only_fields(staff: Client) -> None:
    row = make_download(Status.QUEUED)
    act(staff, "high", row)
    row.refresh_from_db()
    assert row.priority == 1
    version = row.version
    forged = {
        "priority": "-1",
        "speed_limit": "5",
        "status": "completed",
        "path": "/etc/passwd",
        "downloaded": "1",
        "host": "x",
    }
    assert staff.post(f"{LIST}{row.pk}/change/", forged).status_code == 302
    row.refresh_from_db()
    assert (row.priority, row.speed_limit) == (-1, 5)
    assert (row.status, row.path, row.downloaded, row.host) == ("queued", "", 0, "fshare")
    assert row.version > version


def test_rows_cannot_be_deleted_past_the_actions(staff: Client) -> None:
    row = make_download()
    assert staff.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    act(staff, "delete_selected", row)
    assert Download.objects.filter(removed_at=None).exists()


def test_adding_is_by_link(staff: Client) -> None:
    assert staff.get(LIST + "add/").status_code == 200
    for links in ("", "nothing here", "ftp://example.com/x", "http://127.0.0.1/x"):
        assert staff.post(LIST + "add/", {"links": links, "priority": "0"}).status_code == 422
    outside = {"links": "https://example.com/x", "priority": "0", "directory": "../up"}
    assert staff.post(LIST + "add/", outside).status_code == 422
    assert not Download.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_good_link_becomes_a_row(staff: Client) -> None:
    form = {"links": "https://film.invalid/a.mkv", "priority": "1", "directory": "Films"}
    page = staff.post(LIST + "add/", form, follow=True).content.decode()
    assert "1 download added." in page
    row = Download.objects.get()
    assert (row.host, row.directory, row.priority) == ("direct", "Films", 1)
    again = staff.post(LIST + "add/", form, follow=True).content.decode()
    assert "0 downloads added. 1 were here already." in again


def test_batches_act_on_their_rows(staff: Client) -> None:
    batch = Batch.objects.create(name="Season 1")
    make_download(batch=batch)
    make_download(Status.COMPLETED, batch=batch)
    make_download()
    url = "/admin/downloads/batch/"
    assert "Season 1" in staff.get(url).content.decode()
    for action in ("pause", "resume", "retry"):
        staff.post(url, {"action": action, "_selected_action": [batch.pk]})
    assert statuses() == ["queued", "completed", "queued"]
    staff.post(url, {"action": "remove", "_selected_action": [batch.pk]})
    assert Download.objects.filter(removed_at=None).count() == 1
    assert staff.get(f"{url}{batch.pk}/change/").status_code == 200


def test_nothing_can_be_scheduled_by_name_of_a_function(staff: Client) -> None:
    assert staff.get("/admin/django_q/schedule/add/").status_code == 404
    assert staff.get("/admin/").status_code == 200


def test_the_list_asks_the_database_the_same_few_times(staff: Client, django_assert_max_num_queries: object) -> None:
    for _ in range(30):
        make_download(batch=Batch.objects.create(name="x"))
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        staff.get(LIST)
