"""The limiter's arithmetic on a clock of its own: rates, fairness and changes, without waiting."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from downloads.engine.bucket import SMALLEST_PIECE, Bucket, Flow, Piece, largest_piece

MB = 1_000_000


@dataclass
class Line:
    """Connections that always have a next piece ready, and the bytes that each flow has passed."""

    bucket: Bucket
    connections: list[tuple[str, Flow, int]]  # name, flow, size of its pieces
    now: float = 0.0
    passed: Counter[str] = field(default_factory=Counter)
    waiting: dict[int, tuple[Piece, int]] = field(default_factory=dict)

    def run(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until:
            for number in range(len(self.connections)):
                self.refill(number)
            pauses = [self.bucket.seconds_until(piece) for piece, _ in self.waiting.values()]
            self.now += max(min(pauses), 1e-4)
            self.bucket.run(self.now)

    def refill(self, number: int) -> None:
        name, flow, size = self.connections[number]
        if number in self.waiting:
            piece, count = self.waiting[number]
            if not piece.has_passed:
                return
            self.passed[name] += count
        self.waiting[number] = self.bucket.ask(flow, size, self.now), size


def line(rate: int, flows: int, segments: int) -> Line:
    bucket = Bucket(rate, 0.0)
    shared = [(str(number), Flow()) for number in range(flows)]
    return Line(bucket, [(name, flow, largest_piece(rate)) for name, flow in shared for _ in range(segments)])


@pytest.mark.parametrize("rate", [MB, 10 * MB, 100 * MB])
@pytest.mark.parametrize("flows", [1, 4])
def test_ten_seconds_keep_the_rate_and_share_it(rate: int, flows: int) -> None:
    running = line(rate, flows, 3)
    running.run(10)
    assert running.passed.total() == pytest.approx(10 * rate, rel=0.01)
    assert max(running.passed.values()) <= 1.02 * min(running.passed.values())


def test_neither_more_connections_nor_larger_pieces_get_more() -> None:
    running = line(10 * MB, 1, 1)
    greedy, small = Flow(), Flow()
    running.connections += [("greedy", greedy, 200_000)] * 8
    running.connections.append(("small", small, 5_000))
    running.run(10)
    assert running.passed["greedy"] == pytest.approx(running.passed["0"], rel=0.05)
    assert running.passed["small"] == pytest.approx(running.passed["0"], rel=0.05)


@pytest.mark.parametrize(("before", "after"), [(100 * MB, MB), (MB, 100 * MB), (10 * MB, 100_000)])
def test_a_change_holds_within_a_second(before: int, after: int) -> None:
    running = line(before, 4, 3)
    running.run(5)
    running.bucket.turn(after, running.now)
    running.connections = [(name, flow, largest_piece(after)) for name, flow, _ in running.connections]
    running.run(1)
    running.passed.clear()
    running.run(10)
    assert running.passed.total() == pytest.approx(10 * after, rel=0.03)


def test_an_idle_line_saves_up_a_tenth_of_a_second() -> None:
    bucket, flow = Bucket(MB, 0.0), Flow()
    bucket.run(3600.0)
    passed = 0
    while (piece := bucket.ask(flow, 20_000, 3600.0)).has_passed:
        passed += piece.count
    assert passed == pytest.approx(MB * 0.1, abs=20_000)


def test_no_limit_lets_everybody_pass_who_waits() -> None:
    running = line(1000, 3, 2)
    running.run(0.1)
    running.bucket.turn(0, running.now)
    assert all(piece.has_passed for piece, _ in running.waiting.values())


def test_who_gives_up_leaves_its_place() -> None:
    bucket, flow = Bucket(SMALLEST_PIECE, 0.0), Flow()
    first, second, third = (bucket.ask(flow, SMALLEST_PIECE, 0.0) for _ in range(3))
    assert first.has_passed
    bucket.withdraw(second)
    assert bucket.seconds_until(third) == pytest.approx(1.0)
