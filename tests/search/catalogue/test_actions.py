from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from downloads.models import Batch, Download
from downloads.watch import Watch
from flasharr.simulator.simulator import Simulator
from hosts.base import Problem
from search.catalogue import actions, forgetting, queries, wake
from search.catalogue.actions import FollowRefused
from search.catalogue.models import CatalogueEntry, CatalogueFolder, FolderSubscription
from tests.search.catalogue.conftest import ROOT, Clock, alive

Visit = Callable[[], int]
CRAWL = "search.tasks.crawl"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste one link of a folder"),
        ("nothing", "Paste one link of a folder"),
        (f"{ROOT} https://www.fshare.vn/folder/OTHER1", "Paste one link of a folder"),
        ("https://www.fshare.vn/file/FILM01", "Only folders can be followed"),
        ("https://example.org/folder/x", "Only folders can be followed"),
        ("javascript:alert(1)", "Paste one link of a folder"),
        ("https://www.fshare.vn/folder/NOWHERE", "no longer on the host"),
        ("\0" * 100, "Paste one link of a folder"),
        ("x" * 1_000_000, "Paste one link of a folder"),
    ],
)
def test_what_cannot_be_followed_is_told_and_changes_nothing(fshare: Simulator, text: str, sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        actions.subscribe(text)
    assert not FolderSubscription.objects.exists()


def test_following_twice_says_so_however_the_link_is_spelt(fshare: Simulator) -> None:
    actions.subscribe(ROOT)
    with pytest.raises(FollowRefused, match="“Phim hay” is followed already"):
        actions.subscribe("fshare.vn/folder/root01?token=abc")
    assert FolderSubscription.objects.count() == 1


def test_following_asks_for_a_visit_once(fshare: Simulator, asked: list[str]) -> None:
    actions.subscribe(ROOT)
    assert asked.count(CRAWL) == 1
    Watch().look()
    assert asked.count(CRAWL) == 1, "asked a moment ago"
    FolderSubscription.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    Watch().look()
    assert asked.count(CRAWL) == 2


def test_the_watch_asks_for_nothing_that_is_not_due(followed: FolderSubscription, asked: list[str]) -> None:
    asked.clear()
    Watch().look()
    assert CRAWL not in asked


def test_unfollowing_keeps_or_drops_what_was_found(followed: FolderSubscription, visit: Visit) -> None:
    actions.unsubscribe(followed, keep_entries=True)
    assert len(queries.look_up("mua 2")) == 2
    again = actions.subscribe(ROOT)
    visit()
    actions.unsubscribe(again, keep_entries=False)
    assert not CatalogueEntry.objects.exists()
    assert not queries.look_up("mua")


def test_dropping_leaves_what_another_followed_folder_holds(
    followed: FolderSubscription, fshare: Simulator, visit: Visit, clock: Clock
) -> None:
    fshare.add_folder("OTHER1", "Khác", ["FILM01"])
    actions.subscribe("https://www.fshare.vn/folder/OTHER1")
    clock.pass_by(minutes=1)
    visit()
    actions.unsubscribe(followed, keep_entries=False)
    assert alive() == {"FILM01"}
    clock.pass_by(hours=25)
    visit()
    assert CatalogueEntry.objects.get().path == "Khác"


def test_refreshing_visits_at_once_and_not_while_paused(
    followed: FolderSubscription, asked: list[str], visit: Visit
) -> None:
    asked.clear()
    assert actions.refresh(followed)
    assert asked == ["search.tasks.crawl"]
    assert visit() == 3
    actions.pause(followed)
    assert not actions.refresh(followed)
    assert visit() == 0


def test_chosen_files_become_one_batch_in_their_folders(followed: FolderSubscription) -> None:
    numbers = [row.pk for row in queries.entries()]
    added = actions.download(numbers)
    assert len(added) == 5
    assert {row.directory for row in Download.objects.all()} == {"Phim hay", "Phim hay/Mùa 2"}
    assert {row.name for row in Download.objects.all()} == {row.name for row in queries.entries()}
    assert Batch.objects.get().name == "Phim hay"
    assert all(one.existing for one in actions.download(numbers))
    assert Download.objects.count() == 5


def test_dead_and_unknown_files_are_not_added(followed: FolderSubscription) -> None:
    CatalogueEntry.objects.update(dead_at=timezone.now())
    for numbers in ([], [10**9], [row.pk for row in queries.entries(dead=True)]):
        with pytest.raises(FollowRefused, match="Choose at least one file"):
            actions.download(numbers)
    assert not Download.objects.exists()


def test_a_removed_subscription_takes_its_folders_along(followed: FolderSubscription) -> None:
    actions.unsubscribe(followed, keep_entries=True)
    assert not CatalogueFolder.objects.exists()
    assert alive() == {"FILM01", "FILM02", "FILM03", "EPIS01", "EPIS02"}


@pytest.mark.parametrize("keep", [True, False])
def test_a_large_one_is_forgotten_by_a_chore_that_may_be_killed_anywhere(
    followed: FolderSubscription, fshare: Simulator, asked: list[str], monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    monkeypatch.setattr(actions, "FEW", 2)
    monkeypatch.setattr(forgetting, "CHUNK", 2)
    fshare.add_folder("OTHER1", "Khác", ["FILM01"])
    actions.subscribe("https://www.fshare.vn/folder/OTHER1")
    actions.pause(FolderSubscription.objects.get(code="OTHER1"))
    asked.clear()
    actions.unsubscribe(followed, keep_entries=keep)
    assert asked == ["search.tasks.forget"]
    assert [row.code for row in queries.subscriptions()] == ["OTHER1"]
    assert CatalogueEntry.objects.count() == 5
    with pytest.raises(FollowRefused, match="still being forgotten"):
        actions.subscribe(ROOT)
    assert not actions.refresh(followed)
    actions.resume(followed)
    asked.clear()
    FolderSubscription.every.update(asked_at=timezone.now() - timedelta(minutes=1))
    Watch().look()
    assert asked.count("search.tasks.forget") == 1, "also after a restart"
    for _ in range(20):  # each slice ends after one step
        forgetting.work(0)
    assert [row.code for row in FolderSubscription.every.all()] == ["OTHER1"]
    assert CatalogueEntry.objects.count() == (5 if keep else 0)
    assert len(queries.look_up("mua 2")) == (2 if keep else 0)
    asked.clear()
    wake.forgetter()
    assert not asked
    assert actions.subscribe(ROOT).name == "Phim hay"
