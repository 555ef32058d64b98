"""Throttle, backoff, patience and space: the parts that count and wait."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from downloads.engine.backoff import Backoff
from downloads.engine.errors import AddressExpired, CutShort, DiskFull, NetworkProblem, RemoteChanged
from downloads.engine.limits import Limits
from downloads.engine.patience import Patience
from downloads.engine.space import free_bytes, needed_bytes, readable, require_space
from downloads.engine.throttle import Throttle
from downloads.engine.width import Width


class Waiting(threading.Event):
    """Tells when somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.asked.set()
        return super().wait(timeout)


def drain(throttle: Throttle, count: int, stop: threading.Event, piece: int = 20_000) -> None:
    for _ in range(count // piece):
        throttle.take(piece, stop)


def test_a_throttle_keeps_its_rate_over_several_threads() -> None:
    throttle, stop = Throttle(4_000_000), threading.Event()
    threads = [threading.Thread(target=drain, args=(throttle, 500_000, stop)) for _ in range(4)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # 2,000,000 bytes less what may be saved up; machines under load are slower, never faster
    assert time.monotonic() - began > 0.39


def test_an_unlimited_throttle_does_not_wait() -> None:
    stop = Waiting()
    drain(Throttle(), 10**9, stop, piece=10**6)
    assert not stop.asked.is_set()


def test_a_new_rate_counts_at_once_for_who_waits_already() -> None:
    throttle, stop = Throttle(1), Waiting()
    throttle.take(1000, stop)
    waiting = threading.Thread(target=throttle.take, args=(1, stop))
    waiting.start()
    assert stop.asked.wait(60)
    throttle.rate = 0
    waiting.join(60)  # of a thousand seconds
    assert not waiting.is_alive()


def test_a_stop_ends_the_wait() -> None:
    throttle, stop = Throttle(1), Waiting()
    throttle.take(1000, stop)
    waiting = threading.Thread(target=throttle.take, args=(1, stop))
    waiting.start()
    assert stop.asked.wait(60)
    stop.set()
    waiting.join(60)
    assert not waiting.is_alive()


def test_a_slow_throttle_asks_for_small_portions() -> None:
    assert Throttle().portion(262_144) == 262_144
    assert Throttle(10_000_000).portion(262_144) == 196_608
    assert Throttle(1000).portion(262_144) == 4096
    assert Throttle(above=Throttle(1000)).portion(262_144) == 4096
    assert Throttle(10**9).portion(262_144) == 262_144


def test_an_idle_throttle_saves_up_no_more_than_a_tenth_of_a_second() -> None:
    now = [0.0]

    class Clocked(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            now[0] += timeout or 0
            return False

    throttle, stop = Throttle(1000, clock=lambda: now[0]), Clocked()
    now[0] = 3600.0
    for _ in range(3):
        throttle.take(100, stop)
    assert now[0] == pytest.approx(3600.1)


def test_a_backoff_doubles_up_to_its_cap_with_jitter() -> None:
    backoff = Backoff(base=1.0, cap=10.0)
    delays = []
    for _ in range(6):
        delays.append((backoff.delay(chance=0.0), backoff.delay(chance=1.0)))
        backoff = backoff.next()
    assert delays == [(0.5, 1), (1, 2), (2, 4), (4, 8), (5, 10), (5, 10)]
    assert Backoff(attempt=10_000).delay() <= 300
    assert len({Backoff(3).delay() for _ in range(20)}) > 10


def test_the_servers_word_wins_over_the_backoff() -> None:
    assert Backoff(8).delay(3.0) == 3.0


def test_patience_ends_without_progress_and_starts_anew_with_it() -> None:
    patience = Patience(Limits(quick_retries=2, retry_base=0.0))
    for _ in range(10):
        assert patience.after(CutShort(server="x"), gained=64 * 1024) == 0
    patience.after(CutShort(server="x"), gained=0)
    with pytest.raises(CutShort):
        patience.after(CutShort(server="x"), gained=0)


def test_less_than_what_resuming_fetches_again_is_no_progress() -> None:
    patience = Patience(Limits(quick_retries=2, retry_base=0.0))
    for _ in range(2):
        patience.after(CutShort(server="x"), gained=64 * 1024 - 1)
    with pytest.raises(CutShort):
        patience.after(CutShort(server="x"), gained=64 * 1024 - 1)


def test_a_changed_file_is_begun_anew_even_when_all_tries_are_used_up() -> None:
    """What is certain needs no further try, so it must not be given up for having had too many."""
    patience = Patience(Limits(quick_retries=2, retry_base=0.0, renewals=1))
    for _ in range(2):
        patience.after(RemoteChanged(), gained=0)
        assert not patience.is_certain(RemoteChanged())
    assert (patience.trusts_ranges, patience.trusts_others) == (False, True)
    assert patience.after(RemoteChanged(), gained=0) == 0
    assert patience.is_certain(RemoteChanged())
    patience.renew(RemoteChanged())
    assert (patience.trusts_ranges, patience.trusts_others) == (True, False)
    with pytest.raises(RemoteChanged):
        patience.renew(RemoteChanged())


def test_a_width_narrows_with_each_refusal_and_grows_again_one_by_one() -> None:
    now = [0.0]
    width = Width(Limits(regrow=30, regrow_cap=60), clock=lambda: now[0])
    width.open_to(4)
    width.refuse(3, None)
    width.refuse(2, None)
    assert (width.now, width.seconds_until_next) == (2, 60)
    now[0] = 59.0
    assert not width.grow()
    now[0] = 60.0
    assert width.grow()
    assert (width.now, width.seconds_until_next) == (3, 60)
    now[0] = 120.0
    assert width.grow()
    assert (width.now, width.seconds_until_next) == (4, None)
    width.refuse(0, 500.0)
    assert (width.now, width.seconds_until_next) == (1, 500)


def test_a_long_wait_is_not_waited_for_here() -> None:
    with pytest.raises(NetworkProblem):
        Patience(Limits(retry_cap=8)).after(NetworkProblem(retry_after=9), gained=1)


def test_other_problems_are_handed_up_at_once() -> None:
    with pytest.raises(DiskFull):
        Patience(Limits()).after(DiskFull(needed="1 GB", free="1 MB"), gained=1)


def test_addresses_are_counted_apart_from_network_problems() -> None:
    patience = Patience(Limits(mints=3, quick_retries=0))
    for _ in range(3):
        patience.after(AddressExpired(status=403), gained=0)
    with pytest.raises(AddressExpired):
        patience.after(AddressExpired(status=403), gained=0)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (8_100_000_000, "8.1 GB"), (999_960_000, "1.0 GB")],
)
def test_numbers_are_readable(count: int, text: str) -> None:
    assert readable(count) == text


def test_space_that_is_not_there_is_named_with_both_numbers(tmp_path: Path) -> None:
    free = free_bytes(tmp_path / "not" / "yet")
    assert free > 0
    require_space(tmp_path, 1)
    with pytest.raises(DiskFull, match=r"9000\.0 PB needed"):
        require_space(tmp_path, 9 * 10**18)


def test_what_has_its_blocks_needs_no_room() -> None:
    assert needed_bytes(100, 40) == 60
    assert needed_bytes(100, 4096) == 0
    assert needed_bytes(None, 0) == 0
