from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.db.utils import IntegrityError
from django.utils import timezone

from downloads import actions, queries, reports
from downloads.actions import NewDownload, Together
from downloads.models import Download, EngineLease, Priority
from downloads.states import RUNNING, SLOT, Event, Status, sources
from hosts.links import Link, LinkKind
from tests.downloads.conftest import make_download

pytestmark = pytest.mark.django_db


def link(code: str) -> Link:
    return Link("fshare", LinkKind.FILE, code, f"https://www.fshare.vn/file/{code}")


def everything() -> list[Download]:
    return list(Download.objects.order_by("pk"))


def test_an_added_file_waits_in_the_queue_and_says_why() -> None:
    [added] = actions.add([NewDownload(link("ABC"), name="film.mkv", size=5)])
    assert not added.existing
    row = Download.objects.get()
    assert (row.status, row.name, row.size, row.reason) == (Status.QUEUED, "film.mkv", 5, SLOT)


def test_a_file_that_is_there_is_answered_with_its_row() -> None:
    [first] = actions.add([NewDownload(link("ABC"))])
    [again] = actions.add([NewDownload(link("ABC"))])
    assert again.existing
    assert again.download.pk == first.download.pk
    assert Download.objects.count() == 1


def test_the_same_link_twice_in_one_add_is_one_row() -> None:
    assert len(actions.add([NewDownload(link("ABC")), NewDownload(link("ABC"))])) == 1


def test_a_removed_file_can_be_added_again() -> None:
    actions.add([NewDownload(link("ABC"))])
    actions.remove(Download.objects.all())
    [again] = actions.add([NewDownload(link("ABC"))])
    assert not again.existing


def test_a_finished_row_whose_file_is_gone_is_queued_again(tmp_path: Path) -> None:
    row = make_download(Status.COMPLETED, code="ABC", root=str(tmp_path), path=str(tmp_path / "gone.mkv"), downloaded=9)
    [again] = actions.add([NewDownload(link("ABC"))])
    row.refresh_from_db()
    assert (again.existing, again.is_new, again.download.status) == (True, True, Status.QUEUED)
    assert (row.status, row.downloaded) == (Status.QUEUED, 0)


def test_a_batch_that_adds_nothing_new_leaves_no_batch() -> None:
    actions.add([NewDownload(link("ABC"))], Together("Season 1"))
    actions.add([NewDownload(link("ABC"))], Together("Season 1 again"))
    assert [row.batch.name for row in everything() if row.batch] == ["Season 1"]


def test_the_password_of_a_share_is_not_stored_in_the_clear() -> None:
    actions.add([NewDownload(link("ABC"), password="tuyệt mật")])
    assert "tuyệt mật" not in Download.objects.get().sealed_password


@pytest.mark.django_db(transaction=True)
def test_ten_callers_at_once_add_a_file_once() -> None:
    together = threading.Barrier(10)
    results: list[bool] = []

    def call() -> None:
        together.wait()
        results.extend(one.existing for one in actions.add([NewDownload(link("RACE"))]))
        connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] + [True] * 9
    assert Download.objects.count() == 1


@pytest.mark.parametrize(
    ("verb", "event"), [(actions.pause, Event.PAUSE), (actions.resume, Event.RESUME), (actions.retry, Event.RETRY)]
)
def test_a_verb_changes_the_rows_that_may_and_no_others(
    verb: Callable[..., int], event: Event, no_workers: list[str]
) -> None:
    rows = {status: make_download(status) for status in Status}
    changed = verb(Download.objects.all())
    assert changed == len(sources(event))
    for status, row in rows.items():
        row.refresh_from_db()
        assert (row.status == status) == (status not in sources(event))


def test_every_row_that_does_not_run_has_a_reason_after_any_verb(no_workers: list[str]) -> None:
    for verb in (actions.pause, actions.resume, actions.pause):
        for status in (Status.QUEUED, Status.WAITING, Status.DOWNLOADING):
            make_download(status, reason_code="host_down" if status == Status.WAITING else "")
        verb(Download.objects.all())
        quiet = [row for row in everything() if row.status not in (*RUNNING, Status.COMPLETED)]
        assert quiet
        assert all(row.reason for row in quiet)


def test_a_removed_row_can_be_restored_with_its_place() -> None:
    row = make_download(Status.PAUSED)
    actions.remove(Download.objects.filter(pk=row.pk), with_file=True)
    assert not queries.live().exists()
    assert actions.restore(Download.objects.filter(pk=row.pk)) == 1
    row.refresh_from_db()
    assert (row.status, row.removed_at, row.removed_with_file) == (Status.PAUSED, None, False)


def test_a_row_removed_while_it_ran_is_queued_when_it_is_restored() -> None:
    row = make_download(Status.DOWNLOADING, engine="one")
    actions.remove(Download.objects.filter(pk=row.pk))
    actions.restore(Download.objects.filter(pk=row.pk))
    row.refresh_from_db()
    assert row.status == Status.QUEUED


def test_restoring_leaves_a_file_alone_that_was_added_again() -> None:
    old = make_download(Status.PAUSED, code="ABC")
    actions.remove(Download.objects.all())
    actions.add([NewDownload(link("ABC"))])
    assert actions.restore(Download.objects.filter(pk=old.pk)) == 0


def test_moving_up_swaps_with_the_row_before() -> None:
    first, second, third = (make_download() for _ in range(3))
    assert actions.reorder(third, "up")
    assert list(queries.queue()) == [first, third, second]
    third.refresh_from_db()
    assert actions.reorder(third, "top")
    assert list(queries.queue()) == [third, first, second]


def test_the_first_row_cannot_move_up() -> None:
    first, _second = make_download(), make_download()
    assert not actions.reorder(first, "up")


def test_a_high_priority_goes_before_everything_else() -> None:
    _first, second = make_download(), make_download()
    actions.set_priority(Download.objects.filter(pk=second.pk), Priority.HIGH)
    assert queries.queue().first() == second


def test_every_change_gets_a_higher_version() -> None:
    row = make_download()
    seen = queries.version()
    actions.pause(Download.objects.all())
    assert [changed.pk for changed in queries.changed_since(seen, 10)] == [row.pk]
    assert queries.changed_since(queries.version(), 10) == []


def test_a_removed_row_is_among_the_changes() -> None:
    row = make_download()
    seen = queries.version()
    actions.remove(Download.objects.all())
    assert [changed.pk for changed in queries.changed_since(seen, 10)] == [row.pk]


def test_an_engine_cannot_write_rows_that_another_took_over() -> None:
    row = make_download(Status.DOWNLOADING, engine="new")
    reports.measure("old", [reports.Measured(row.pk, 500, 50)])
    assert reports.finish(row.pk, "old", Path("/nowhere/film.mkv"), 5) == 0
    row.refresh_from_db()
    assert (row.status, row.downloaded) == (Status.DOWNLOADING, 0)


def test_what_a_dead_engine_held_goes_back_to_the_queue() -> None:
    row = make_download(Status.VERIFYING, engine="dead")
    removed = make_download(Status.DOWNLOADING, engine="dead", removed_at=timezone.now())
    reports.recover("new")
    row.refresh_from_db()
    removed.refresh_from_db()
    assert (row.status, row.engine) == (Status.QUEUED, "")
    assert removed.engine == ""


def test_a_waiting_row_wakes_at_its_time_and_not_before() -> None:
    now = timezone.now()
    due = make_download(Status.WAITING, reason_code="host_down", reason_until=now)
    later = make_download(Status.WAITING, reason_code="host_down", reason_until=now + timedelta(seconds=9))
    user = make_download(Status.WAITING, reason_code="password_needed")
    assert reports.wake_due(now) == 1
    assert [Download.objects.get(pk=row.pk).status for row in (due, later, user)] == ["queued", "waiting", "waiting"]


def test_the_database_refuses_a_status_nobody_knows() -> None:
    row = make_download()
    with pytest.raises(IntegrityError):
        Download.objects.filter(pk=row.pk).update(status="exploded")


@pytest.mark.django_db(transaction=True)
def test_adding_wakes_the_engine_once(no_workers: list[str]) -> None:
    actions.add([NewDownload(link("A"), name="a", size=1)])
    actions.add([NewDownload(link("B"), name="b", size=1)])
    assert no_workers.count("downloads.tasks.run_engine") == 1


@pytest.mark.django_db(transaction=True)
def test_a_running_engine_is_not_woken(no_workers: list[str]) -> None:
    from downloads import lease

    assert lease.take("me")
    actions.add([NewDownload(link("A"), name="a", size=1)])
    assert "downloads.tasks.run_engine" not in no_workers
    assert EngineLease.objects.get().owner == "me"


@pytest.mark.parametrize("size", [-1, 2**63, 10**30])
def test_a_size_that_no_disk_can_hold_counts_as_unknown(size: int) -> None:
    [added] = actions.add([NewDownload(link("A"), size=size)])
    added.download.refresh_from_db()
    assert added.download.size is None


def test_of_two_removed_rows_of_one_file_the_newer_is_restored() -> None:
    for _ in range(2):
        actions.add([NewDownload(link("ABC"))])
        actions.remove(Download.objects.all())
    assert actions.restore(Download.objects.all()) == 1
    assert queries.live().get().pk == everything()[-1].pk


def test_a_late_answer_about_a_name_does_not_rename_what_has_one() -> None:
    row = make_download(Status.COMPLETED, name="film (2).mkv")
    assert actions.learn(row.pk, "film.mkv", None) == 0


def test_fetching_anew_forgets_the_receipt_of_the_finished_file(tmp_path: Path, no_workers: list[str]) -> None:
    row = make_download(Status.COMPLETED, root=str(tmp_path))
    receipt = tmp_path / ".flasharr" / f"{row.part_id}.journal"
    receipt.parent.mkdir()
    receipt.touch()
    actions.retry(Download.objects.all())
    assert not receipt.exists()


def test_a_clock_that_was_set_back_stops_nothing(no_workers: list[str]) -> None:
    from downloads import lease, wake

    ahead = timezone.now() + timedelta(hours=1)
    EngineLease.objects.update_or_create(
        pk=1, defaults={"owner": "old", "pid": 1, "node": "elsewhere", "heartbeat_at": ahead, "requested_at": ahead}
    )
    wake.engine()
    assert no_workers == ["downloads.tasks.run_engine"]
    assert lease.take("new")


def test_resuming_leaves_a_finished_row_as_it_is(no_workers: list[str]) -> None:
    row = make_download(Status.COMPLETED, path="/nowhere/film.mkv", downloaded=9)
    assert actions.resume(Download.objects.all()) == 0
    row.refresh_from_db()
    assert (row.status, row.path, row.downloaded) == (Status.COMPLETED, "/nowhere/film.mkv", 9)


def test_a_password_does_not_fetch_a_finished_file_again(no_workers: list[str]) -> None:
    row = make_download(Status.COMPLETED, path="/nowhere/film.mkv")
    assert actions.set_password(Download.objects.all(), "secret") == 0
    row.refresh_from_db()
    assert (row.status, row.path) == (Status.COMPLETED, "/nowhere/film.mkv")


def test_moving_up_goes_past_rows_that_run(no_workers: list[str]) -> None:
    first, _running, second = make_download(), make_download(Status.DOWNLOADING, engine="one"), make_download()
    assert actions.reorder(second, "up")
    assert [row.pk for row in queries.queue("waiting")] == [second.pk, first.pk]


@pytest.mark.parametrize("text", ["đường", "ĐƯỜNG VỀ", "duong ve", unicodedata.normalize("NFD", "Đường")])
def test_a_search_cares_for_neither_case_nor_accents(text: str) -> None:
    actions.add([NewDownload(link("A"), name="Đường Về Nhà.mkv"), NewDownload(link("B"), name="other.mkv")])
    assert [row.name for row in queries.queue(text=text)] == ["Đường Về Nhà.mkv"]


def test_a_search_finds_the_name_that_the_user_gave_and_the_one_that_came_later() -> None:
    actions.add([NewDownload(link("XYZ"), filename="của tôi.mkv")])
    [row] = everything()
    actions.learn(row.pk, "Phim Gốc.mkv", 5)
    assert [queries.queue(text=text).count() for text in ("cua toi", "phim goc", "xyz", "nothing")] == [1, 1, 1, 0]
