"""The main job without pages: links in, proven files out, against the simulator."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from downloads import actions, intake, tasks
from downloads.models import Download, Preferences
from downloads.orchestrator import Orchestrator
from downloads.preview import IntakeRefused
from flasharr.simulator.demo import demo_world
from flasharr.simulator.simulator import Simulator
from hosts import accounts
from hosts.sessions import file_lock

pytestmark = pytest.mark.django_db(transaction=True)

SERIES = "https://www.fshare.vn/folder/DEMOSERIES01"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(demo_world(speed=0)) as running:
        yield running


@pytest.fixture(autouse=True)
def pointed_at_it(simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_workers: list[str]) -> None:
    monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, **simulator.environment()})
    accounts.from_environment()
    Preferences.objects.create(pk=1, download_dir=str(tmp_path), max_active=4)


def drain() -> list[Download]:
    """Run an engine until the queue is empty."""
    Orchestrator().run()
    return list(Download.objects.order_by("pk"))


def sha256(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def test_a_folder_becomes_proven_files_in_their_sub_folders(simulator: Simulator, tmp_path: Path) -> None:
    added = intake.add(SERIES)
    assert len(added) == 12
    rows = drain()
    assert {row.status for row in rows} == {"completed"}
    assert all(sha256(row.path) == simulator.sha256(row.code) for row in rows)
    assert {Path(row.path).parent.name for row in rows} == {"Season 1", "Season 2"}
    assert len(simulator.journal.logins()) == 1
    assert not simulator.journal.secrets_leaked_to_cdn()


def test_a_bare_link_gets_its_name_from_the_host(simulator: Simulator) -> None:
    actions.add([actions.NewDownload(intake.find("https://www.fshare.vn/file/DEMOFILM0004")[0][0])])
    [row] = drain()
    assert row.name == "Phố Cũ.2018.Thuyết Minh.1080p.mp4"


def test_a_dead_link_is_not_added_and_says_so() -> None:
    with pytest.raises(IntakeRefused, match="no longer on the host"):
        intake.add("https://www.fshare.vn/file/DEMOGONE0001")
    assert not Download.objects.exists()


def test_a_protected_file_waits_for_its_password_and_then_arrives(simulator: Simulator) -> None:
    intake.add("https://www.fshare.vn/file/DEMOSECRET01")
    [row] = drain()
    assert (row.status, row.reason_code, row.reason_cure) == ("waiting", "password_needed", "password")
    actions.set_password(Download.objects.all(), "wrong")
    [row] = drain()
    assert (row.status, row.reason_code) == ("waiting", "password_wrong")
    actions.set_password(Download.objects.all(), "fshare")
    [row] = drain()
    assert row.status == "completed"
    assert sha256(row.path) == simulator.sha256(row.code)


def test_a_preview_says_what_is_new_here_dead_and_protected() -> None:
    codes = ("DEMOFILM0004", "DEMOGONE0001", "DEMOSECRET01")
    text = "\n".join(f"https://www.fshare.vn/file/{code}" for code in codes)
    intake.add(f"https://www.fshare.vn/file/{codes[0]}")
    here, dead, protected = intake.preview(text + "\nftp://example.com/a").items
    assert here.existing
    assert dead.entry.is_dead
    assert protected.addable
    assert protected.entry.needs_password
    assert protected.entry.size == 60_000_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "No link was found"),
        ("nothing to see here", "No link was found"),
        ("x" * 1_000_001, "too long"),
        ("ftp://example.com/film.mkv", "Only http and https"),
        ("javascript:alert(1)", "Only http and https"),
        ("http://127.0.0.1/film.mkv", "private"),
        ("http://169.254.169.254/latest/meta-data/", "internal service"),
        ("http://[::ffff:10.0.0.1]/film.mkv", "private"),
        ("http://user:secret@example.com/film.mkv", "password"),
        ("\n".join(f"https://www.fshare.vn/file/CODE{number}" for number in range(10_000)), "10,000 links"),
    ],
)
def test_what_cannot_be_added_is_refused_with_a_sentence(text: str, said: str) -> None:
    with pytest.raises(IntakeRefused, match=said):
        intake.add(text)
    assert not Download.objects.exists()


def test_a_silent_host_keeps_nobody_waiting_for_a_preview(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("downloads.intake.PATIENCE", 6.0)
    simulator.fault("silence", call="v3", code="DEMOFILM0001", value=30)
    text = "https://www.fshare.vn/file/DEMOFILM0001 https://www.fshare.vn/file/DEMOFILM0002"
    silent, described = intake.preview(text).items
    assert (silent.described, silent.addable, described.described) == (False, True, True)


def test_a_host_in_trouble_is_asked_once_by_the_describing_chore(simulator: Simulator) -> None:
    links = intake.find("https://www.fshare.vn/file/DEMOFILM0001 https://www.fshare.vn/file/DEMOFILM0002")[0]
    actions.add([actions.NewDownload(link) for link in links])
    actions.pause(Download.objects.all())
    simulator.fault("server_error", call="web", count=None)
    simulator.fault("server_error", call="api", count=None)
    tasks.describe()
    assert len(simulator.journal.calls("v3")) == 1
    simulator.clear_faults()
    tasks.describe()
    assert {row.size for row in Download.objects.all()} == {180_000_000, 350_000_000}


def test_two_describing_chores_never_run_at_once(simulator: Simulator) -> None:
    actions.add([actions.NewDownload(intake.find("https://www.fshare.vn/file/DEMOFILM0001")[0][0])])
    with file_lock("describe"):
        tasks.describe()
    assert not simulator.journal.calls("v3")
