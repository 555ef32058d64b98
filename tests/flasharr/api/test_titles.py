"""Search, titles, files, grab, the watchlist and quality profiles at the REST door."""

from __future__ import annotations

from typing import Any

import pytest

from downloads.models import Download
from flasharr.simulator import Simulator
from search.quality.models import QualityProfile
from search.watchlist.models import Wish
from tests.flasharr.conftest import Program
from tests.search.asking import running, world

__all__ = ["running", "world"]

DUNE = {"medium": "movie", "tmdb_id": 438631}


@pytest.fixture(autouse=True)
def no_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.watchlist.wake.async_task", lambda *_, **__: None)


def series(program: Program, name: str) -> dict[str, Any]:
    card = program("GET", f"search?q={name}&medium=tv")["items"][0]
    return {"medium": "tv", "tmdb_id": card["tmdb_id"]}


def test_from_a_text_to_a_title_to_its_files(world: Simulator, program: Program) -> None:
    cards = program("GET", "search?q=dune")["items"]
    assert {"medium": "movie", "tmdb_id": 438631, "name": "Dune", "year": 2021}.items() <= next(
        card for card in cards if card["tmdb_id"] == 438631
    ).items()
    title = program("GET", "titles/movie/438631")
    assert (title["name"], title["state"], title["seasons"]) == ("Dune", "missing", [])
    found = program("GET", "titles/movie/438631/files")
    assert found["is_complete"]
    first, last = found["items"][0], found["items"][-1]
    assert first["name"] == "Hành Tinh Cát - Dune 2021 1080p BluRay Thuyết Minh.mkv"
    assert sum(part["points"] for part in first["points"]) == first["score"]
    assert (last["accepted"], bool(last["reasons"][0]["message"])) == (False, True)


def test_a_dry_run_is_the_plan_and_changes_nothing(world: Simulator, program: Program) -> None:
    wish = series(program, "Chernobyl")
    plan = program("POST", "grab", {**wish, "seasons": [1], "dry_run": True})
    assert program.status == 200
    assert (plan["title"], plan["aired"], plan["covered"], plan["missing"]) == ("Chernobyl (2019) S01", 5, 5, [])
    assert plan["items"][0]["path"].startswith("Chernobyl (2019)/Season 01/Chernobyl (2019) - S01E01")
    assert not Download.objects.exists()


def test_a_season_is_fetched_once(world: Simulator, program: Program) -> None:
    wish = {**series(program, "Chernobyl"), "seasons": [1]}
    done = program("POST", "grab", wish)
    assert (program.status, [item["existing"] for item in done["items"]]) == (201, [False] * 5)
    again = program("POST", "grab", wish)
    assert (program.status, again["error"]["code"]) == (400, "all_here")
    title = program("GET", f"titles/tv/{wish['tmdb_id']}")
    assert [season["here"] for season in title["seasons"] if season["number"] == 1] == [5]


def test_a_chosen_file_is_fetched(world: Simulator, program: Program) -> None:
    files = program("GET", "titles/movie/438631/files")["items"]
    done = program("POST", "grab", {**DUNE, "files": [files[1]["key"]]})
    assert (program.status, done["items"][0]["url"]) == (201, files[1]["url"])
    assert program("POST", "grab", {**DUNE, "files": [files[1]["key"]]})["items"][0]["existing"]
    program("POST", "grab", {**DUNE, "files": ["fshare:NOBODYHASIT"]})
    assert (program.status, Download.objects.count()) == (400, 1)


NONSENSE: list[tuple[str, str, Any, int]] = [
    ("GET", "search", "", 400),
    ("GET", "search?q=%00", "", 400),
    ("GET", "search?q=" + "x" * 201, "", 400),
    ("GET", "search?q=dune&medium=book", "", 400),
    ("GET", "titles/book/1", "", 400),
    ("GET", "titles/movie/0", "", 400),
    ("GET", "titles/movie/99999999", "", 400),
    ("GET", "titles/movie/438631/files?profile=999", "", 404),
    ("GET", "titles/tv/1/files?season=-1", "", 400),
    ("POST", "grab", {}, 400),
    ("POST", "grab", {**DUNE, "seasons": ["1; DROP TABLE"]}, 400),
    ("POST", "grab", {**DUNE, "files": []}, 400),
    ("POST", "grab", {**DUNE, "files": ["../../etc/passwd"]}, 400),
    ("POST", "grab", {**DUNE, "profile": 999}, 404),
    ("POST", "grab", {**DUNE, "surprise": 1}, 400),
    ("POST", "watchlist", {"medium": "movie", "tmdb_id": 99999999}, 400),
    ("POST", "watchlist", {**DUNE, "seasons": [3]}, 400),
    ("POST", "watchlist", {**DUNE, "mode": "steal"}, 400),
    ("GET", "watchlist/calendar?first=2020-01-01&last=2030-01-01", "", 400),
    ("GET", "watchlist/calendar?first=2020-01-02&last=2020-01-01", "", 400),
    ("POST", "settings/profiles", {"name": "x", "least_per_hour": float("nan")}, 400),
    ("POST", "grab", {"medium": "tv", "tmdb_id": 1396, "seasons": [-1]}, 400),
    ("POST", "grab", {"medium": "tv", "tmdb_id": 1396, "seasons": list(range(100, 300)), "dry_run": True}, 400),
    ("GET", "watchlist/999", "", 404),
    ("POST", "settings/profiles", {"name": "x", "resolutions": ["8p"]}, 400),
    ("POST", "settings/profiles", {"name": ""}, 400),
    ("PATCH", "settings/profiles/999", {"name": "x"}, 404),
]


def test_what_makes_no_sense_changes_nothing(world: Simulator, program: Program) -> None:
    for method, path, body, status in NONSENSE:
        answer = program(method, path, body)
        assert (program.status, bool(answer["error"]["message"])) == (status, True), (path, answer)
    assert not Download.objects.exists()
    assert not Wish.objects.exists()
    assert QualityProfile.objects.count() == 2


def test_the_watchlist(world: Simulator, program: Program) -> None:
    wish = series(program, "Chernobyl")
    new = program("POST", "watchlist", {**wish, "seasons": [1], "mode": "notice"})
    assert (program.status, new["state"], new["mode"], new["name"]) == (201, "waiting", "notice", "Chernobyl")
    assert program("POST", "watchlist", wish)["id"] == new["id"]
    assert (program.status, program("GET", "watchlist")["total"]) == (200, 1)
    assert program("PATCH", f"watchlist/{new['id']}", {"upgrades": True, "profile": 0})["upgrades"]
    assert program("POST", f"watchlist/{new['id']}/check", {})["next_check_at"]
    days = program("GET", "watchlist/calendar?first=2019-05-01&last=2019-05-10")["items"]
    assert program("GET", "watchlist/calendar?first=9999-12-31") == {"items": [], "total": 0}
    assert program("GET", "watchlist/calendar?first=9999-12-30&last=9999-12-31") == {"items": [], "total": 0}
    assert [(day["day"], day["season"], day["episode"], day["state"]) for day in days] == [
        ("2019-05-06", 1, 1, "missing")
    ]
    program("DELETE", f"watchlist/{new['id']}")
    assert (program.status, Wish.objects.count()) == (204, 0)


def test_quality_profiles(program: Program) -> None:
    assert [one["name"] for one in program("GET", "settings/profiles")["items"]] == ["Vietnamese first", "Best picture"]
    new = program("POST", "settings/profiles", {"name": "Phone", "resolutions": ["720p", "sd"], "most_per_hour": 2.5})
    assert (program.status, new["resolutions"], new["is_default"]) == (201, ["720p", "sd"], False)
    changed = program("PATCH", f"settings/profiles/{new['id']}", {"is_default": True, "most_per_hour": None})
    assert (changed["is_default"], changed["most_per_hour"]) == (True, None)
    program("DELETE", f"settings/profiles/{new['id']}")
    left = program("GET", "settings/profiles")["items"]
    assert (program.status, len(left), left[0]["is_default"]) == (200, 2, True)
