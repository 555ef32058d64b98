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
from tests.search.providers import asked

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


def test_a_name_without_a_year_means_the_one_that_most_people_know(world: Simulator) -> None:
    found = run("search", "Dune")
    assert found["title"]["tmdb_id"] == 438631
    assert 841 in [one["tmdb_id"] for one in found["others"]]
    out = StringIO()
    call_command("grab", "Dune", "--dry-run", stdout=out)
    first, second, *_ = out.getvalue().splitlines()
    assert first == "Dune (2021)  movie/438631"
    assert second.startswith("It may also mean: Dune (1984)  movie/841; ")


def test_seasons_that_are_none_are_not_looked_for(world: Simulator) -> None:
    with pytest.raises(CommandError, match="has no season 7"):
        call_command("grab", "Chernobyl", "--season", "7", stdout=StringIO())
    assert asked(world, "timfshare") == []


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
