from __future__ import annotations

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from downloads import actions, lease, queries
from downloads.engine.errors import CutShort, DiskFull, NotTheFile, SizeMismatch
from downloads.engine.throttle import Throttle
from downloads.engine.transfer import Finished, Progress, Stage, Stopped
from downloads.models import Download, EngineLease, Preferences
from downloads.orchestrator import Orchestrator
from downloads.running import Meter, Outcome
from downloads.states import Status
from downloads.watchdog import Pulse
from hosts import vault
from hosts.base import AccountMissing, HostBusy, HostDown, LoginRefused, PasswordNeeded, Problem, TooManySessions
from hosts.models import Account
from tests.downloads.conftest import make_download

pytestmark = pytest.mark.django_db


class Ended(threading.Thread):
    """A thread whose end the test decides."""

    ended = False

    def is_alive(self) -> bool:
        return not self.ended


class Hand:
    """A transfer moved by hand: what the pool gives the orchestrator in these tests."""

    def __init__(self, download: Download, throttle: Throttle) -> None:
        self.download = download
        self.throttle = Throttle(above=throttle)
        self.stop = Pulse()
        self.thread = Ended()
        self.meter = Meter()
        self.outcome: Outcome | None = None
        self.progress = Progress(Stage.RESOLVING, "", None, 0)
        self.turn = threading.Event()
        self.allowed = self.connections = self.refusals = 0
        self.server = download.server

    def allow(self, connections: int) -> None:
        self.allowed = connections

    def end(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.thread.ended = True


class Engine:
    """An orchestrator, its hand-moved transfers and a clock."""

    def __init__(self) -> None:
        self.hands: dict[int, Hand] = {}
        self.time = timezone.now()
        self.orchestrator = Orchestrator(start=self.start, now=lambda: self.time)  # type: ignore[arg-type]
        assert lease.take(self.orchestrator.name)

    def start(self, download: Download, throttle: Throttle) -> Hand:
        self.hands[download.pk] = Hand(download, throttle)
        return self.hands[download.pk]

    def tick(self, later: timedelta = timedelta(0)) -> bool:
        self.time += later
        self.orchestrator.written_at = self.orchestrator.room_looked_at = 0.0
        return self.orchestrator.tick()


@pytest.fixture
def engine(no_workers: list[str], tmp_path: Path) -> Engine:
    return Engine()


def direct(tmp_path: Path, **fields: object) -> Download:
    url = "http://files.example/film.mkv"
    return make_download(Status.QUEUED, host="direct", url=url, root=str(tmp_path), **fields)


def status_of(row: Download) -> str:
    row.refresh_from_db()
    return row.status


def test_it_runs_as_many_as_the_preferences_say(engine: Engine, tmp_path: Path) -> None:
    rows = [direct(tmp_path) for _ in range(5)]
    Preferences.objects.update_or_create(pk=1, defaults={"max_active": 2})
    engine.tick()
    assert [status_of(row) for row in rows] == ["resolving"] * 2 + ["queued"] * 3
    Preferences.objects.update(max_active=4)
    engine.tick()
    assert [status_of(row) for row in rows] == ["resolving"] * 4 + ["queued"]


def test_a_row_follows_its_transfer_to_the_end(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path, name="", size=None)
    engine.tick()
    hand = engine.hands[row.pk]
    hand.progress = Progress(Stage.DOWNLOADING, "phim.mkv", 100, 40)
    engine.tick()
    assert (status_of(row), row.name, row.size, row.downloaded) == ("downloading", "phim.mkv", 100, 40)
    hand.progress = Progress(Stage.VERIFYING, "phim.mkv", 100, 100)
    engine.tick()
    assert status_of(row) == "verifying"
    hand.end(Finished(tmp_path / "phim.mkv", 100, None))
    engine.tick()
    assert (status_of(row), row.path, row.engine) == ("completed", str(tmp_path / "phim.mkv"), "")
    assert row.finished_at is not None


def test_a_new_limit_reaches_the_transfer_at_the_next_tick(engine: Engine, tmp_path: Path) -> None:
    rows = [direct(tmp_path) for _ in range(2)]
    engine.tick()
    actions.set_speed_limit(Download.objects.filter(pk=rows[0].pk), 2_000_000)
    Preferences.objects.update(speed_limit=5_000_000)
    engine.tick()
    assert [engine.hands[row.pk].throttle.rate for row in rows] == [2_000_000, 0]
    assert engine.orchestrator.throttle.rate == 5_000_000


@pytest.mark.parametrize("verb", [actions.pause, actions.remove])
def test_pausing_or_removing_stops_the_transfer(engine: Engine, tmp_path: Path, verb: object) -> None:
    row = direct(tmp_path)
    engine.tick()
    assert callable(verb)
    verb(Download.objects.filter(pk=row.pk))
    engine.tick()
    assert engine.hands[row.pk].stop.is_set()
    engine.hands[row.pk].progress = Progress(Stage.DOWNLOADING, "film.mkv", 100, 60)
    engine.hands[row.pk].end(Stopped(60))
    engine.tick()
    row.refresh_from_db()
    assert (row.downloaded, row.speed, row.engine) == (60, 0, "")


def test_pause_and_resume_at_once_never_run_a_row_twice(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    engine.tick()
    first = engine.hands[row.pk]
    actions.pause(Download.objects.all())
    actions.resume(Download.objects.all())
    engine.tick()
    assert first.stop.is_set()
    assert engine.hands[row.pk] is first
    first.end(Stopped(0))
    engine.tick()
    assert engine.hands[row.pk] is not first
    assert status_of(row) == "resolving"


def test_a_file_finished_while_it_was_paused_is_complete(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    engine.tick()
    actions.pause(Download.objects.all())
    engine.hands[row.pk].end(Finished(tmp_path / "film.mkv", 5, None))
    engine.tick()
    assert (status_of(row), row.reason) == ("completed", None)


def test_a_passing_problem_waits_longer_each_time(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    waits: list[timedelta] = []
    for _ in range(4):
        engine.tick(timedelta(hours=2))
        engine.hands[row.pk].end(CutShort(server="files.example"))
        engine.tick()
        assert status_of(row) == "waiting"
        assert row.reason
        assert row.reason.until
        waits.append(row.reason.until - engine.time)
    assert waits[-1] > waits[0]
    assert row.attempts == 4


def test_a_quota_that_no_number_tells_is_tried_ever_more_seldom(engine: Engine, tmp_path: Path) -> None:
    """The disk says that there is room and refuses it all the same; each attempt asks the host for an address."""
    row = direct(tmp_path)
    waits = []
    for _ in range(12):
        engine.tick()
        engine.hands[row.pk].end(DiskFull(needed="1 GB", free="100 GB"))
        engine.tick()
        row.refresh_from_db()
        assert row.reason_until
        waits.append(row.reason_until - engine.time)
        engine.tick(timedelta(hours=1))
    assert waits[0] <= timedelta(seconds=30)
    assert timedelta(minutes=15) <= waits[-1] <= timedelta(minutes=30)


def test_a_server_that_says_when_is_asked_then(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    engine.tick()
    engine.hands[row.pk].end(HostDown(host="files.example", retry_after=90))
    engine.tick()
    row.refresh_from_db()
    assert row.reason
    assert row.reason.until == engine.time + timedelta(seconds=90)


def test_a_permanent_problem_fails_with_its_reason(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    engine.tick()
    engine.hands[row.pk].end(SizeMismatch(expected=5, actual=4))
    engine.tick()
    assert status_of(row) == "failed"
    assert row.reason
    assert row.reason.message == SizeMismatch(expected=5, actual=4).message


def test_what_only_the_user_can_cure_waits_for_him(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    engine.tick()
    engine.hands[row.pk].end(PasswordNeeded())
    engine.tick(timedelta(days=30))
    assert status_of(row) == "waiting"
    assert row.reason
    assert (row.reason.until, row.reason.cure) == (None, "password")


def test_it_gives_up_after_many_attempts_in_vain(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path, attempts=30)
    engine.tick()
    engine.hands[row.pk].end(NotTheFile(server="files.example"))
    engine.tick()
    assert status_of(row) == "failed"


@pytest.mark.parametrize(
    "problem",
    [
        DiskFull(needed="2 GB", free="1 GB"),
        TooManySessions(host="Fshare"),
        HostBusy(host="Fshare", retry_after=60),
        CutShort(server="files.example"),
    ],
    ids=lambda problem: problem.code,
)
def test_what_passes_by_itself_never_fails(engine: Engine, tmp_path: Path, problem: Problem) -> None:
    row = direct(tmp_path, attempts=500)
    engine.tick()
    engine.hands[row.pk].end(problem)
    engine.tick()
    assert status_of(row) == "waiting"
    assert row.reason
    assert row.reason.until


def test_a_row_does_not_wait_for_an_account_that_was_mended_meanwhile(engine: Engine, tmp_path: Path) -> None:
    Account.objects.create(host="fshare", email="an@example.com", sealed_password=vault.seal("x"), is_vip=True)
    row = make_download(Status.QUEUED, root=str(tmp_path))
    engine.tick()
    engine.hands[row.pk].end(LoginRefused(host="Fshare"))
    engine.tick()
    row.refresh_from_db()
    assert row.reason
    assert row.reason.until
    engine.tick(timedelta(seconds=10))
    assert status_of(row) == "resolving"


def test_a_folder_that_cannot_be_asked_holds_its_rows_only(engine: Engine, tmp_path: Path) -> None:
    lost = [direct(Path("/" + "x" * 5000), code=f"lost {n}") for n in range(60)][-1]
    healthy = direct(tmp_path, code="healthy")
    engine.tick()
    assert (status_of(lost), lost.reason_code) == ("waiting", "disk_refused")
    assert status_of(healthy) == "resolving"


def test_a_row_with_nonsense_in_a_column_waits_alone(engine: Engine, tmp_path: Path) -> None:
    broken, healthy = direct(tmp_path, code="broken"), direct(tmp_path, code="healthy")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE downloads_download SET downloaded = 'abc', size = 'many' WHERE id = %s", [broken.pk])
    engine.tick()
    assert Download.objects.filter(pk=broken.pk).values_list("status", "reason_code").get() == (
        "waiting",
        "unexpected",
    )
    assert status_of(healthy) == "resolving"


def test_a_host_that_is_left_alone_says_why(engine: Engine, tmp_path: Path) -> None:
    Account.objects.create(host="fshare", email="an@example.com", sealed_password=vault.seal("x"), is_vip=True)
    first, second = (make_download(Status.QUEUED, root=str(tmp_path)) for _ in range(2))
    Preferences.objects.create(pk=1, max_active=1)
    engine.tick()
    engine.hands[first.pk].end(HostBusy(host="Fshare", retry_after=3600))
    engine.tick()
    assert (status_of(second), second.reason_code) == ("waiting", "host_busy")


def test_progress_counts_the_attempts_anew(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path, attempts=30)
    engine.tick()
    engine.hands[row.pk].progress = Progress(Stage.DOWNLOADING, "film.mkv", 1_000_000, 500)
    engine.hands[row.pk].end(CutShort(server="files.example"))
    engine.tick()
    assert (status_of(row), row.attempts) == ("waiting", 1)


def test_without_an_account_all_rows_of_the_host_wait_and_others_run(engine: Engine, tmp_path: Path) -> None:
    fshare = [make_download(root=str(tmp_path)) for _ in range(3)]
    other = direct(tmp_path)
    engine.tick()
    assert [status_of(row) for row in fshare] == ["waiting"] * 3
    assert fshare[0].reason
    assert fshare[0].reason.message == AccountMissing(host="Fshare").message
    assert status_of(other) == "resolving"


def test_a_file_that_does_not_fit_waits_with_the_numbers_and_a_smaller_one_runs(engine: Engine, tmp_path: Path) -> None:
    huge = direct(tmp_path, code="huge", size=10**18)
    small = direct(tmp_path, code="small")
    engine.tick()
    assert (status_of(huge), status_of(small)) == ("waiting", "resolving")
    assert huge.reason
    assert huge.reason.code == "disk_full"
    assert "1000.0 PB needed" in huge.reason.message
    engine.tick(timedelta(seconds=31))
    assert status_of(huge) == "waiting"


def test_a_row_of_a_host_nobody_knows_fails_alone(no_workers: list[str], tmp_path: Path) -> None:
    row = make_download(host="megaupload", root=str(tmp_path))
    orchestrator = Orchestrator()
    assert lease.take(orchestrator.name)
    orchestrator.tick()
    orchestrator.running[row.pk].thread.join(60)
    orchestrator.tick()
    row.refresh_from_db()
    assert row.reason
    assert row.status == Status.FAILED
    assert "megaupload" in row.reason.message


def test_a_second_engine_ends_at_once(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    Orchestrator(start=engine.start).run()  # type: ignore[arg-type]
    assert status_of(row) == "queued"


def test_an_engine_whose_process_is_gone_is_replaced_at_once(tmp_path: Path) -> None:
    assert lease.take("first")
    EngineLease.objects.update(pid=dead_pid())
    assert lease.take("second")


def test_an_engine_whose_heart_stopped_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lease.take("first")
    assert not lease.take("second")
    EngineLease.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=9))
    assert lease.take("second")


def test_an_engine_that_lost_its_lease_stops(engine: Engine) -> None:
    assert engine.tick()
    EngineLease.objects.update(owner="another")
    assert not engine.tick()


def test_an_engine_that_is_asked_to_stop_puts_everything_down(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    engine.tick()
    actions.stop_engine()
    assert not engine.tick()
    engine.hands[row.pk].end(Stopped(3))
    engine.hands[row.pk].thread.join = lambda timeout=None: None  # type: ignore[method-assign]
    engine.orchestrator.put_down()
    assert status_of(row) == "queued"
    assert queries.lease().owner == ""


def test_an_idle_engine_ends_unless_work_has_just_arrived(engine: Engine, tmp_path: Path) -> None:
    direct(tmp_path)
    assert not lease.give_back(engine.orchestrator.name, only_if_idle=True)
    Download.objects.all().delete()
    assert lease.give_back(engine.orchestrator.name, only_if_idle=True)


def test_the_speed_is_that_of_the_last_seconds() -> None:
    meter = Meter()
    readings = [(0.0, 0), (1.0, 100), (2.0, 200), (10.0, 1000), (11.0, 1500)]
    assert [meter.read(count, now) for now, count in readings] == [0, 100, 100, 0, 500]


def dead_pid() -> int:
    """The number of a process that has just ended."""
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(pid, 0)
    return pid
