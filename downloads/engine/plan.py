"""Which bytes of a file are there and which are missing. Pure arithmetic over half-open ranges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


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

    def resume_from(self, overlap: int) -> int:
        """Where to ask from, so that up to `overlap` bytes on the disk can be compared with the server's."""
        return max(self.start, self.position - overlap)

    def give_up(self, count: int) -> None:
        """Forget the last `count` bytes, or as many as there are."""
        self.written = max(0, self.written - count)


@dataclass(slots=True)
class Plan:
    """A file of `size` bytes (None: nobody said) cut into segments that tile it exactly."""

    size: int | None
    segments: list[Segment] = field(default_factory=list)

    @classmethod
    def whole(cls, size: int | None) -> Plan:
        """One segment for everything."""
        return cls(size, [Segment(0, size)])

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

    def snapshot(self) -> Plan:
        """A copy that stays as it is while the transfer goes on."""
        return Plan(self.size, [Segment(part.start, part.end, part.written) for part in self.segments])


def is_tiling(segments: Iterable[Segment], size: int | None) -> bool:
    expected: int | None = 0
    for segment in segments:
        if expected is None or segment.start != expected or segment.written < 0:
            return False
        if segment.end is not None and not segment.start <= segment.position <= segment.end:
            return False
        expected = segment.end
    return expected == size
