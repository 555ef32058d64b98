from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.template import Context, Template
from django.test import Client

from flasharr.simulator import Simulator
from search import providers
from tests.search.providers import asked, titles

DUNE = "/posters/w342/movie-438631.png"


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with titles() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Simulator]:
    running.clear_faults()
    running.journal.clear()
    monkeypatch.setattr("search.wire.LEAST_PAUSE", 0.001)
    found = running.environment()
    config = {name: found.get(name, "") for name in settings.SEARCH_CONFIG}
    monkeypatch.setattr(settings, "SEARCH_CONFIG", config)
    monkeypatch.setattr(settings, "FLASHARR", {**settings.FLASHARR, "DATA_DIR": tmp_path})
    yield running
    providers._pictures.cache_clear()


@pytest.fixture
def visitor(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("anna"))
    return client


def is_placeholder(response: Any) -> bool:
    return bool(response["Content-Type"] == "image/svg+xml") and response["Cache-Control"] == "private, max-age=30"


def test_a_picture_is_fetched_once_and_kept(visitor: Client, simulator: Simulator, tmp_path: Path) -> None:
    first: Any = visitor.get(DUNE)
    assert (first.status_code, first["Content-Type"], first.content[:4]) == (200, "image/png", b"\x89PNG")
    assert first["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "img-src 'self'" in first["Content-Security-Policy"]
    providers._pictures.cache_clear()
    second: Any = visitor.get(DUNE)
    assert second.content == first.content
    assert len(asked(simulator, "images")) == 1
    assert len(list((tmp_path / "cache" / "pictures").iterdir())) >= 1


def test_who_has_it_is_told_so_without_looking(visitor: Client, simulator: Simulator) -> None:
    etag = visitor.get(DUNE)["ETag"]
    simulator.journal.clear()
    answer = visitor.get(DUNE, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    assert visitor.get(DUNE, headers={"If-None-Match": '"other"'}).status_code == 200
    assert asked(simulator, "images") == []


def test_strangers_get_nothing(simulator: Simulator, db: None) -> None:
    User.objects.create_user("anna")
    assert Client().get(DUNE).status_code == 302
    assert asked(simulator, "images") == []


@pytest.mark.parametrize(
    "address",
    [
        "original/movie-841.png", "w9999/movie-841.png", "w342/movie-841.svg", "w342/..%2F..%2Fetc%2Fpasswd.png",
        "w342/a%00.png", "w342/%0d%0aX-Evil.png", "w342/http:%2F%2Fevil.example%2Fa.png", "w342/" + "a" * 500 + ".png",
        "w342/%3Cscript%3E.png",
    ],
)  # fmt: skip
def test_other_addresses_do_not_exist(visitor: Client, simulator: Simulator, address: str) -> None:
    assert visitor.get(f"/posters/{address}").status_code == 404
    assert asked(simulator, "images") == []


def test_only_looking_is_allowed(visitor: Client, simulator: Simulator) -> None:
    assert visitor.post(DUNE).status_code == 405
    assert visitor.head(DUNE).status_code == 200


FAILURES: list[tuple[str, Any]] = [
    ("server_error", 502),
    ("html_answer", None),
    ("rate_limited", 60),
    ("empty_body", None),
    ("huge_body", None),
    ("redirect", {"status": 302, "to": "http://169.254.169.254/latest"}),
    ("reset", None),
    ("html_page", "octet"),
]


@pytest.mark.parametrize(("name", "value"), FAILURES, ids=[name for name, _ in FAILURES])
def test_a_failure_is_a_placeholder_for_a_moment(visitor: Client, simulator: Simulator, name: str, value: Any) -> None:
    simulator.fault(name, call="images", value=value, count=None)
    response = visitor.get(DUNE)
    assert (response.status_code, is_placeholder(response), response.has_header("ETag")) == (200, True, False)
    simulator.clear_faults()
    providers._pictures.cache_clear()  # which also forgets the failure
    assert visitor.get(DUNE)["Content-Type"] == "image/png"


def test_a_missing_picture_is_not_asked_for_again_at_once(visitor: Client, simulator: Simulator) -> None:
    for _ in range(3):
        assert is_placeholder(visitor.get("/posters/w342/movie-999999.png"))
    assert len(asked(simulator, "images")) == 1


def test_a_server_that_is_down_does_not_hold_up_a_page(visitor: Client, simulator: Simulator) -> None:
    simulator.fault("server_error", call="images", count=None)
    ids = (841, 438631, 693134, 862, 863, 10193, 301528, 346364, 474350, 458723)
    assert all(is_placeholder(visitor.get(f"/posters/w185/movie-{number}.png")) for number in ids)
    assert len(asked(simulator, "images")) == 8  # four pictures, two tries each; then it is left alone


def test_many_want_one_picture_and_one_asks(db: None, simulator: Simulator) -> None:
    pictures = providers.posters()
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: pictures.get("w92", "/movie-841.png").data, range(6)))
    assert len(set(found)) == 1
    assert len(asked(simulator, "images")) == 1


def test_templates_name_pictures_by_their_path(db: None) -> None:
    page = Template('{% load posters %}{{ a|picture:"w342" }} {{ b|picture:"w342" }}')
    assert page.render(Context({"a": "/movie-438631.png", "b": ""})) == f"{DUNE} "
