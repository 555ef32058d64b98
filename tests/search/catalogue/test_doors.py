"""Followed folders from REST, the shell and the administration."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from flasharr.keys import Scope
from flasharr.simulator.simulator import Simulator
from search.catalogue.models import CatalogueEntry, FolderSubscription
from tests.flasharr.conftest import Program, with_scopes
from tests.search.catalogue.conftest import ROOT
from tests.search.catalogue.rows import make_entries, make_subscription

pytestmark = pytest.mark.django_db(transaction=True)

Visit = Callable[[], int]


@pytest.fixture
def program(transactional_db: None) -> Program:
    User.objects.create_superuser("admin", password="a long passphrase 1")
    return with_scopes(Scope.READ, Scope.ADD, Scope.CONTROL)


def test_a_program_follows_looks_and_unfollows(program: Program, fshare: Simulator, visit: Visit) -> None:
    made = program("POST", "folders", {"url": f"{ROOT}?token=s3cr3t", "interval_hours": 6})
    assert (program.status, made["status"], made["url"], made["interval_hours"]) == (201, "waiting", ROOT, 6)
    visit()
    listed = program("GET", "folders")
    assert (listed["total"], listed["items"][0]["files"], listed["items"][0]["status"]) == (1, 5, "up_to_date")
    assert "s3cr3t" not in json.dumps(listed)
    found = program("GET", "folders/files?search=thuong%20ngay%20s02")
    assert found["total"] == 2
    assert found["items"][0]["season"] == 2
    assert program("POST", f"folders/{made['id']}/refresh")["status"] == "waiting"
    assert program("PATCH", f"folders/{made['id']}", {"paused": True})["status"] == "paused"
    program("POST", f"folders/{made['id']}/refresh")
    assert program.status == 409
    program("DELETE", f"folders/{made['id']}?keep_files=false")
    assert (program.status, CatalogueEntry.objects.count()) == (204, 0)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": ""},
        {"url": 5},
        {"url": "\0"},
        {"url": "x" * 5_000},
        {"url": "nothing"},
        {"url": "https://www.fshare.vn/file/FILM01"},
        {"url": ROOT, "interval_hours": 0},
        {"url": ROOT, "interval_hours": 10**9},
        {"url": ROOT, "interval_hours": "6"},
        {"url": ROOT, "more": 1},
    ],
)
def test_bad_input_is_refused_and_changes_nothing(program: Program, fshare: Simulator, body: dict[str, Any]) -> None:
    answer = program("POST", "folders", body)
    assert program.status == 400
    assert answer["error"]["message"]
    assert not FolderSubscription.objects.exists()


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [(Scope.READ, {"GET"}), (Scope.ADD, {"POST"}), (Scope.CONTROL, {"PATCH", "DELETE"}), (Scope.SETTINGS, set())],
)
def test_a_key_may_do_what_its_scope_says(program: Program, fshare: Simulator, scope: Scope, allowed: set[str]) -> None:
    row = make_subscription()
    limited = with_scopes(scope)
    calls = {"GET": "folders", "POST": "folders", "PATCH": f"folders/{row.pk}", "DELETE": f"folders/{row.pk}"}
    bodies = {"POST": {"url": ROOT}, "PATCH": {"paused": True}}
    for method, path in calls.items():
        limited(method, path, bodies.get(method))
        assert (limited.status != 403) == (method in allowed), method


def run(*words: str) -> dict[str, Any]:
    out = StringIO()
    call_command("folder", *words, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_the_shell_follows_lists_refreshes_and_removes(fshare: Simulator, visit: Visit) -> None:
    number = str(run("add", ROOT, "--hours", "12")["items"][0]["id"])
    visit()
    assert run("list")["items"][0]["files"] == 5
    assert run("refresh", number)["items"][0]["status"] == "waiting"
    run("remove", number, "--drop-files")
    assert run("list") == {"items": [], "total": 0}
    assert not CatalogueEntry.objects.exists()


@pytest.mark.parametrize(
    "words", [["refresh", "9"], ["remove", "9"], ["add", "nothing"], ["add", ROOT, "--hours", "0"]]
)
def test_the_shell_says_what_is_wrong(fshare: Simulator, words: list[str]) -> None:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("folder", *words, "--json", stdout=out)
    assert json.loads(out.getvalue())["error"]["message"]


def test_the_list_for_people(fshare: Simulator) -> None:
    row = make_subscription(name="Kho phim", files=7)
    out = StringIO()
    call_command("folder", "list", stdout=out)
    assert out.getvalue().split() == [str(row.pk), "up_to_date", "7", "files", "Kho", "phim", row.url]


def test_the_administration_uses_the_same_verbs(fshare: Simulator, asked: list[str]) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("an", password="a long passphrase 1"))
    row = make_subscription()
    make_entries(row, ["a.mkv"])
    address = "/admin/search/foldersubscription/"
    client.post(address, {"action": "visit_now", "_selected_action": [row.pk]})
    assert asked == ["search.tasks.crawl"]
    client.post(address, {"action": "pause", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert not row.is_enabled
    assert client.post(f"{address}{row.pk}/change/", {"interval_hours": "48"}).status_code == 302
    row.refresh_from_db()
    assert (row.interval_hours, row.is_enabled) == (48, False)
    assert client.get("/admin/search/catalogueentry/").status_code == 200
    assert client.post(f"{address}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not FolderSubscription.objects.exists()
    assert CatalogueEntry.objects.count() == 1
