"""What the user took away stays away; an offer that cannot be used gives way to the next best."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from downloads import actions as queue
from downloads import purging
from downloads.models import Download
from downloads.states import Status
from flasharr.simulator import Simulator
from flasharr.simulator.titles.catalogue import Offer
from hosts.base import PasswordNeeded
from search.grab import actions as grabbing
from search.grab import unusable
from search.grab.models import Chosen, Unusable
from search.grab.preview import preview
from search.titles import Medium
from search.watchlist import actions, check
from search.watchlist.models import State, Wish
from tests.search.asking import root, title

UNDO_IS_OVER = purging.UNDO_FOR + timedelta(minutes=2)


def wanted(text: str, medium: Medium = Medium.TV, year: int | None = None) -> Wish:
    return actions.add(title(text, medium, year))[0]


def look(wish: Wish, now: datetime | None = None) -> Wish:
    check.look(wish, now or timezone.now())
    wish.refresh_from_db()
    return wish


def row_of(episode: int) -> Download:
    return next(note.download for note in Chosen.objects.all() if (1, episode) in note.holds)


def remove(row: Download, *, for_good: bool) -> None:
    queue.remove(Download.objects.filter(pk=row.pk))
    if for_good:
        purging.purge(timezone.now() + UNDO_IS_OVER)
        assert not Download.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("for_good", [False, True])
def test_a_removed_episode_is_not_fetched_again(world: Simulator, for_good: bool) -> None:
    wish = look(wanted("Chernobyl"))
    remove(row_of(2), for_good=for_good)
    look(wish)
    assert (Download.objects.filter(removed_at=None).count(), wish.left_out) == (4, [[1, 2]])
    assert wish.state == State.GRABBED  # the other four


@pytest.mark.parametrize("for_good", [False, True])
def test_a_removed_film_is_not_fetched_again(world: Simulator, for_good: bool) -> None:
    wish = look(wanted("Mai", Medium.MOVIE))
    remove(Download.objects.get(), for_good=for_good)
    look(wish)
    assert (wish.state, wish.reason_sentence, wish.leaves_out) == (State.DONE, check.REMOVED, True)
    assert Download.objects.filter(removed_at=None).count() == 0
    look(wish, timezone.now() + UNDO_IS_OVER)
    assert wish.next_check_at is None


def test_an_undone_removal_is_as_if_it_had_never_been(world: Simulator) -> None:
    wish = look(wanted("Chernobyl"))
    row = row_of(2)
    remove(row, for_good=False)
    look(wish)
    assert wish.next_check_at is not None
    assert wish.next_check_at < timezone.now() + UNDO_IS_OVER
    queue.restore(Download.objects.filter(pk=row.pk))
    look(wish)
    assert (wish.left_out, Download.objects.filter(removed_at=None).count()) == ([], 5)


@pytest.mark.parametrize("for_good", [False, True])
def test_asked_for_again_it_is_fetched_again(world: Simulator, for_good: bool) -> None:
    wish = look(wanted("Chernobyl"))
    remove(row_of(2), for_good=for_good)
    look(wish)
    actions.want_again(wish)
    look(wish)
    assert (wish.left_out, Download.objects.filter(removed_at=None).count()) == ([], 5)


def test_wanted_anew_it_is_wanted_whole(world: Simulator) -> None:
    wish = look(wanted("Chernobyl"))
    remove(row_of(2), for_good=False)
    actions.remove(wish)
    look(wanted("Chernobyl"))
    assert Download.objects.filter(removed_at=None).count() == 5


def test_what_the_user_fetched_since_is_wanted_when_it_fails(world: Simulator) -> None:
    wish = look(wanted("Chernobyl"))
    remove(row_of(2), for_good=True)
    seen = preview(title("Chernobyl", Medium.TV), [1])
    other = seen.lines[0].found
    grabbing.grab(seen, [":".join(other.candidate.key)])
    Download.objects.filter(code=other.candidate.code).update(status=Status.FAILED)
    look(wish)
    assert (wish.left_out, Download.objects.exclude(status=Status.FAILED).count()) == ([], 5)


def test_a_failed_row_is_cleared_away_and_another_file_fetched(world: Simulator) -> None:
    wish = look(wanted("Mai", Medium.MOVIE))
    first = Download.objects.get()
    Download.objects.update(status=Status.FAILED, reason_code="link_dead", reason_sentence="It is dead.")
    remove(first, for_good=False)
    look(wish)
    second = Download.objects.get(removed_at=None)
    assert second.code != first.code
    purging.purge(timezone.now() + UNDO_IS_OVER)
    assert (first.host, first.code) in unusable.known()
    Unusable.objects.update(until=timezone.now())
    assert unusable.known() == frozenset()


def test_a_watched_and_deleted_file_is_not_fetched_again(world: Simulator) -> None:
    wish = look(wanted("Chernobyl"))
    (root() / "Chernobyl (2019)").mkdir()
    row = row_of(2)
    gone = {"path": str(root() / "deleted.mkv"), "root": str(root()), "finished_at": timezone.now()}
    Download.objects.filter(pk=row.pk).update(status=Status.COMPLETED, **gone)
    look(wish)
    assert (wish.left_out, Download.objects.count()) == ([[1, 2]], 5)


def finished(row: Download) -> Path:
    """Its file, as if it had been fetched long ago."""
    path = root() / f"{row.code}.mkv"
    path.write_bytes(b"x")
    long_ago = timezone.now() - timedelta(days=9)
    Download.objects.filter(pk=row.pk).update(
        status=Status.COMPLETED, path=str(path), root=str(root()), created_at=long_ago, finished_at=long_ago
    )
    return path


def test_what_was_here_before_it_was_wanted_may_be_deleted(world: Simulator) -> None:
    grabbing.grab_seasons(title("Chernobyl", Medium.TV))
    watched, other = finished(row_of(1)), finished(row_of(2))
    wish = wanted("Chernobyl")
    watched.unlink()
    look(wish)
    assert (wish.left_out, row_of(1).status) == ([[1, 1]], Status.COMPLETED)
    other.unlink()
    actions.want_again(wish)
    look(wish)
    assert (wish.left_out, row_of(1).status, row_of(2).status) == ([], Status.QUEUED, Status.QUEUED)
    finished(row_of(1)).unlink()
    Download.objects.filter(pk=row_of(1).pk).update(finished_at=timezone.now())
    look(wish)
    assert (wish.left_out, row_of(1).status) == ([[1, 1]], Status.COMPLETED)


def test_what_was_gone_before_it_was_wanted_is_fetched(world: Simulator) -> None:
    grabbing.grab_film(title("Mai", Medium.MOVIE))
    finished(Download.objects.get()).unlink()
    look(wanted("Mai", Medium.MOVIE))
    assert Download.objects.get().status == Status.QUEUED


def test_a_row_that_is_cleared_away_while_its_file_stays_is_nothing_removed(world: Simulator) -> None:
    wish = look(wanted("Chernobyl"))
    folder = root() / "Chernobyl (2019)" / "Season 01"
    folder.mkdir(parents=True)
    for number in range(1, 6):
        (folder / f"Chernobyl (2019) - S01E0{number}.mkv").write_bytes(b"x")
    for number in range(1, 6):
        remove(row_of(number), for_good=False)
    look(wish)
    assert (wish.state, wish.reason_sentence, wish.left_out) == (State.DONE, check.COMPLETE, [])


def test_what_nobody_offers_of_a_season_is_named(world: Simulator) -> None:
    wish = look(wanted("Solo Leveling"))
    look(wish)
    assert (wish.reason_sentence, wish.reason_params) == (check.NOBODY_THE_REST, {"missing": "S01E05, S01E09"})


def test_a_file_behind_a_password_gives_way_to_the_next_best(world: Simulator) -> None:
    wish = look(wanted("Mai", Medium.MOVIE))
    first = Download.objects.get()
    locked = {"status": Status.WAITING, "reason_code": PasswordNeeded.code}
    Download.objects.update(**locked, reason_sentence=PasswordNeeded.sentence)
    look(wish)
    assert wish.reason_params == {"count": 1}
    (second,) = Download.objects.exclude(pk=first.pk)
    assert second.filename != first.filename


BETTER, WORSE = "Mai 2024 1080p BluRay Lồng Tiếng", "Mai 2024 720p"


def two_folders(world: Simulator, monkeypatch: pytest.MonkeyPatch, inside: list[str] | None) -> None:
    """All that is offered of a film: a folder with these files (None: it is dead), and a worse one with the film."""
    world.add_file("STRANGER0001", "Something.Else.2001.mkv", 1000)
    world.add_file("REALLYMAI001", "Mai.2024.720p.WEB-DL.mkv", 1_500_000_000)
    world.add_folder("WORSEFOLDER1", WORSE, ["REALLYMAI001"])
    if inside is not None:
        world.add_folder("BETTERFOLDER", BETTER, inside)
    offers = [Offer("BETTERFOLDER", BETTER, 0, ("x",)), Offer("WORSEFOLDER1", WORSE, 0, ("x",))]
    monkeypatch.setattr(world.world.titles, "offers", offers)


@pytest.mark.parametrize("inside", [None, [], ["STRANGER0001"]], ids=["dead", "empty", "strangers"])
def test_a_folder_that_cannot_be_used_gives_way_to_the_next_best(
    world: Simulator, monkeypatch: pytest.MonkeyPatch, inside: list[str] | None
) -> None:
    world.world.folders.pop("BETTERFOLDER", None)
    two_folders(world, monkeypatch, inside)
    wish = look(wanted("Mai", Medium.MOVIE))
    assert (wish.state, wish.reason_sentence) == (State.GRABBED, check.NEXT_BEST)
    assert wish.reason_params == {"count": 1, "passed": BETTER}
    assert Download.objects.get().code == "REALLYMAI001"
    note = Unusable.objects.get()
    assert (note.code, bool(note.reason_sentence)) == ("BETTERFOLDER", True)
    assert timedelta(days=13) < note.until - timezone.now() < timedelta(days=15)


def test_no_folder_that_can_be_used(world: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    two_folders(world, monkeypatch, ["STRANGER0001"])
    world.add_folder("WORSEFOLDER1", WORSE, [])
    wish = look(wanted("Mai", Medium.MOVIE))
    assert (wish.state, wish.reason_sentence) == (State.WAITING, check.NONE_USABLE)
    assert wish.reason_params == {"passed": f"{BETTER}, {WORSE}"}
    world.journal.clear()
    assert look(wish).reason_sentence == check.NOBODY
    assert [one for one in world.journal if one.part in ("api", "web")] == []  # they are not tried again


def test_a_host_that_is_down_says_nothing_about_the_folder(world: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    two_folders(world, monkeypatch, ["STRANGER0001"])
    for call in ("v3", "fileops", "folders"):
        world.fault("server_error", call=call, count=None)
    wish = look(wanted("Mai", Medium.MOVIE))
    assert (wish.state, wish.reason_code) == (State.WAITING, "host_down")
    assert (Download.objects.count(), Unusable.objects.count()) == (0, 0)
