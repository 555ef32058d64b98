from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from flasharr.simulator.simulator import Simulator
from hosts import accounts
from hosts.models import Account
from search.catalogue import actions, crawl, queries
from search.catalogue.crawl import Pace
from search.catalogue.models import CatalogueEntry, CatalogueFolder, FolderSubscription
from tests.search.catalogue.conftest import ROOT, Clock, alive, dead

Visit = Callable[[], int]
ALL = {"FILM01", "FILM02", "FILM03", "EPIS01", "EPIS02"}

pytestmark = pytest.mark.django_db(transaction=True)


def listings(simulator: Simulator) -> int:
    return len(simulator.journal.calls("v3"))


def problem(row: FolderSubscription) -> str:
    """The code of what keeps it waiting, as the database has it now; "" for nothing."""
    row.refresh_from_db()
    return row.reason.code if row.reason else ""


def test_a_visit_finds_every_file_with_its_folder_and_facts(followed: FolderSubscription) -> None:
    assert alive() == ALL
    episode = CatalogueEntry.objects.get(code="EPIS02")
    assert (episode.path, episode.season, episode.episode, episode.kind) == ("Phim hay/Mùa 2", 2, 2, "episode")
    film = CatalogueEntry.objects.get(code="FILM01")
    assert (film.title_key, film.year, film.size, film.kind) == ("bo gia", 2021, 5_000, "movie")
    assert (followed.files, followed.is_visiting, followed.reason) == (5, False, None)


def test_the_next_visit_is_due_after_the_interval_only(
    followed: FolderSubscription, fshare: Simulator, visit: Visit, clock: Clock
) -> None:
    before = listings(fshare)
    clock.pass_by(hours=23)
    assert visit() == 0
    assert listings(fshare) == before
    clock.pass_by(hours=2)
    assert visit() == 3


def test_a_visit_without_changes_writes_no_entry(followed: FolderSubscription, visit: Visit, clock: Clock) -> None:
    clock.pass_by(hours=25)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        visit()
    written = [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in written if "catalogueentry" in sql or "placement" in sql or "catalogue_text" in sql]


def test_what_is_new_renamed_moved_and_gone_is_noticed(
    followed: FolderSubscription, fshare: Simulator, visit: Visit, clock: Clock
) -> None:
    fshare.add_file("FILM04", "Tiệc Trăng Máu 2020.mkv", 1_000)
    fshare.world.files["FILM02"].name = "Mắt Biếc 2019 REMUX.mkv"
    fshare.world.folders["ROOT01"].items = ["SEASON", "FILM02", "FILM03", "FILM04"]
    fshare.world.folders["SEASON"].items = ["EPIS01", "FILM01"]
    clock.pass_by(hours=25)
    visit()
    assert (alive(), dead()) == ({"FILM01", "FILM02", "FILM03", "FILM04", "EPIS01"}, {"EPIS02"})
    assert CatalogueEntry.objects.get(code="FILM01").path == "Phim hay/Mùa 2"
    assert [row.code for row in queries.look_up("remux")] == ["FILM02"]
    assert not queries.look_up("s02e02")


def test_nothing_is_dead_before_the_visit_is_whole(
    followed: FolderSubscription, fshare: Simulator, clock: Clock
) -> None:
    fshare.world.folders["ROOT01"].items = ["SEASON", "FILM01"]
    fshare.world.folders["SEASON"].items = ["EPIS01"]
    clock.pass_by(hours=25)
    for _ in range(2):  # both folders
        crawl.work(Pace(seconds=0, pause=0, now=clock))
        assert alive() == ALL
    crawl.work(Pace(seconds=0, pause=0, now=clock))
    assert alive() == {"FILM01", "EPIS01"}


def test_a_file_that_comes_back_lives_again(
    followed: FolderSubscription, fshare: Simulator, visit: Visit, clock: Clock
) -> None:
    fshare.world.folders["ROOT01"].items.remove("FILM03")
    clock.pass_by(hours=25)
    visit()
    assert dead() == {"FILM03"}
    fshare.world.folders["ROOT01"].items.append("FILM03")
    clock.pass_by(hours=25)
    visit()
    assert (alive(), dead()) == (ALL, set())


def test_files_marked_deleted_and_folders_that_are_gone_are_dead(
    followed: FolderSubscription, fshare: Simulator, visit: Visit, clock: Clock
) -> None:
    fshare.world.folders["SEASON"].dead = "json"
    clock.pass_by(hours=25)
    visit()
    assert dead() == {"EPIS01", "EPIS02"}
    assert CatalogueFolder.objects.count() == 1


def test_a_folder_that_does_not_open_keeps_what_was_found_in_it(
    followed: FolderSubscription, fshare: Simulator, visit: Visit, clock: Clock
) -> None:
    fshare.world.rules.gated = "403"
    fshare.add_file("EXTRA1", "Extra 1.mkv", 1000)
    fshare.add_folder("EXTRAS", "Extras", ["EXTRA1"])
    fshare.world.folders["SEASON"].items = [*fshare.world.folders["SEASON"].items, "EXTRAS"]
    clock.pass_by(hours=25)
    visit()
    fshare.world.folders["SEASON"].token = "1613735234"
    for _ in range(2):
        clock.pass_by(hours=25)
        visit()
        assert (alive(), dead()) == (ALL | {"EXTRA1"}, set())
        assert problem(followed) == ""
    fshare.world.folders["SEASON"].token = ""
    fshare.world.folders["SEASON"].items = ["EPIS01"]
    clock.pass_by(hours=25)
    visit()
    assert dead() == {"EPIS02", "EXTRA1"}


def test_cycles_and_repeats_are_visited_once(fshare: Simulator, visit: Visit) -> None:
    fshare.world.folders["SEASON"].items += ["ROOT01", "SEASON", "FILM01", "FILM01"]
    actions.subscribe(ROOT)
    assert visit() == 3
    assert CatalogueEntry.objects.count() == 5
    assert FolderSubscription.objects.get().listed_folders == 2


def test_a_file_in_two_followed_folders_lives_while_one_holds_it(
    followed: FolderSubscription, fshare: Simulator, visit: Visit, clock: Clock
) -> None:
    fshare.add_folder("OTHER1", "Khác", ["FILM01"])
    actions.subscribe("https://www.fshare.vn/folder/OTHER1")
    clock.pass_by(minutes=1)
    visit()
    fshare.world.folders["ROOT01"].items.remove("FILM01")
    clock.pass_by(hours=25)
    visit()
    assert alive() == ALL
    fshare.world.folders["OTHER1"].items = ["FILM02"]
    clock.pass_by(hours=25)
    visit()
    assert dead() == {"FILM01"}


def test_a_file_belongs_to_the_folder_that_still_holds_it(
    followed: FolderSubscription, fshare: Simulator, visit: Visit, clock: Clock
) -> None:
    fshare.add_folder("OTHER1", "Khác", ["FILM01"])
    other = actions.subscribe("https://www.fshare.vn/folder/OTHER1", 1_000)
    clock.pass_by(minutes=1)
    visit()
    fshare.world.folders["ROOT01"].items.remove("FILM01")
    clock.pass_by(hours=25)
    visit()  # of the first folder only
    assert queries.entries(subscription=other.pk).get().code == "FILM01"


def test_an_emptied_folder_is_believed_the_second_time(
    followed: FolderSubscription, fshare: Simulator, visit: Visit, clock: Clock
) -> None:
    fshare.world.folders["ROOT01"].items = []
    clock.pass_by(hours=25)
    visit()
    assert problem(followed) == "came_back_empty"
    assert alive() == ALL
    clock.pass_by(minutes=20)
    visit()
    assert problem(followed) == ""
    assert not alive()


def test_a_host_that_is_down_is_left_alone_until_its_time(
    followed: FolderSubscription, fshare: Simulator, visit: Visit, clock: Clock
) -> None:
    Account.objects.all().delete()
    fshare.fault("busy", call="v3", count=None)
    clock.pass_by(hours=25)
    visit()
    assert (problem(followed), followed.attempts) == ("host_busy", 1)
    asked = listings(fshare)
    assert visit() == 0
    assert listings(fshare) == asked
    assert alive() == ALL
    fshare.clear_faults()
    clock.pass_by(hours=1)
    visit()
    assert (problem(followed), followed.attempts, followed.is_visiting) == ("", 0, False)


def test_a_locked_account_waits_for_the_user_and_goes_on_when_it_is_mended(
    followed: FolderSubscription, fshare: Simulator, visit: Visit, clock: Clock, asked: list[str]
) -> None:
    fshare.fault("server_error", call="v3", count=None)
    account = Account.objects.get()
    fshare.world.accounts[account.email].login_error = "409"
    clock.pass_by(hours=25)
    visit()
    assert problem(followed) == "account_locked"
    assert (followed.problem_cure, followed.next_visit_at) == ("account", None)
    fshare.clear_faults()
    fshare.world.accounts[account.email].login_error = ""
    asked.clear()
    accounts.check(account)
    assert problem(followed) == ""
    assert "search.tasks.crawl" in asked
    visit()
    assert alive() == ALL


def test_a_followed_folder_that_is_gone_keeps_its_files_and_says_so(
    followed: FolderSubscription, fshare: Simulator, visit: Visit, clock: Clock
) -> None:
    fshare.world.folders["ROOT01"].dead = "json"
    clock.pass_by(hours=25)
    visit()
    assert problem(followed) == "link_dead"
    assert alive() == ALL
    assert visit() == 0


def test_followed_folders_take_turns(fshare: Simulator, clock: Clock) -> None:
    fshare.add_folder("OTHER1", "Khác", ["SEASON"])
    actions.subscribe(ROOT)
    actions.subscribe("https://www.fshare.vn/folder/OTHER1")
    for _ in range(2):
        crawl.work(Pace(seconds=0, pause=0, now=clock))
        clock.pass_by(seconds=1)
    assert set(FolderSubscription.objects.values_list("listed_folders", flat=True)) == {1}


def test_the_share_token_opens_every_folder_and_is_not_stored_in_the_open(fshare: Simulator, visit: Visit) -> None:
    for folder in fshare.world.folders.values():
        folder.token = "open-sesame-1"
    row = actions.subscribe(f"{ROOT}?token=open-sesame-1")
    visit()
    assert alive() == ALL
    entry = CatalogueEntry.objects.select_related("folder__subscription").get(code="EPIS01")
    assert entry.link.url == "https://www.fshare.vn/file/EPIS01?token=open-sesame-1"
    stored = [*FolderSubscription.objects.values_list(), *CatalogueFolder.objects.values_list()]
    assert "open-sesame" not in str([*stored, *CatalogueEntry.objects.values_list()])
    assert row.query == "token=open-sesame-1"


def test_pausing_ends_a_visit_where_it_is(fshare: Simulator, visit: Visit, clock: Clock) -> None:
    row = actions.subscribe(ROOT)
    crawl.work(Pace(seconds=0, pause=0, now=clock))
    actions.pause(row)
    assert visit() == 0
    assert alive() == {"FILM01", "FILM02", "FILM03"}
    actions.resume(row)
    visit()
    assert alive() == ALL
    assert FolderSubscription.objects.get().visit == 1


def test_removing_it_under_a_listing_leaves_nothing_behind(
    fshare: Simulator, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = actions.subscribe(ROOT)
    real = crawl.listing

    def removed_meanwhile(subscription: FolderSubscription, folder: CatalogueFolder) -> object:
        listed = real(subscription, folder)
        actions.unsubscribe(row, keep_entries=False)
        return listed

    monkeypatch.setattr(crawl, "listing", removed_meanwhile)
    visit()
    assert not CatalogueEntry.objects.exists()
    assert not CatalogueFolder.objects.exists()


def test_pausing_under_a_listing_keeps_it_out(fshare: Simulator, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    row = actions.subscribe(ROOT)
    real = crawl.listing

    def paused_meanwhile(subscription: FolderSubscription, folder: CatalogueFolder) -> object:
        actions.pause(row)
        return real(subscription, folder)

    monkeypatch.setattr(crawl, "listing", paused_meanwhile)
    visit()
    assert not CatalogueEntry.objects.exists()
    assert problem(row) == ""


def test_a_stop_ends_the_slice_after_the_folder_it_is_at(fshare: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    from search.catalogue import wake

    actions.subscribe(ROOT)
    real = crawl.listing

    def stopped_meanwhile(subscription: FolderSubscription, folder: CatalogueFolder) -> object:
        wake.stop()
        return real(subscription, folder)

    monkeypatch.setattr(crawl, "listing", stopped_meanwhile)
    assert crawl.work(Pace(seconds=60, pause=0, now=timezone.now)) == 1
    assert alive() == {"FILM01", "FILM02", "FILM03"}
