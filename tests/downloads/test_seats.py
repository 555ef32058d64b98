"""Chores leave a worker to the engine: one that finds no seat waits, and makes way when a download wants to begin."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from downloads import tasks
from hosts.sessions import file_lock
from tests.downloads.conftest import make_download

pytestmark = pytest.mark.django_db(transaction=True)


class Chore:
    """The describing chore in a thread of its own. `looked` is released for every look at the seats in vain."""

    def __init__(self) -> None:
        self.looked = threading.Semaphore(0)
        self.worked = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self) -> None:
        tasks.describe()
        connection.close()


@pytest.fixture
def chore(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, no_workers: list[str]) -> Chore:
    settings.FLASHARR = {**settings.FLASHARR, "DATA_DIR": tmp_path}
    chore = Chore()
    monkeypatch.setattr("downloads.intake.describe_unseen", chore.worked.set)
    monkeypatch.setattr("downloads.seats.sleep", lambda _: chore.looked.release())
    return chore


def test_a_second_chore_gets_its_turn_when_the_first_is_done(chore: Chore, no_workers: list[str]) -> None:
    with file_lock("seat-1"):
        chore.thread.start()
        assert chore.looked.acquire(timeout=20)
        assert chore.looked.acquire(timeout=20)
        assert not chore.worked.is_set()
    chore.thread.join(20)
    assert chore.worked.is_set()
    assert no_workers == []


def test_a_waiting_chore_makes_way_for_the_engine_and_comes_again(chore: Chore, no_workers: list[str]) -> None:
    with file_lock("seat-1"):
        chore.thread.start()
        assert chore.looked.acquire(timeout=20)
        make_download()
        chore.thread.join(20)
        assert not chore.thread.is_alive()
        assert not chore.worked.is_set()
    assert no_workers == ["downloads.tasks.describe"]
    tasks.describe()
    assert chore.worked.is_set()
