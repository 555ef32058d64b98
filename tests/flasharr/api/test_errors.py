"""Whatever a program sends, it gets a clear error in one shape, and nothing has changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from downloads.models import Download, Preferences
from flasharr.simulator.simulator import Simulator
from tests.downloads.conftest import make_download
from tests.flasharr.conftest import Program

LINK = "https://www.fshare.vn/file/DEMOFILM0004"
BAD_BODIES: list[tuple[Any, int, str]] = [
    ("", 400, "body"),
    ("not json", 400, "body"),
    ("[" * 100_000, 400, "body"),
    (b"\xff\xfe\x00", 400, "body"),
    ("null", 400, ""),
    ([], 400, ""),
    ({}, 400, "either url or urls"),
    ({"url": LINK, "urls": [LINK]}, 400, "either url or urls"),
    ({"urls": []}, 400, "urls"),
    ({"url": 5}, 400, "url"),
    ({"url": None}, 400, "either url or urls"),
    ({"urls": LINK}, 400, "urls"),
    ({"urls": [LINK, 7]}, 400, "urls.1"),
    ({"url": LINK, "colour": "red"}, 400, "colour"),
    ({"url": LINK, "priority": "highest"}, 400, "priority"),
    ({"url": LINK, "priority": True}, 400, "priority"),
    ({"url": ""}, 400, "No link was found"),
    ({"url": "no link in here"}, 400, "No link was found"),
    ({"url": "ftp://example.com/film.mkv"}, 400, "http and https"),
    ({"url": "javascript:alert(1)"}, 400, "http and https"),
    ({"url": "file:///etc/passwd"}, 400, "http and https"),
    ({"url": "http://127.0.0.1:8484/health/live"}, 400, ""),
    ({"url": "http://localhost/x"}, 400, ""),
    ({"url": "http://[::1]/x"}, 400, ""),
    ({"url": "http://2130706433/x"}, 400, ""),
    ({"url": "http://169.254.169.254/latest/meta-data/"}, 400, ""),
    ({"urls": [LINK, "nothing"]}, 400, "No link was found"),
    ({"urls": [LINK, "ftp://example.com/a"]}, 400, "ftp://example.com/a"),
    ({"urls": [f"https://example.com/{number}" for number in range(10_000)]}, 400, "10,000 links"),
    ({"url": "x" * 1_000_001}, 400, "too long"),
    ({"url": LINK + "\0"}, 400, "NUL"),
    ({"url": LINK, "directory": "../outside"}, 400, "outside the download folder"),
    ({"url": LINK, "directory": "a/../../b"}, 400, "outside the download folder"),
    ({"url": LINK, "directory": "/etc"}, 400, "outside the download folder"),
    ({"url": LINK, "directory": "a\\..\\b"}, 400, "outside the download folder"),
    ({"url": LINK, "directory": "a\0b"}, 400, "NUL"),
    ({"url": LINK, "filename": "../film.mkv"}, 400, "outside the download folder"),
    ({"url": LINK, "filename": "x" * 1001}, 400, "filename"),
    ({"urls": [LINK, LINK.replace("4", "3")], "filename": "one.mkv"}, 400, "single file"),
]


def check(answer: Any) -> str:
    """The message of an error in the right shape."""
    assert set(answer) == {"error"}
    assert set(answer["error"]) <= {"code", "message", "fields"}
    assert answer["error"]["code"]
    assert answer["error"]["message"]
    return str(answer["error"]["message"])


@pytest.mark.parametrize(("body", "status", "says"), BAD_BODIES, ids=lambda value: repr(value)[:60])
def test_a_bad_body_adds_nothing(fshare: Simulator, program: Program, body: Any, status: int, says: str) -> None:
    answer = program("POST", "downloads", body)
    assert program.status == status, answer
    assert says in check(answer)
    assert len(check(answer)) < 1_200
    assert not Download.objects.exists()


def test_a_body_over_the_limit_is_too_large(program: Program) -> None:
    answer = program("POST", "downloads", {"url": "x" * 4_300_000})
    assert program.status == 413
    check(answer)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing", 404),
        ("GET", "downloads/1", 404),
        ("GET", "downloads/99999999999999999999999", 404),
        ("GET", "downloads/-1", 404),
        ("GET", "downloads/1/explode", 404),
        ("POST", "downloads/1/pause", 404),
        ("POST", "downloads/1/restore", 404),
        ("POST", "batches/1/retry", 404),
        ("POST", "accounts/1/check", 404),
        ("DELETE", "accounts/1", 404),
        ("PUT", "downloads", 405),
        ("DELETE", "stats", 405),
        ("GET", "downloads/pause", 405),
    ],
)
def test_a_wrong_address_or_method_says_so_in_json(program: Program, method: str, path: str, status: int) -> None:
    answer = program(method, path)
    assert program.status == status
    check(answer)


def test_an_address_that_takes_other_methods_names_them(program: Program) -> None:
    answer = program.client.put("/api/v1/downloads")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


def test_a_trailing_slash_is_forgiven(program: Program) -> None:
    assert program("GET", "downloads/") == {"items": [], "total": 0}


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/downloads", "/api/v1/nothing/at/all"]
)
def test_an_address_that_is_not_there_is_a_404_in_json(program: Program, path: str) -> None:
    answer = program.client.get(path)
    assert answer.status_code == 404
    assert check(answer.json()) == "There is nothing at this address."


@pytest.mark.parametrize("path", ["downloads", "downloads?page_size=1", "batches", "accounts", "stats", "openapi.json"])
def test_what_can_be_got_can_be_asked_for_with_head(program: Program, path: str) -> None:
    answer = program.client.head(f"/api/v1/{path}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Length"] == program.client.get(f"/api/v1/{path}")["Content-Length"]
    assert Client().head(f"/api/v1/{path}").status_code == 401
    assert program.client.head("/api/v1/downloads/1/pause").status_code == 405


@pytest.mark.parametrize("field", ["priority", "position", "password"])
def test_null_is_no_change(program: Program, field: str) -> None:
    row = make_download()
    error = program("PATCH", f"downloads/{row.pk}", {field: None})["error"]
    assert (program.status, list(error["fields"])) == (400, [field])
    assert program("PATCH", "settings", {"max_active": None})["error"]["fields"]["max_active"]


@pytest.mark.parametrize("body", [{}, {"priority": 2}, {"position": "first"}, {"status": "completed"}, {"id": 5}, "x"])
def test_a_bad_change_changes_nothing(program: Program, body: Any) -> None:
    row = make_download()
    check(program("PATCH", f"downloads/{row.pk}", body))
    assert program.status == 400
    before = row.version, row.status, row.priority
    row.refresh_from_db()
    assert (row.version, row.status, row.priority) == before


def test_a_defect_is_an_error_too_and_tells_nothing(
    program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("canary-detail")

    monkeypatch.setattr("flasharr.standing.spaces", broken)
    answer = program("GET", "stats")
    assert program.status == 500
    assert "canary-detail" not in check(answer)
    assert "canary-detail" in caplog.text


def test_the_description_names_every_resource_and_the_key(program: Program) -> None:
    schema = program("GET", "openapi.json")
    paths = {path.removeprefix("/api/v1") for path in schema["paths"]}
    assert {"/downloads", "/downloads/{pk}", "/batches", "/accounts", "/stats", "/settings"} <= paths
    scheme = next(iter(schema["components"]["securitySchemes"].values()))
    assert scheme == {"type": "apiKey", "in": "header", "name": "X-Api-Key"}
    assert program("GET", "docs")["error"]["code"] == "not_found"


def test_settings_can_be_read_and_changed(program: Program, tmp_path: Any) -> None:
    assert program("GET", "settings")["max_active"] == 3
    changed = program("PATCH", "settings", {"max_active": 5, "speed_limit": 2_000_000, "download_dir": str(tmp_path)})
    assert changed == changed | {"max_active": 5, "speed_limit": 2_000_000, "download_dir": str(tmp_path)}
    assert program("GET", "settings") == changed


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"max_active": 0}, "max_active"),
        ({"max_active": 33}, "max_active"),
        ({"speed_limit": -1}, "speed_limit"),
        ({"speed_limit": 2**63}, "speed_limit"),
        ({"schedule": ["f" * 24]}, "schedule"),
        ({"schedule": ["f" * 24] * 6 + ["f" * 23]}, "schedule"),
        ({"schedule": ["x" * 24] * 7}, "schedule"),
        ({"schedule": ["f" * 24] * 8}, "schedule"),
        ({"schedule": "f" * 168}, "schedule"),
        ({"file_mode": "0444"}, "file_mode"),
        ({"folder_mode": "1775"}, "folder_mode"),
        ({"schedule_limit": 0}, "schedule_limit"),
        ({"time_zone": "Nowhere/Atlantis"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": "x" * 10_000}, "time_zone"),
        ({"download_dir": "/etc", "max_active": 9}, "download_dir"),
        ({"download_dir": "films"}, "download_dir"),
        ({"secret_key": "x"}, "secret_key"),
    ],
)
def test_wrong_settings_are_refused_by_name(program: Program, body: dict[str, Any], field: str) -> None:
    answer = program("PATCH", "settings", body)
    check(answer)
    assert (program.status, list(answer["error"]["fields"])) == (400, [field])
    assert Preferences.current().max_active == 3


def test_stats_count_the_queue(program: Program) -> None:
    make_download(size=100)
    answer = program("GET", "stats")
    assert (answer["open"], answer["waiting"], answer["speed"], answer["remaining"]) == (1, 1, 0, 100)
    assert answer["speeds"] == []
    assert all(space["free"] > 0 for space in answer["free_space"])
    assert {space["path"] for space in answer["free_space"]} >= {"/nowhere"}


@pytest.mark.django_db
def test_a_session_needs_its_csrf_token(visitor: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.cookies
    row = make_download()
    assert strict.get("/api/v1/downloads").status_code == 200
    refused = strict.post(f"/api/v1/downloads/{row.pk}/pause")
    assert refused.status_code == 403
    check(refused.json())
    row.refresh_from_db()
    assert row.status == "queued"
    strict.get("/settings/")
    token = strict.cookies["flasharr_csrf"].value
    allowed = strict.post(f"/api/v1/downloads/{row.pk}/pause", headers={"X-CSRFToken": token})
    assert allowed.json()["status"] == "paused"
