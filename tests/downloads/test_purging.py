from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from downloads import actions, lease, purging, tasks, watch
from downloads.models import Batch, Download, EngineLease
from downloads.states import Status
from tests.downloads.conftest import make_download

pytestmark = pytest.mark.django_db

LATER = timezone.now() + purging.UNDO_FOR + timedelta(minutes=1)


def finished(folder: Path, **fields: object) -> Download:
    path = folder / "film.mkv"
    path.write_text("film")
    return make_download(Status.COMPLETED, **{"root": str(folder), "path": str(path), "size": 4, **fields})


def test_a_removed_row_stays_as_long_as_it_can_be_restored(tmp_path: Path) -> None:
    finished(tmp_path)
    actions.remove(Download.objects.all(), with_file=True)
    assert purging.purge() == 0
    assert (tmp_path / "film.mkv").exists()


def test_a_file_goes_only_when_the_user_asked_for_it(tmp_path: Path) -> None:
    finished(tmp_path)
    actions.remove(Download.objects.all(), with_file=False)
    assert purging.purge(LATER) == 1
    assert (tmp_path / "film.mkv").exists()
    finished(tmp_path)
    actions.remove(Download.objects.all(), with_file=True)
    assert purging.purge(LATER) == 1
    assert not (tmp_path / "film.mkv").exists()


def test_a_row_that_an_engine_still_holds_is_left_alone(tmp_path: Path) -> None:
    make_download(Status.DOWNLOADING, root=str(tmp_path), engine="one")
    actions.remove(Download.objects.all())
    assert lease.take("one")
    EngineLease.objects.update(heartbeat_at=timezone.now())
    assert purging.purge(LATER) == 0


def test_part_files_go_with_their_row_and_others_stay(tmp_path: Path) -> None:
    row = make_download(Status.PAUSED, root=str(tmp_path))
    parts = tmp_path / ".flasharr"
    parts.mkdir()
    for name in (f"{row.part_id}.part", f"{row.part_id}.journal", "another.part"):
        (parts / name).touch()
    actions.remove(Download.objects.all())
    purging.purge(LATER)
    assert [path.name for path in parts.iterdir()] == ["another.part"]


def test_the_file_of_another_row_is_left_alone(tmp_path: Path) -> None:
    """Finished, moved away by hand, removed with its file, and fetched again to the same place."""
    removed = finished(tmp_path, size=4)
    actions.remove(Download.objects.filter(pk=removed.pk), with_file=True)
    finished(tmp_path, size=4)
    assert purging.purge(LATER) == 1
    assert (tmp_path / "film.mkv").exists()


def test_a_file_that_was_changed_since_is_left_alone(tmp_path: Path) -> None:
    finished(tmp_path)
    (tmp_path / "film.mkv").write_text("my own cut")
    actions.remove(Download.objects.all(), with_file=True)
    assert purging.purge(LATER) == 1
    assert (tmp_path / "film.mkv").exists()


def test_a_row_restored_a_moment_ago_is_left_alone(tmp_path: Path) -> None:
    row = finished(tmp_path)
    actions.remove(Download.objects.all(), with_file=True)
    actions.restore(Download.objects.filter(pk=row.pk))
    assert not purging.forget(row.pk, LATER)
    assert (tmp_path / "film.mkv").exists()


def test_a_row_stays_while_its_folder_is_away(tmp_path: Path) -> None:
    make_download(Status.PAUSED, root=str(tmp_path / "unmounted"))
    actions.remove(Download.objects.all())
    assert purging.purge(LATER) == 0
    (tmp_path / "unmounted").mkdir()
    assert purging.purge(LATER) == 1


def test_a_row_that_a_dead_engine_held_goes_too(tmp_path: Path) -> None:
    make_download(Status.DOWNLOADING, root=str(tmp_path), engine="dead")
    actions.remove(Download.objects.all())
    assert purging.purge(LATER) == 1


def test_a_batch_goes_with_its_last_row(tmp_path: Path) -> None:
    make_download(Status.PAUSED, root=str(tmp_path), batch=Batch.objects.create(name="Season 1"))
    actions.remove(Download.objects.all())
    purging.purge(LATER)
    assert not Batch.objects.exists()


def test_sessions_that_ended_go_too() -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=timezone.now() + timedelta(days=1))
    tasks.purge()
    assert [session.session_key for session in Session.objects.all()] == ["new"]


def test_the_watch_wakes_an_engine_for_work_that_nobody_does(no_workers: list[str]) -> None:
    assert watch.Watch().look()
    assert no_workers == []
    make_download()
    assert watch.Watch().look()
    assert no_workers == ["downloads.tasks.run_engine"]


def test_the_watch_trusts_a_living_engine(no_workers: list[str]) -> None:
    make_download()
    assert lease.take("me")
    assert watch.Watch().look()
    assert no_workers == []


def test_the_watch_gives_up_on_workers_that_never_answer(
    no_workers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_download()
    now = [0.0]
    monkeypatch.setattr("downloads.watch.time.monotonic", lambda: now[0])
    watching = watch.Watch()
    answers = []
    for now[0] in (0.0, 10.0, 29.0, 31.0):
        EngineLease.objects.update(requested_at=None)
        answers.append(watching.look())
    assert answers == [True, True, True, False]
