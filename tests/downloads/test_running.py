from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from downloads import actions, intake
from downloads.engine.errors import DiskAway
from downloads.engine.limits import Limits
from downloads.engine.throttle import Throttle
from downloads.engine.transfer import Stopped
from downloads.models import Download, Preferences
from downloads.orchestrator import Orchestrator
from downloads.running import Running
from flasharr.simulator import Simulator
from hosts import accounts
from hosts.sites.fshare import Fshare
from tests.downloads.engine.bench import wait_until
from tests.hosts.pages import Pages

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "RUNNING00001"


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_workers: list[str]) -> Iterator[Simulator]:
    with Simulator() as running:
        running.add_file(CODE, "phim.mkv", 300_000)
        monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, **running.environment()})
        monkeypatch.setattr(settings, "FLASHARR", {**settings.FLASHARR, "ALLOW_PRIVATE_HOSTS": True})
        monkeypatch.setattr("downloads.running.LIMITS", Limits(quick_retries=1, retry_base=0.01, retry_cap=0.01))
        monkeypatch.setattr("downloads.orchestrator.TICK", 0.02)
        accounts.from_environment()
        Preferences.objects.create(pk=1, download_dir=str(tmp_path / "downloads"))
        (tmp_path / "downloads").mkdir()
        yield running


def drain() -> Download:
    Orchestrator().run()
    return Download.objects.get()


def add_unseen(url: str) -> None:
    """Add a link that nobody has looked behind, as a long list adds them."""
    actions.add([actions.NewDownload(intake.find(url)[0][0])])


@pytest.mark.parametrize("status", [403, 404, 405, 410, 429, 500, 503])
def test_a_head_that_fails_does_not_keep_a_direct_file_away(simulator: Simulator, status: int) -> None:
    simulator.fault("server_error", call="cdn", method="HEAD", value=status, count=None)
    add_unseen(simulator.direct_url(CODE))
    row = drain()
    assert row.status == "completed", row.reason
    assert hashlib.sha256(Path(row.path).read_bytes()).hexdigest() == simulator.sha256(CODE)
    assert Path(row.path).name == row.name != ""


def test_a_failing_listing_of_one_host_is_told(simulator: Simulator) -> None:
    simulator.fault("server_error", call="v3", count=None)
    simulator.fault("server_error", call="fileops", count=None)
    add_unseen(f"https://www.fshare.vn/file/{CODE}")
    row = drain()
    assert (row.status, row.reason_code) == ("waiting", "host_down")


@pytest.mark.parametrize("target", [b"http://[bad/", b"http://127.0.0.1:99999/a", b"http://caf\xe9.example/"])
def test_a_redirect_to_what_is_no_address_is_no_crash(simulator: Simulator, target: bytes) -> None:
    with Pages() as pages:
        add_unseen(pages.answer("/film.mkv", 302, Location=target))
        row = drain()
    assert row.reason_code == "connect_failed"


def test_a_folder_that_is_not_there_is_named(simulator: Simulator, tmp_path: Path) -> None:
    add_unseen(simulator.direct_url(CODE))
    running = Running(Download.objects.get(), Throttle())
    running.turn.set()
    (tmp_path / "downloads").rmdir()
    running.thread.join(10)
    assert isinstance(running.outcome, DiskAway)
    assert str(tmp_path / "downloads") in running.outcome.message


def test_a_password_sealed_with_another_key_is_asked_for_again(simulator: Simulator) -> None:
    simulator.world.files[CODE].password = "mở ra"
    intake.add(f"https://www.fshare.vn/file/{CODE}", password="mở ra")
    Download.objects.update(sealed_password="sealed with another key")
    row = drain()
    assert (row.status, row.reason_code, row.reason_cure) == ("waiting", "password_needed", "password")
    assert "secret key has changed" in str(row.reason and row.reason.message)
    assert accounts.usable("fshare").problem is None
    actions.set_password(Download.objects.all(), "mở ra")
    assert drain().status == "completed"


def test_all_transfers_together_open_no_more_connections_than_the_host_allows(simulator: Simulator) -> None:
    codes = [f"TOGETHER{number:04}" for number in range(5)]
    for code in codes:
        simulator.add_file(code, f"{code}.mkv", 6 * 1024 * 1024, speed=64 * 1024)
        add_unseen(f"https://www.fshare.vn/file/{code}")
    Preferences.objects.update(max_active=4)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(hurry_once_all_have_met, simulator, 3)
        Orchestrator().run()
    assert set(Download.objects.values_list("status", flat=True)) == {"completed"}
    for row in Download.objects.all():
        assert hashlib.sha256(Path(row.path).read_bytes()).hexdigest() == simulator.sha256(row.code)
    assert simulator.journal.max_concurrent() == 3


def hurry_once_all_have_met(simulator: Simulator, connections: int) -> None:
    """So slow at first that no file is there before the others have begun."""
    wait_until(lambda: simulator.journal.max_concurrent() >= connections)
    for file in simulator.world.files.values():
        file.speed = 8 * 1024 * 1024


def test_what_a_row_knows_is_not_asked_again_unless_its_address_fails(simulator: Simulator) -> None:
    intake.add(f"https://www.fshare.vn/file/{CODE}")
    simulator.journal.clear()
    assert drain().status == "completed"
    assert [request.call for request in simulator.journal if request.part != "cdn"] == ["download"]
    simulator.add_file("RUNNING00002", "phim 2.mkv", 1000)
    intake.add("https://www.fshare.vn/file/RUNNING00002")
    simulator.world.files["RUNNING00002"].size = 2000  # a listing may be wrong
    simulator.journal.clear()
    Orchestrator().run()
    assert Download.objects.get(code="RUNNING00002").size == 2000
    assert [request.call for request in simulator.journal if request.part != "cdn"] == ["download", "v3", "download"]


@pytest.mark.parametrize("known", [True, False])
def test_a_stop_does_not_wait_for_the_moment_of_a_request(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    """Fifty that start at once take moments half a second apart, the last one's in half a minute."""
    slow = {**settings.HOST_CONFIG, "FSHARE_INTERVAL": "50"}
    monkeypatch.setattr(settings, "HOST_CONFIG", slow)
    add_unseen(f"https://www.fshare.vn/file/{CODE}")
    Download.objects.update(name="phim.mkv" if known else "", size=1000)
    accounts.context_for(Fshare()).pace(f"fshare {simulator.url.removeprefix('http://')}")
    running = Running(Download.objects.get(), Throttle())
    running.turn.set()
    began = time.monotonic()
    while not running.stop.looked_at > began + 0.5:
        assert running.thread.is_alive()
        time.sleep(0.02)
    running.stop.set()
    running.thread.join(20)
    assert running.outcome == Stopped(0), "it waits for its moment"
    assert not list(simulator.journal)
