"""Which bytes of a file are there and which are missing. Pure arithmetic over half-open ranges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

GRAIN = 64 * 1024  # where segments may be cut: whole pages, so that no two connections write into one
MOST = 128  # segments a plan is cut into, so that its journal stays small


@dataclass(slots=True)
class Segment:
    """Bytes [start, end) of the file, of which the first `written` are there. `end` is None while unknown."""

    start: int
    end: int | None
    written: int = 0

    @property
    def position(self) -> int:
        """Where the next byte belongs."""
        return self.start + self.written

    @property
    def is_complete(self) -> bool:
        """An open-ended segment is never complete: only the server's clean end can close it."""
        return self.end is not None and self.position == self.end

    @property
    def missing(self) -> int:
        """Bytes still to come; 0 while nobody knows."""
        return 0 if self.end is None else self.end - self.position

    def resume_from(self, overlap: int) -> int:
        """Where to ask from, so that up to `overlap` bytes on the disk can be compared with the server's."""
        return max(self.start, self.position - overlap)


@dataclass(slots=True)
class Plan:
    """A file of `size` bytes (None: nobody said) cut into segments that tile it exactly."""

    size: int | None
    segments: list[Segment] = field(default_factory=list)

    @classmethod
    def whole(cls, size: int | None) -> Plan:
        """One segment for everything."""
        return cls(size, [Segment(0, size)])

    @classmethod
    def shared(cls, size: int, count: int) -> Plan:
        """Up to `count` segments of about the same length."""
        step = max(GRAIN, -(-size // count // GRAIN) * GRAIN)
        return cls(size, [Segment(start, min(size, start + step)) for start in range(0, size, step)])

    @property
    def written(self) -> int:
        return sum(segment.written for segment in self.segments)

    @property
    def is_complete(self) -> bool:
        return self.size is not None and self.tiles and all(segment.is_complete for segment in self.segments)

    @property
    def tiles(self) -> bool:
        """Whether the segments cover [0, size) once, in order, without a claim beyond their ends."""
        return is_tiling(self.segments, self.size)

    def learn_size(self, size: int) -> None:
        """Close the open segment once the server has said how long the file is."""
        self.size = size
        self.segments[-1].end = size

    def after(self, segment: Segment) -> Segment | None:
        """The segment that begins where this one ends."""
        return next((other for other in self.segments if other.start == segment.end), None)

    def split(self, segment: Segment, smallest: int) -> Segment | None:
        """Cut off the later half of what is missing, if both halves have `smallest` bytes; else None.

        The writer of `segment` may have one read under way: `smallest` has to be longer than that.
        """
        half = segment.position + -(-segment.missing // 2)
        cut = -(-half // GRAIN) * GRAIN
        if len(self.segments) >= MOST or cut - segment.position < smallest or (segment.end or 0) - cut < smallest:
            return None
        later = Segment(cut, segment.end)
        segment.end = cut
        self.segments.insert(self._index(segment) + 1, later)
        return later

    def absorb(self, segment: Segment, later: Segment) -> None:
        """Undo a split: `later`, of which nothing is written, belongs to `segment` again."""
        del self.segments[self._index(later)]
        segment.end = later.end

    def snapshot(self) -> Plan:
        """A copy that stays as it is while the transfer goes on; what is complete is one with what follows it."""
        joined: list[Segment] = []
        for segment in self.segments:
            before = joined[-1] if joined else None
            if before is not None and before.is_complete:
                before.end, before.written = segment.end, before.written + segment.written
            else:
                joined.append(replace(segment))
        return Plan(self.size, joined)

    def _index(self, segment: Segment) -> int:
        return next(index for index, other in enumerate(self.segments) if other is segment)


def is_tiling(segments: Iterable[Segment], size: int | None) -> bool:
    expected: int | None = 0
    for segment in segments:
        if expected is None or segment.start != expected or segment.written < 0:
            return False
        if segment.end is not None and not segment.start <= segment.position <= segment.end:
            return False
        expected = segment.end
    return expected == size
