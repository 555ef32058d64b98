from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from downloads.models import Batch, Download
from flasharr.simulator import Simulator
from tests.search.pages.conftest import text_of

pytestmark = pytest.mark.django_db(transaction=True)

DUNE = "/title/movie/438631/"
SOLO = "/title/tv/127532/"


def keys(page: bytes) -> list[str]:
    return re.findall(r'name="file" value="([^"]+)"', page.decode())


def test_one_press_gets_the_best_file_of_a_film(htmx: Client, reader: Client, simulator: Simulator) -> None:
    best = keys(reader.get(f"{DUNE}?all=1").content)[0]
    answer = htmx.post(f"{DUNE}grab/", {"file": best})
    assert "flasharr:grabbed" in answer["HX-Trigger"]
    assert "1 file put into the queue." in text_of(answer.content)
    row = Download.objects.get()
    assert f"{row.directory}/{row.filename}" == "Dune (2021)/Dune (2021) - 1080p BluRay.mkv"
    assert "Here already:" in text_of(reader.get(f"{DUNE}?all=1").content)


def test_a_file_that_was_deleted_can_be_had_again(
    htmx: Client, reader: Client, simulator: Simulator, tmp_path: Path
) -> None:
    best = keys(reader.get(f"{DUNE}?all=1").content)[0]
    htmx.post(f"{DUNE}grab/", {"file": best})
    Download.objects.update(status="completed", root=str(tmp_path), path=str(tmp_path / "deleted.mkv"))
    for address in (f"{DUNE}?all=1", f"{DUNE}plan/"):
        page = reader.get(address).content
        assert "Here already:" not in text_of(page)
        assert keys(page)[0] == best
    answer = htmx.post(f"{DUNE}grab/", {"file": best})
    assert "1 file put into the queue." in text_of(answer.content)
    assert Download.objects.get().status == "queued"


def test_what_failed_is_the_best_no_longer(htmx: Client, reader: Client, simulator: Simulator) -> None:
    first = keys(reader.get(f"{DUNE}?all=1").content)[0]
    htmx.post(f"{DUNE}grab/", {"file": first})
    Download.objects.update(status="failed")
    best = reader.get(f"{DUNE}?all=1").content.decode().partition('class="panel best"')[2].partition("</ul>\n</div>")[0]
    assert "Get the best" in best
    assert Download.objects.get().name not in best


def test_a_season_is_planned_with_its_gaps_and_grabbed(reader: Client, simulator: Simulator) -> None:
    page = reader.get(f"{SOLO}plan/?season=1").content
    text = text_of(page)
    assert "10 of 12 episodes" in text
    assert re.search(r"Nobody offers S01E05 S01E09", text)
    chosen = keys(page)
    assert len(chosen) == 10
    form = {"plan": "1", "season": "1", "file": chosen[1:]}
    assert reader.post(f"{SOLO}grab/", form, follow=True).redirect_chain == [("/", 302)]
    assert Download.objects.count() == 9
    assert Batch.objects.get().name == "Solo Leveling (2024) S01"
    assert Download.objects.filter(directory="Solo Leveling (2024)/Season 01").count() == 9
    again = text_of(reader.get(f"{SOLO}plan/?season=1").content)
    assert "Here already" in again
    assert "1 file to add" in again
    assert "In the queue" in text_of(reader.get(f"{SOLO}?season=1&all=1").content)


def test_another_set_can_lead(reader: Client, simulator: Simulator) -> None:
    first, second = (keys(reader.get(f"{SOLO}plan/?season=1&set={number}").content) for number in (0, 1))
    assert first != second
    text = text_of(reader.get(f"{SOLO}plan/?season=1&set=1").content)
    assert "10 of 12 episodes" in text
    assert "From another set" in text


def test_what_nobody_offers_changes_nothing(reader: Client, simulator: Simulator) -> None:
    for chosen in ([], ["fshare:NOBODY"], ["'; DROP TABLE"], ["\0"]):
        answer = reader.post(f"{DUNE}grab/", {"file": chosen}, follow=True)
        assert re.search("Choose at least one file|not offered any more", text_of(answer.content))
    assert not Download.objects.exists()


def test_a_silent_source_is_not_nobody(reader: Client, simulator: Simulator) -> None:
    simulator.fault("server_error", call="search", count=None)
    text = text_of(reader.get(f"{SOLO}plan/?season=1").content)
    assert "TimFshare does not answer" in text
    assert "Not found so far S01E01" in text
    assert "Nobody offers" not in text


def test_looking_at_a_plan_changes_nothing(reader: Client, simulator: Simulator) -> None:
    reader.get(f"{SOLO}plan/?every=1")
    assert not Download.objects.exists()
    assert reader.get(f"{SOLO}grab/").status_code == 405
    for query in ("season=99", "set=999", "set=x", "profile=0"):
        assert reader.get(f"{SOLO}plan/?{query}").status_code == 200


def test_a_failing_tmdb_is_told(reader: Client, simulator: Simulator) -> None:
    simulator.fault("server_error", call="tmdb", count=None)
    assert reader.get(f"{SOLO}plan/").status_code == 503
    answer = reader.post(f"{SOLO}grab/", {"file": "fshare:X"}, follow=True)
    assert "TMDB does not answer." in text_of(answer.content)
