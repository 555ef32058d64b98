"""Folders that are too large for one look: opened level by level, added whole, asked for once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from downloads import intake
from downloads.listings import Glance
from downloads.models import Batch, Download
from downloads.preview import IntakeRefused
from flasharr.simulator.simulator import Simulator
from flasharr.simulator.world import World
from hosts import accounts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_workers")]

TOP = "https://www.fshare.vn/folder/TOP"


@pytest.fixture
def fshare(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[Simulator]:
    """A library: TOP holds two films and 20 series, the first of them two seasons of three episodes."""
    with Simulator(World()) as simulator:
        monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, **simulator.environment()})
        accounts.from_environment()
        for season in (1, 2):
            codes = [f"S{season}E{number}" for number in (1, 2, 3)]
            for code in codes:
                simulator.add_file(code, f"{code}.mkv", 1000)
            simulator.add_folder(f"SEASON{season}", f"Mùa {season}", codes)
        simulator.add_folder("SERIES0", "Series 0", ["SEASON1", "SEASON2"])
        for number in range(1, 20):
            simulator.add_file(f"EXTRA{number}", f"extra {number}.mkv", 1000)
            simulator.add_folder(f"SERIES{number}", f"Series {number}", [f"EXTRA{number}"])
        for code in ("FILMA", "FILMB"):
            simulator.add_file(code, f"{code}.mkv", 1000)
        simulator.add_folder("TOP", "Library", ["FILMA", "FILMB", *(f"SERIES{number}" for number in range(20))])
        yield simulator


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for more than the first level."""
    monkeypatch.setattr(Glance, "SECONDS", 0.0)


def sent(page: bytes, name: str, *, only_ticked: bool = True) -> list[str]:
    """What the form of a preview would send under a name."""
    text = html.unescape(page.decode())
    return re.findall(rf'name="{name}" value="([^"]+)"' + ("[^>]* checked" if only_ticked else ""), text)


def asked(page: bytes, **more: object) -> dict[str, object]:
    return {"text": TOP, "previewed": "1", "file": sent(page, "file"), "folder": sent(page, "folder"), **more}


def listings(fshare: Simulator) -> int:
    return len([request for request in fshare.journal.calls("v3") if "per-page=100" in request.path])


@pytest.mark.usefixtures("hasty")
def test_a_large_folder_shows_its_first_level_and_opens_further_ones(reader: Client, fshare: Simulator) -> None:
    first = reader.post("/add/preview/", {"text": TOP}).content
    assert sent(first, "file") == ["fshare:FILMA", "fshare:FILMB"]
    assert len(sent(first, "folder")) == 20
    assert "20 folders were not looked into yet." in html.unescape(first.decode())
    before = listings(fshare)
    second = reader.post("/add/preview/", asked(first, open="fshare:SERIES0")).content
    assert set(sent(second, "folder")) >= {"fshare:SEASON1", "fshare:SEASON2"}
    assert "fshare:SERIES0" not in sent(second, "folder", only_ticked=False)
    third = reader.post("/add/preview/", asked(second, open="fshare:SEASON2")).content
    assert sent(third, "file") == ["fshare:S2E1", "fshare:S2E2", "fshare:S2E3", "fshare:FILMA", "fshare:FILMB"]
    assert listings(fshare) == before + 2


@pytest.mark.usefixtures("hasty")
def test_ticks_stay_as_they_were_while_folders_are_opened(reader: Client, fshare: Simulator) -> None:
    first = reader.post("/add/preview/", {"text": TOP}).content
    page = reader.post(
        "/add/preview/", asked(first, file="fshare:FILMB", folder="fshare:SERIES3", open=["fshare:SERIES1"])
    ).content
    assert sent(page, "file") == ["fshare:FILMB"]
    assert sent(page, "folder") == ["fshare:SERIES3"]
    assert "fshare:EXTRA1" in sent(page, "file", only_ticked=False)


@pytest.mark.usefixtures("hasty")
def test_a_ticked_folder_is_added_with_everything_in_it_as_one_batch(reader: Client, fshare: Simulator) -> None:
    first = reader.post("/add/preview/", {"text": TOP}).content
    answer = reader.post("/add/", asked(first, file="fshare:FILMA", folder=["fshare:SERIES0", "fshare:SERIES7"]))
    assert answer.status_code == 302
    rows = dict(Download.objects.values_list("code", "directory"))
    assert rows == {
        "FILMA": "Library",
        "EXTRA7": "Library/Series 7",
        **{f"S{season}E{number}": f"Library/Series 0/Mùa {season}" for season in (1, 2) for number in (1, 2, 3)},
    }
    assert Batch.objects.get().downloads.count() == 8


@pytest.mark.usefixtures("hasty")
def test_looking_that_takes_too_long_stops_and_goes_on_with_the_next_press(
    reader: Client, fshare: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = reader.post("/add/preview/", {"text": TOP}).content
    monkeypatch.setattr(Glance, "LONGEST", 0.0)
    wanted = asked(first)
    answer = reader.post("/add/", wanted)
    assert answer.status_code == 422
    assert "Press the button again to go on" in html.unescape(answer.content.decode())
    assert not Download.objects.exists()
    monkeypatch.setattr(Glance, "LONGEST", 60.0)
    assert reader.post("/add/", wanted).status_code == 302
    assert Download.objects.count() == 27


def test_a_preview_and_the_adding_ask_the_host_once(reader: Client, fshare: Simulator) -> None:
    page = reader.post("/add/preview/", {"text": TOP}).content
    before = len(fshare.journal)
    assert reader.post("/add/", asked(page)).status_code == 302
    assert Download.objects.count() == 27
    assert len(fshare.journal) == before


def test_a_folder_that_does_not_open_is_shown_and_the_rest_is_added(reader: Client, fshare: Simulator) -> None:
    fshare.world.rules.gated = "403"
    fshare.world.folders["SERIES0"].token = "1613735234"
    page = reader.post("/add/preview/", {"text": TOP}).content.decode()
    assert "Series 0" in page
    assert "without its token" in page
    assert len(sent(page.encode(), "file")) == 2 + 19
    added = intake.add(TOP)
    assert len(added) == 2 + 19
    fshare.world.folders["SERIES0"].token = ""
    batch = added[0].download.batch
    assert batch is not None
    assert len(intake.revisit(batch)) == 6
    fshare.world.folders["TOP"].token = "1613735234"
    with pytest.raises(IntakeRefused, match="without its token"):
        intake.add(TOP)


def test_a_new_preview_asks_the_host_again(reader: Client, fshare: Simulator) -> None:
    reader.post("/add/preview/", {"text": TOP})
    fshare.add_file("FILMC", "FILMC.mkv", 1000)
    fshare.world.folders["TOP"].items = [*fshare.world.folders["TOP"].items, "FILMC"]
    assert "fshare:FILMC" in sent(reader.post("/add/preview/", {"text": TOP}).content, "file")


def test_five_thousand_files_become_one_batch(fshare: Simulator) -> None:
    codes = [f"PART{number:04}" for number in range(5_000)]
    for code in codes:
        fshare.add_file(code, f"{code}.mkv", 1000)
    fshare.add_folder("MANY", "Many", codes)
    added = intake.add(intake.preview("https://www.fshare.vn/folder/MANY"))
    assert len(added) == Batch.objects.get().downloads.count() == 5_000
