"""Folders that were added before, and links that wait: what is new there, and what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from downloads import dead_links, intake, wake
from downloads.models import Batch, Download
from downloads.states import Status
from downloads.watch import Watch
from flasharr.simulator.simulator import Simulator
from flasharr.simulator.world import World
from hosts import accounts
from tests.downloads.conftest import make_download

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_workers")]

SEASON = "https://www.fshare.vn/folder/SEASON"
TOMORROW = timedelta(days=1)


@pytest.fixture(autouse=True)
def fshare(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[Simulator]:
    """A season of six episodes."""
    with Simulator(World()) as simulator:
        monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, **simulator.environment()})
        accounts.from_environment()
        codes = [f"EPISODE{number}" for number in range(1, 7)]
        for code in codes:
            simulator.add_file(code, f"{code}.mkv", 1000)
        simulator.add_folder("SEASON", "Mùa 1", codes)
        yield simulator


def put_in(fshare: Simulator, code: str) -> None:
    fshare.add_file(code, f"{code}.mkv", 1000)
    fshare.world.folders["SEASON"].items = [*fshare.world.folders["SEASON"].items, code]


def codes() -> set[str]:
    return set(Download.objects.filter(removed_at=None).values_list("code", flat=True))


def test_a_second_look_adds_what_is_new_to_the_same_batch(fshare: Simulator) -> None:
    intake.add(SEASON, directory="Series")
    batch = Batch.objects.get()
    assert intake.revisit(batch) == []
    put_in(fshare, "EPISODE7")
    [added] = intake.revisit(batch)
    assert (added.download.code, added.download.directory) == ("EPISODE7", "Series/Mùa 1")
    assert added.download.batch == Batch.objects.get() == batch


def test_what_was_passed_over_or_removed_is_not_new(fshare: Simulator) -> None:
    intake.add(intake.preview(SEASON), {"fshare:EPISODE1", "fshare:EPISODE2"})
    Download.objects.filter(code="EPISODE2").delete()
    put_in(fshare, "EPISODE7")
    intake.revisit(Batch.objects.get())
    assert codes() == {"EPISODE1", "EPISODE7"}


def test_pasting_the_folder_again_joins_the_batch(fshare: Simulator) -> None:
    intake.add(SEASON)
    put_in(fshare, "EPISODE7")
    intake.add(SEASON)
    assert Batch.objects.get().downloads.count() == 7


def test_the_menu_of_a_row_looks_again(reader: Client, fshare: Simulator) -> None:
    intake.add(SEASON)
    put_in(fshare, "EPISODE7")
    address = f"/batches/{Batch.objects.get().pk}/revisit/"
    assert address in reader.get("/").content.decode()
    page = reader.post(address, follow=True).content.decode()
    assert "1 new file in Mùa 1." in page
    assert "EPISODE7" in codes()


def test_a_folder_that_is_gone_says_so(reader: Client, fshare: Simulator) -> None:
    intake.add(SEASON)
    del fshare.world.folders["SEASON"]
    page = reader.post(f"/batches/{Batch.objects.get().pk}/revisit/", follow=True).content.decode()
    assert "no longer on the host" in page
    assert len(codes()) == 6


@pytest.mark.parametrize("pk", [0, 999_999])
def test_a_batch_that_is_not_there_or_has_no_folder_is_not_found(reader: Client, pk: int) -> None:
    nameless = Batch.objects.create(name="pasted together")
    assert reader.post(f"/batches/{pk}/revisit/").status_code == 404
    assert reader.post(f"/batches/{nameless.pk}/revisit/").status_code == 404


def test_the_administration_looks_again(client: Client, admin_user: User, fshare: Simulator) -> None:
    intake.add(SEASON)
    put_in(fshare, "EPISODE7")
    client.force_login(admin_user)
    form = {"action": "revisit", "_selected_action": [Batch.objects.get().pk]}
    page = client.post("/admin/downloads/batch/", form, follow=True).content.decode()
    assert "1 download added." in page


def test_dead_links_are_found_before_their_turn(fshare: Simulator) -> None:
    intake.add(SEASON)
    make_download(Status.PAUSED, code="EPISODEX", created_at=timezone.now())
    alone = make_download(Status.PAUSED, code="ALONE", created_at=timezone.now())
    fshare.add_file("ALONE", "alone.mkv", 1000)
    fshare.world.folders["SEASON"].items = [f"EPISODE{number}" for number in range(1, 6)]
    del fshare.world.files["EPISODE6"]
    before = len(fshare.journal)
    assert dead_links.check(timezone.now()) == 0
    assert len(fshare.journal) == before
    assert dead_links.check(timezone.now() + TOMORROW) == 2
    gone = Download.objects.filter(status=Status.FAILED, reason_code="link_dead")
    assert set(gone.values_list("code", flat=True)) == {"EPISODE6", "EPISODEX"}
    assert len(fshare.journal.calls("v3")) - before < 12
    alone.refresh_from_db()
    assert alone.checked_at
    assert not dead_links.due(timezone.now() + TOMORROW).exists()


def test_a_host_in_trouble_is_left_alone_and_nothing_is_called_dead(fshare: Simulator) -> None:
    for _ in range(4):
        make_download(Status.QUEUED)
    fshare.fault("busy", call="api", count=None)
    fshare.fault("busy", call="web", count=None)
    before = len(fshare.journal)
    assert dead_links.check(timezone.now() + TOMORROW) == 0
    assert len(fshare.journal) - before <= 2
    assert not Download.objects.filter(status=Status.FAILED).exists()


def test_one_link_that_does_not_open_keeps_no_other_from_being_asked_about(fshare: Simulator) -> None:
    fshare.world.rules.gated = "403"
    fshare.add_file("GATED", "gated.mkv", 1000, token="1613735234")
    fshare.add_file("NAMELESS", "its name.mkv", 1000)
    gated = make_download(Status.PAUSED, code="GATED", url="https://www.fshare.vn/file/GATED", name="")
    gone = make_download(Status.PAUSED)
    nameless = make_download(Status.PAUSED, code="NAMELESS", url="https://www.fshare.vn/file/NAMELESS", name="")
    intake.describe_unseen()
    nameless.refresh_from_db()
    assert nameless.name == "its name.mkv"
    assert dead_links.check(timezone.now() + TOMORROW) == 1
    gone.refresh_from_db()
    gated.refresh_from_db()
    assert (gone.status, gated.status) == (Status.FAILED, Status.PAUSED)
    assert gated.checked_at


def test_it_is_asked_for_once_an_hour_of_the_night(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(wake, "link_checker", lambda: asked.append("now"))
    make_download(Status.QUEUED, created_at=datetime(2026, 1, 1, tzinfo=UTC))
    watch = Watch()
    with timezone.override("Asia/Ho_Chi_Minh"):
        watch.check_links(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
        assert asked == []
        watch.check_links(datetime(2026, 3, 1, 20, 0, tzinfo=UTC))
        watch.check_links(datetime(2026, 3, 1, 20, 1, tzinfo=UTC))
    assert asked == ["now"]
