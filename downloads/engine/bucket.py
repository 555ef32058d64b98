"""Who may pass next, and when: a token bucket whose waiting pieces are served fairly. Arithmetic only.

Each piece has a place in virtual time, counted in bytes: it begins where its flow's last piece ended, or at the
present if the flow was away. The earliest goes first (start-time fair queueing), so flows that always have a
piece waiting pass the same number of bytes, whatever the sizes of their pieces.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass

PIECE = 0.02  # seconds of the rate in one piece
SMALLEST_PIECE = 4096  # bytes
BURST = 0.1  # seconds of rate that an idle line may save up


@dataclass(eq=False)
class Flow:
    """`end` is where its last piece ends in virtual time."""

    end: float = 0.0


@dataclass(eq=False)
class Piece:
    begin: float
    count: int
    has_passed: bool = False


class Bucket:
    """Tokens are bytes; they grow with time at `rate` a second. A piece passes when there is no debt, and leaves its
    own. A rate of 0 is no limit. `now` is in seconds, of any clock that does not go back."""

    def __init__(self, rate: int, now: float) -> None:
        self.rate = rate
        self._tokens = 0.0
        self._seen = now
        self._present = 0.0  # in virtual time
        self._waiting: list[Piece] = []

    def turn(self, rate: int, now: float) -> None:
        """Another rate from now on. Pieces that were cut for a faster one count as one of the new size, so that
        nobody waits for seconds because of bytes that came before."""
        if rate == self.rate:
            return
        self.run(now)
        self.rate = rate
        if rate:
            most = largest_piece(rate)
            self._tokens = max(self._tokens, -most)
            for piece in self._waiting:
                piece.count = min(piece.count, most)
        self.run(now)

    def ask(self, flow: Flow, count: int, now: float) -> Piece:
        if self.rate:
            count = min(count, largest_piece(self.rate))  # more was read before the rate changed
        piece = Piece(max(flow.end, self._present), count)
        flow.end = piece.begin + count
        insort(self._waiting, piece, key=lambda one: one.begin)
        self.run(now)
        return piece

    def run(self, now: float) -> None:
        """Earn what the time since the last look is worth, and let pass what may."""
        self._tokens = min(self._tokens + (now - self._seen) * self.rate, self.rate * BURST)
        self._seen = now
        while self._waiting and (self._tokens >= 0 or not self.rate):
            piece = self._waiting.pop(0)
            piece.has_passed = True
            self._present = piece.begin
            self._tokens -= piece.count if self.rate else 0

    def seconds_until(self, piece: Piece) -> float:
        """When it would pass if nobody else came; 0 when it has."""
        if piece.has_passed:
            return 0.0
        ahead = sum(other.count for other in self._waiting[: self._waiting.index(piece)])
        return max((ahead - self._tokens) / self.rate, 1e-6)

    def withdraw(self, piece: Piece) -> None:
        if not piece.has_passed:
            self._waiting.remove(piece)


def largest_piece(rate: int) -> int:
    """Whole blocks of the disk, so that what begins at one ends at one."""
    return max(1, int(rate * PIECE) // SMALLEST_PIECE) * SMALLEST_PIECE
