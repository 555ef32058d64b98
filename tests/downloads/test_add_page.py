from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from downloads import intake, preview
from downloads.models import Batch, Download, Priority
from downloads.states import Status
from flasharr.simulator.demo import SEASON_1, SERIES, demo_world
from flasharr.simulator.simulator import Simulator
from hosts import accounts
from tests.downloads.conftest import make_download

SERIES_LINK = f"https://www.fshare.vn/folder/{SERIES}"
FILM = "https://www.fshare.vn/file/DEMOFILM0001"
GONE = "https://www.fshare.vn/file/DEMOGONE0001"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_workers", "fshare")]


@pytest.fixture
def fshare(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[Simulator]:
    """The simulator stands in for Fshare, with its account set up."""
    with Simulator(demo_world(speed=0)) as simulator:
        monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, **simulator.environment()})
        accounts.from_environment()
        yield simulator


def text_of(page: bytes) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode())))


def ticks(page: bytes) -> list[str]:
    return re.findall(r'name="file" value="([^"]+)"[^>]* checked', page.decode())


def test_a_folder_is_shown_as_a_tree_before_anything_is_added(reader: Client) -> None:
    page = reader.post("/add/preview/", {"text": SERIES_LINK}).content
    text = text_of(page)
    assert len(ticks(page)) == 12
    assert "Season 1 8 files, 131 MB" in text
    assert "Undercurrent.S02E04.Daybreak" in text
    assert not Download.objects.exists()


def test_dead_known_and_refused_links_are_marked_and_not_ticked(reader: Client) -> None:
    make_download(Status.PAUSED, code="DEMOFILM0001")
    page = reader.post("/add/preview/", {"text": f"{FILM} {GONE} ftp://old.example/x.mkv http://127.0.0.1/x"}).content
    text = text_of(page)
    assert ticks(page) == []
    assert "Here already: Paused" in text
    assert "Gone from the host" in text
    assert "Only http and https addresses can be downloaded." in text
    assert "private network" in text
    assert "None of this can be added" in text


def test_a_file_that_was_deleted_can_be_added_again(reader: Client, tmp_path: Path) -> None:
    make_download(Status.COMPLETED, code="DEMOFILM0001", root=str(tmp_path), path=str(tmp_path / "deleted.mkv"))
    page = reader.post("/add/preview/", {"text": FILM}).content
    assert len(ticks(page)) == 1
    answer = reader.post("/add/", {"text": FILM, "previewed": "1", "file": ticks(page)}, follow=True)
    assert "1 download added." in text_of(answer.content)
    assert Download.objects.get().status == Status.QUEUED


def test_only_the_ticked_files_are_added_with_what_was_asked(reader: Client) -> None:
    page = reader.post("/add/preview/", {"text": SERIES_LINK}).content
    answer = reader.post(
        "/add/",
        {
            "text": SERIES_LINK,
            "previewed": "1",
            "file": ticks(page)[:2],
            "directory": "Phim bộ",
            "password": "mở",
            "priority": "1",
        },
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
    rows = list(Download.objects.all())
    assert [row.name[:19] for row in rows] == ["Undercurrent.S01E01", "Undercurrent.S01E02"]
    assert {row.directory for row in rows} == {"Phim bộ/Sóng Ngầm - Undercurrent (2024)/Season 1"}
    assert {row.priority for row in rows} == {Priority.HIGH}
    assert all(row.sealed_password and "mở" not in row.sealed_password for row in rows)
    assert Batch.objects.get().name == "Sóng Ngầm - Undercurrent (2024)"
    assert "2 downloads added." in text_of(reader.get("/").content)


def test_adding_twice_says_that_it_was_here(reader: Client) -> None:
    reader.post("/add/", {"text": FILM})
    page = reader.post("/add/", {"text": FILM}, follow=True)
    assert "1 was here already." in text_of(page.content)
    assert Download.objects.count() == 1


def test_htmx_gets_an_empty_box_and_a_fresh_list(htmx: Client) -> None:
    answer = htmx.post("/add/", {"text": FILM})
    page = answer.content.decode()
    assert page.strip().startswith('<section id="add"')
    assert FILM not in page
    assert 'id="stale" hx-swap-oob="true"' in page
    assert "1 download added." in page


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste at least one link."),
        ("nothing to see", "No link was found."),
        ("javascript:alert(1)", "Only http and https addresses can be downloaded."),
        ("ftp://old.example/x.mkv", "Only http and https addresses can be downloaded."),
        ("http://169.254.169.254/latest/meta-data", "It is never downloaded from."),
        ("x" * 1_000_001, "The text is too long."),
        (" ".join(f"https://e.example/{n}.bin" for n in range(10_000)), "at most 1,000 can be added at once"),
    ],
    ids=["empty", "no link", "javascript", "ftp", "metadata address", "a megabyte", "ten thousand links"],
)
@pytest.mark.parametrize("address", ["/add/preview/", "/add/"])
def test_what_cannot_be_added_comes_back_with_a_sentence(htmx: Client, address: str, text: str, sentence: str) -> None:
    answer = htmx.post(address, {"text": text})
    assert answer.status_code == 422
    assert sentence in text_of(answer.content)
    assert not Download.objects.exists()


@pytest.mark.parametrize("directory", ["../etc", "/etc", "a/../../b", "..\\x"])
def test_a_folder_outside_is_refused(reader: Client, directory: str) -> None:
    answer = reader.post("/add/", {"text": FILM, "directory": directory})
    assert answer.status_code == 422
    assert not Download.objects.exists()


def test_a_preview_with_nothing_ticked_adds_nothing(reader: Client) -> None:
    answer = reader.post("/add/", {"text": FILM, "previewed": "1"})
    assert answer.status_code == 422
    assert "Choose at least one file." in text_of(answer.content)


def test_more_than_fits_is_said_before_it_is_added(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("downloads.overview.free_bytes", lambda path: 1_000)
    assert "Not everything fits on the disk" in text_of(reader.post("/add/preview/", {"text": FILM}).content)


def test_a_host_that_is_down_is_said_beside_the_link(reader: Client, fshare: Simulator) -> None:
    fshare.stop()
    page = reader.post("/add/preview/", {"text": FILM})
    assert page.status_code == 200
    assert "Fshare does not answer" in text_of(page.content)


def test_a_key_in_a_preview_is_the_one_that_adding_understands() -> None:
    [link] = intake.find(FILM)[0]
    assert preview.key(link) == "fshare:DEMOFILM0001"


def test_a_preview_offers_the_normal_priority(reader: Client) -> None:
    answer = reader.post("/add/preview/", {"text": "http://127.0.0.1.example/film.mkv"})
    assert '<option value="0" selected>' in answer.content.decode()


def asked_for(page: bytes, **fields: str) -> dict[str, Any]:
    return {"text": SERIES_LINK, "previewed": "1", "file": ticks(page)[:3], **fields}


def kept(page: bytes) -> list[str]:
    return re.findall(r'<input type="hidden" name="file" value="([^"]+)"', page.decode())


def test_a_folder_that_cannot_be_listed_any_more_adds_nothing_and_keeps_the_ticks(
    reader: Client, fshare: Simulator
) -> None:
    text = f"{SERIES_LINK} {FILM}"
    asked = asked_for(reader.post("/add/preview/", {"text": text}).content, text=text)
    assert asked["file"][0] == "fshare:DEMOFILM0001"
    for part in ("api", "web"):
        fshare.fault("busy", call=part, count=None)
    cache.clear()  # as after half an hour
    answer = reader.post("/add/", asked)
    assert answer.status_code == 422
    assert not Download.objects.exists()
    assert "Fshare asks us to slow down." in text_of(answer.content)
    assert "2 ticked files of a folder that cannot be looked into now stay ticked." in text_of(answer.content)
    assert SERIES_LINK in answer.content.decode()
    assert ticks(answer.content) == ["fshare:DEMOFILM0001"]
    assert set(kept(answer.content)) == set(asked["file"][1:])
    fshare.clear_faults()
    again = ticks(answer.content) + kept(answer.content)
    assert reader.post("/add/", {**asked, "file": again}).status_code == 302
    assert Download.objects.count() == 3


def test_ticked_files_that_are_not_there_any_more_are_counted_and_nothing_is_added(
    reader: Client, fshare: Simulator
) -> None:
    asked = asked_for(reader.post("/add/preview/", {"text": SERIES_LINK}).content)
    fshare.world.folders[SEASON_1].items = fshare.world.folders[SEASON_1].items[2:]
    cache.clear()  # as after half an hour
    answer = reader.post("/add/", asked)
    assert answer.status_code == 422
    assert "Ticked files that are not there any more: 2." in text_of(answer.content)
    assert not Download.objects.exists()
    assert ticks(answer.content) == asked["file"][2:]
    assert kept(answer.content) == []


def test_a_refused_folder_name_keeps_the_ticks(reader: Client) -> None:
    asked = asked_for(reader.post("/add/preview/", {"text": SERIES_LINK}).content, directory="../etc")
    answer = reader.post("/add/", asked)
    assert answer.status_code == 422
    assert "Give a folder below the download folder" in text_of(answer.content)
    assert ticks(answer.content) == asked["file"]


def test_a_preview_holds_no_more_files_than_its_form_can_send(
    reader: Client, fshare: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert intake.MOST_IN_ALL < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS - 100
    monkeypatch.setattr(intake, "MOST_IN_ALL", 12)
    assert reader.post("/add/preview/", {"text": SERIES_LINK}).status_code == 200
    answer = reader.post("/add/preview/", {"text": f"{SERIES_LINK} {FILM}"})
    assert answer.status_code == 422
    assert "The links hold more than 12 files in all." in text_of(answer.content)
