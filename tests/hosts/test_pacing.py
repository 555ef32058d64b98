"""Requests to one server keep their distance, whoever makes them."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from flasharr.settings import seconds_setting
from flasharr.simulator import Simulator
from hosts import vault
from hosts.models import Account
from hosts.pacing import JITTER, LONGEST_QUEUE, Pacer
from hosts.sites.fshare import Fshare
from tests.hosts.processes import resolve_file

SPAWN = multiprocessing.get_context("spawn")
INTERVAL = 0.1


class Time:
    """A clock that only sleeping moves."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


def pacer(folder: Path, time: Time, interval: float = 0.5, chance: float = 0.0) -> Pacer:
    return Pacer(folder, interval, time, time.sleep, lambda: chance)


def test_the_first_goes_at_once_and_the_next_ones_in_turn(tmp_path: Path) -> None:
    time = Time()
    for _ in range(3):
        pacer(tmp_path, time)("fshare api:443")
    assert time.slept == [0.5, 0.5]
    time.now += 0.2
    pacer(tmp_path, time)("fshare api:443")
    assert time.slept[2:] == [pytest.approx(0.3)]
    time.now += 10
    pacer(tmp_path, time)("fshare api:443")
    assert len(time.slept) == 3


def test_after_a_silence_some_go_at_once_and_the_mean_stays(tmp_path: Path) -> None:
    time = Time()
    in_bursts = Pacer(tmp_path, 0.5, time, time.sleep, lambda: 0.0, burst=3)
    for _ in range(5):
        in_bursts("a")
    assert time.slept == [0.5, 0.5]
    time.now += 1.0  # of two requests: that many are free again
    for _ in range(3):
        in_bursts("a")
    assert time.slept == [0.5, 0.5, 0.5]


def test_servers_do_not_wait_for_each_other(tmp_path: Path) -> None:
    time = Time()
    for server in ("fshare api:443", "fshare www:443", "other api:443"):
        pacer(tmp_path, time)(server)
    assert time.slept == []
    assert len(list(tmp_path.iterdir())) == 3


def test_those_who_ask_at_the_same_moment_take_moments_one_after_the_other(tmp_path: Path) -> None:
    slept: list[float] = []
    for _ in range(4):
        Pacer(tmp_path, 0.5, lambda: 1000.0, slept.append, lambda: 0.0)("a")
    assert slept == [0.5, 1.0, 1.5]


def test_jitter_only_adds(tmp_path: Path) -> None:
    time = Time()
    for chance in (0.0, 0.5, 1.0):
        pacer(tmp_path, time, 1.0, chance)("a")
    assert time.slept == [pytest.approx(1 + JITTER / 2), pytest.approx(1 + JITTER)]


@pytest.mark.parametrize("left", [b"", b"nonsense", b"nan", b"inf", str(1000 + LONGEST_QUEUE + 1).encode()])
def test_what_another_start_of_the_machine_left_holds_nobody_up(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "pace-a").write_bytes(left)
    time = Time()
    for _ in range(2):
        pacer(tmp_path, time)("a")
    assert time.slept == [0.5]


def test_no_interval_leaves_no_trace(tmp_path: Path) -> None:
    Pacer(tmp_path / "locks", 0)("a")
    assert not (tmp_path / "locks").exists()


def test_a_servers_name_is_no_path(tmp_path: Path) -> None:
    pacer(tmp_path / "locks", Time())("../../etc/passwd\0")
    assert [path.name for path in (tmp_path / "locks").iterdir()] == ["pace-.._.._etc_passwd_"]


@pytest.mark.parametrize("value", ["-1", "abc", "nan", "inf", "", "1e3", "0.5s"])
def test_an_interval_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FSHARE_INTERVAL", value)
    with pytest.raises(ImproperlyConfigured, match="FSHARE_INTERVAL"):
        seconds_setting("FSHARE_INTERVAL", 0.5)


def test_half_a_second_is_the_default() -> None:
    assert Fshare().interval({}) == 0.5
    assert Fshare().interval({"FSHARE_INTERVAL": "0"}) == 0


@pytest.mark.django_db(transaction=True)
def test_two_processes_of_four_threads_keep_the_interval(simulator: Simulator, tmp_path: Path) -> None:
    given: dict[str, Any] = {**simulator.environment(), "FSHARE_INTERVAL": str(INTERVAL)}
    sealed = vault.seal(given["FSHARE_PASSWORD"])
    account = Account.objects.create(host="fshare", email=given["FSHARE_EMAIL"], sealed_password=sealed)
    begin = SPAWN.Event()
    arguments = (str(connection.settings_dict["NAME"]), str(tmp_path), given, begin, account.pk)
    workers = [SPAWN.Process(target=resolve_file, args=arguments) for _ in range(2)]
    for worker in workers:
        worker.start()
    begin.set()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
    times = sorted(request.began for request in simulator.journal)
    assert len(times) == 17  # 8 times name and address, and one sign-in
    assert times[-1] - times[0] >= 16 * INTERVAL - 0.05
    # On a busy machine one may be late on its way and come close to the next; ten in a row cannot.
    assert all(times[at + 10] - times[at] >= 10 * INTERVAL / 2 for at in range(7))
