"""manage.py search and grab."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from downloads.models import Download
from flasharr.simulator import Simulator
from tests.search.asking import no_workers, running, world

__all__ = ["no_workers", "running", "world"]


def run(*words: str) -> Any:
    out = StringIO()
    call_command(*words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_search_shows_the_best_first(world: Simulator) -> None:
    found = run("search", "Dune", "--year", "2021")
    assert found["title"]["tmdb_id"] == 438631
    assert found["items"][0]["name"] == "Hành Tinh Cát - Dune 2021 1080p BluRay Thuyết Minh.mkv"
    out = StringIO()
    call_command("search", "movie/438631", stdout=out)
    assert out.getvalue().splitlines()[0] == "Dune (2021)  movie/438631"


def test_search_for_an_episode(world: Simulator) -> None:
    found = run("search", "Chernobyl", "--season", "1", "--episode", "2")
    assert all([1, 2] in one["episodes"] for one in found["items"] if one["accepted"])
    assert found["missing"] == []


def test_search_without_a_key_goes_by_the_name(world: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {"TMDB_API_KEY": "", "TMDB_ACCESS_TOKEN": ""}
    monkeypatch.setattr(settings, "SEARCH_CONFIG", {**settings.SEARCH_CONFIG, **nothing})
    assert run("search", "Dune", "--year", "2021")["accepted"] > 0


def test_grab_a_season(world: Simulator) -> None:
    plan = run("grab", "Chernobyl", "--season", "1", "--dry-run")
    assert (len(plan["plan"]["items"]), plan["items"], Download.objects.count()) == (5, [], 0)
    done = run("grab", "Chernobyl", "--season", "1")
    assert (len(done["items"]), Download.objects.count()) == (5, 5)
    with pytest.raises(CommandError, match="in the library already"):
        call_command("grab", "Chernobyl", "--season", "1", stdout=StringIO())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["search", "zzz nobody made this"], "No title is called"),
        (["search", "Dune", "--episode", "1"], "Give --season"),
        (["search", "Dune", "--profile", "Nobody's"], "There is no quality profile"),
        (["grab", "Dune", "--season", "-1"], "from 0 on"),
    ],
)
def test_what_makes_no_sense_fails(world: Simulator, words: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command(*words, stdout=StringIO())
    assert not Download.objects.exists()
