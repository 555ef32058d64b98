"""kill -9 in the middle of a visit, in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from flasharr.simulator.simulator import Simulator
from hosts.sessions import Busy, file_lock
from search.catalogue import actions
from search.catalogue.models import CatalogueEntry, FolderSubscription, Placement
from tests.stack import until

pytestmark = pytest.mark.django_db(transaction=True)

FOLDERS, FILES = 12, 30
PROGRAM = """
import django; django.setup()
from search.catalogue import crawl
from hosts.sessions import file_lock
with file_lock("crawl"):
    crawl.work(crawl.Pace(seconds=120, pause=0))
"""


@pytest.fixture
def large(fshare: Simulator) -> Simulator:
    """A folder of twelve folders with thirty files each."""
    names = []
    for folder in range(FOLDERS):
        codes = [f"F{folder:02}X{number:02}" for number in range(FILES)]
        for code in codes:
            fshare.add_file(code, f"Phim {code}.mkv", 1_000)
        names.append(fshare.add_folder(f"SUB{folder:02}", f"Thư mục {folder}", codes).code)
    fshare.add_folder("LARGE1", "Kho", names)
    return fshare


def crawler(fshare: Simulator) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        **fshare.environment(),
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "BROWSER_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "FLASHARR_DATA_DIR": str(settings.FLASHARR["DATA_DIR"]),
    }
    root = Path(__file__).parent.parent.parent.parent
    return subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, cwd=root)


def test_a_killed_visit_goes_on_where_it_was(large: Simulator) -> None:
    row = actions.subscribe("https://www.fshare.vn/folder/LARGE1")
    for share in (3, 7):
        large.world.rules.latency = 0.05
        process = crawler(large)
        until(lambda: FolderSubscription.objects.get().listed_folders >= share, 60)  # noqa: B023
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with file_lock("crawl", wait=False):  # the kernel has given it back
            pass
    large.world.rules.latency = 0
    listed_before = len(large.journal.calls("v3"))
    process = crawler(large)
    assert process.wait(60) == 0
    row.refresh_from_db()
    assert (row.visit, row.files, row.is_visiting) == (1, FOLDERS * FILES, False)
    assert CatalogueEntry.objects.filter(dead_at=None).count() == FOLDERS * FILES
    assert Placement.objects.count() == FOLDERS * FILES
    assert len(large.journal.calls("v3")) - listed_before <= FOLDERS + 1 - 7, "it began anew"


def test_one_crawl_at_a_time(large: Simulator, asked: list[str]) -> None:
    from search import tasks

    actions.subscribe("https://www.fshare.vn/folder/LARGE1")
    large.world.rules.latency = 0.05
    process = crawler(large)
    try:
        until(lambda: CatalogueEntry.objects.exists(), 60)
        with pytest.raises(Busy), file_lock("crawl", wait=False):
            pass
        os.kill(process.pid, signal.SIGSTOP)
        large.journal.wait_idle()
        asked_before = len(large.journal)
        tasks.crawl()
        assert len(large.journal) == asked_before, "the one that holds the lock is at it"
    finally:
        process.kill()
        process.wait()
