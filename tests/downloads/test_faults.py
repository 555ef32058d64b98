"""Every fault of the simulator during a download: the file ends right, or its row tells the true reason.

Never is there a wrong file under its final name. The clock of the queue is turned forward, so that a row that
waits is tried again at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from downloads import actions, intake, lease
from downloads.engine.limits import Limits
from downloads.models import Download, Preferences
from downloads.orchestrator import Orchestrator
from downloads.states import Status
from flasharr.simulator.simulator import Simulator
from hosts import accounts
from hosts.models import Account

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 1024 * 1024
SIZE = 6 * MIB
CODE = "FAULTY000001"
QUICK = Limits(tick=0.05, checkpoint_bytes=MIB, quick_retries=2, retry_base=0.05, retry_cap=0.2)
IMPATIENT = replace(QUICK, stall=0.3)  # for servers that are silent; busy machines are so too


@dataclass(frozen=True)
class Case:
    """A fault, and how the row must end: completed, or waiting or failed with one of these reason codes."""

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    ends: tuple[str, ...] = ("completed",)

    def __str__(self) -> str:
        return f"{self.name} {self.options}"


PASSING = [
    *[Case("session_expired", {"value": shape}) for shape in ("201", "200", "401", "string")],
    Case("stale_token"),
    Case("too_many_sessions", {"count": 1}),
    Case("server_error", {"value": 502, "count": 2}),
    Case("server_error", {"value": 503, "call": "download", "count": 3}),
    Case("rate_limited", {"call": "download"}),
    Case("redirect", {"value": 307, "call": "download"}),
    *[Case(name) for name in ("empty_body", "empty_object", "empty_location", "truncated_json", "html_answer")],
    *[Case(name) for name in ("wrapped", "other_location_key")],
    Case("slow", {"value": 4 * MIB}),
    *[Case(name, {"at": 3 * MIB}) for name in ("stall", "reset", "early_end")],
    Case("reset", {"count": 6}),
    Case("html_page", {"count": 2}),
    *[Case("link_expired", {"value": status}) for status in (401, 403, 404, 410)],
    Case("length_too_large"),
    Case("not_satisfiable"),
    Case("gzip_claimed"),
]
LASTING = [
    Case("link_dead", {"count": None}, ("link_dead",)),
    Case("password_wrong", {"count": None}, ("password_wrong", "password_needed")),
    Case("vip_lapsed", {"count": None}, ("password_needed",)),
    Case("too_many_sessions", {"count": None}, ("too_many_sessions",)),
    Case("server_error", {"value": 502, "count": None}, ("host_down",)),
    Case("gate", {"count": None}, ("app_refused",)),
    Case("html_page", {"count": None}, ("not_the_file", "quota_reached")),
    Case("link_expired", {"value": 403, "count": None}, ("address_expired",)),
    Case("stall", {"count": None, "after": 0}, ("stalled",)),
    Case("session_expired", {"count": None}, ("session_taken",)),
]
ON_RESUME = [
    Case("range_ignored", {"when": "resume"}),
    Case("wrong_content_range", {"when": "resume"}),
    Case("changed_file", {"when": "resume"}, ("completed", "remote_changed", "size_mismatch")),
    Case("wrong_bytes", {"when": "resume"}),
    Case("extra_bytes", {"when": "resume"}),
    Case("not_satisfiable", {"when": "resume"}),
]


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_workers: list[str]) -> Iterator[Simulator]:
    with Simulator() as running:
        running.add_file(CODE, "phim.mkv", SIZE, etag="strong")
        monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, **running.environment()})
        monkeypatch.setattr("downloads.running.LIMITS", QUICK)
        monkeypatch.setattr("downloads.orchestrator.TICK", 0.02)
        monkeypatch.setattr("downloads.orchestrator.WRITE_EVERY", 0.02)
        accounts.from_environment()
        Preferences.objects.create(pk=1, download_dir=str(tmp_path))
        yield running


@pytest.fixture
def patience(simulator: Simulator, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("downloads.running.LIMITS", IMPATIENT if case.name == "stall" else QUICK)


def work(rounds: int = 4) -> Download:
    """Run the engine until the row is finished, needs the user, or has been tried `rounds` times."""
    late = timedelta(0)

    def now() -> datetime:
        return timezone.now() + late

    for _ in range(rounds):
        orchestrator = Orchestrator(now=now)
        orchestrator.run()
        row = Download.objects.get()
        if row.status != Status.WAITING or row.reason_until is None:
            break
        late += timedelta(hours=1)
        Account.objects.update(cool_down_until=None, standing="")
    return Download.objects.get()


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check(row: Download, case: Case, simulator: Simulator, folder: Path) -> None:
    finished = [path for path in folder.rglob("*") if path.is_file() and ".flasharr" not in path.parts]
    if row.status == Status.COMPLETED:
        assert "completed" in case.ends, "it cannot have been completed"
        assert [sha256(path) for path in finished] == [simulator.sha256(CODE)]
    else:
        assert row.reason
        assert row.reason_code in case.ends, row.reason.message
        assert not finished, "something has a final name that is not finished"


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("case", [*PASSING, *LASTING], ids=str)
def test_a_fault_ends_right_or_with_its_reason(case: Case, simulator: Simulator, tmp_path: Path) -> None:
    actions.add([actions.NewDownload(intake.find(f"https://www.fshare.vn/file/{CODE}")[0][0], "phim.mkv", SIZE)])
    simulator.fault(case.name, **{"code": CODE, **case.options} if case.name not in ("gate",) else case.options)
    check(work(), case, simulator, tmp_path)


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("case", ON_RESUME, ids=str)
def test_a_fault_on_resume_never_splices_two_files(case: Case, simulator: Simulator, tmp_path: Path) -> None:
    actions.add([actions.NewDownload(intake.find(f"https://www.fshare.vn/file/{CODE}")[0][0], "phim.mkv", SIZE)])
    simulator.fault("early_end", code=CODE, at=4 * MIB)
    simulator.fault(case.name, **{"code": CODE, **case.options})
    check(work(), case, simulator, tmp_path)


FILE_SERVER = {
    **{
        f"{status}, for ever": (
            ("link_expired", {"value": status, "count": None}),
            "address_expired",
            f"answer {status}",
        )
        for status in (401, 403, 404, 410)
    },
    "416, for ever": (("not_satisfiable", {"count": None}), "wrong_answer", "something else than was asked for"),
}


@pytest.mark.parametrize("row", FILE_SERVER.values(), ids=FILE_SERVER)
def test_what_a_file_server_says_for_ever(simulator: Simulator, row: tuple[Any, str, str]) -> None:
    """A few new addresses, never without end, and then a wait: nothing that it says proves the file dead."""
    (name, options), code, words = row
    actions.add([actions.NewDownload(intake.find(f"https://www.fshare.vn/file/{CODE}")[0][0], "phim.mkv", SIZE)])
    simulator.fault(name, code=CODE, **options)
    found = work(rounds=1)
    assert found.reason
    assert (found.status, found.reason_code) == ("waiting", code)
    assert found.reason.until is not None
    assert words in found.reason.message
    with translation.override("vi"):
        assert gettext(found.reason.sentence) != found.reason.sentence
    assert len(simulator.journal.calls("download")) <= 1 + QUICK.mints
    assert len(simulator.journal.logins()) == 1
    simulator.clear_faults()
    assert work().status == Status.COMPLETED


def test_the_lease_is_free_afterwards(simulator: Simulator) -> None:
    actions.add([actions.NewDownload(intake.find(f"https://www.fshare.vn/file/{CODE}")[0][0], "phim.mkv", SIZE)])
    assert work().status == Status.COMPLETED
    assert lease.take("another")
