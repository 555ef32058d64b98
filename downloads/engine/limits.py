"""The numbers a transfer lives by, in seconds and bytes."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Defaults suit the internet; tests shorten them.

    Two checkpoint windows of a segment can be unrecorded at once (one being synced, one being filled), each ending
    at most one buffer late, and two buffers can be on their way to the disk: 2 x (3 MiB + 512 KiB) + 2 x 512 KiB is
    the 8 MiB per segment that a kill -9 may cost.
    """

    connect: float = 15.0  # until the line stands
    answer: float = 30.0  # until the headers are there
    stall: float = 60.0  # without a single byte
    slow_seconds: float = 60.0  # of waiting for a server that must bring at least
    slow_bytes: int = 64 * KIB  # as much as this, which is what every resume fetches again
    crawl: float = 3.0  # seconds of work that a crawling connection is replaced for at least
    tick: float = 0.25  # how often a silent line looks at the stop event
    buffer: int = 512 * KIB
    checkpoint_bytes: int = 3 * MIB
    checkpoint_seconds: float = 1.0  # on a slow line; more where syncing is slow, see checkpoint.py
    overlap: int = 64 * KIB  # fetched again before a resume point and compared with the disk
    reserve: int = 0  # bytes of the file system that are left free for others
    smallest_shared: int = 4 * MIB  # a file below this is fetched over one connection
    smallest_split: int = 2 * MIB  # what a further connection is opened for at least; not below three buffers
    regrow: float = 30.0  # after a refused connection, doubled by each further refusal
    regrow_cap: float = 600.0
    redirects: int = 5
    quick_retries: int = 4  # attempts in a row without progress before the problem is handed up
    mints: int = 3  # new addresses in a row without progress
    renewals: int = 2  # times one run may set a part aside and begin anew
    seams: int = 4  # that disagree, after which a run no longer asks a third connection but reads everything again
    retry_base: float = 0.5
    retry_cap: float = 8.0
