"""Does it meet the demands of a profile? What does not is refused, however good it is."""

from __future__ import annotations

from collections.abc import Iterator

from search.releases.fold import fold
from search.releases.release import Release
from search.releases.score import length, source_of
from search.releases.tables.classes import resolution_class, source_class
from search.releases.tables.files import SUBTITLES
from search.releases.tables.profiles import Demands
from search.releases.verdict import Code, Reason

GIGABYTE = 10**9
HOUR = 3600


def suit(release: Release, demands: Demands, size: int | None = None, runtime: int | None = None) -> tuple[Reason, ...]:
    """What speaks against it, empty when nothing does. `size` in bytes, `runtime` in seconds of a film or episode."""
    against = [*_words(release, demands)]
    if release.container not in SUBTITLES:
        against += [*_picture(release, demands), *_size(release, demands, size, runtime)]
    return tuple(against)


def _words(release: Release, demands: Demands) -> Iterator[Reason]:
    name = f" {fold(release.name)} "
    if banned := next((word for word in demands.banned if _stands_in(word, name)), ""):
        yield Reason(Code.BANNED_WORD, "", banned)
    if demands.required and not any(_stands_in(word, name) for word in demands.required):
        yield Reason(Code.NO_REQUIRED_WORD, ", ".join(demands.required), "")


def _stands_in(word: str, name: str) -> bool:
    folded = fold(word)
    return bool(folded) and f" {folded} " in name


def _picture(release: Release, demands: Demands) -> Iterator[Reason]:
    resolution, source = resolution_class(release.resolution), source_class(source_of(release))
    if demands.resolutions and resolution not in demands.resolutions:
        yield Reason(Code.OTHER_RESOLUTION, ", ".join(sorted(demands.resolutions)), release.resolution or resolution)
    if demands.sources and source not in demands.sources:
        yield Reason(Code.OTHER_SOURCE, ", ".join(sorted(demands.sources)), release.source_detail or source)
    if demands.hdr is not None and demands.hdr != bool(set(release.hdr) - {"sdr"}):
        yield Reason(Code.NO_HDR if demands.hdr else Code.IS_HDR, "", ", ".join(release.hdr))
    if demands.vietnamese and not release.vietnamese_audio and not release.vietnamese_subtitles:
        yield Reason(Code.NOT_VIETNAMESE, "", "")


def _size(release: Release, demands: Demands, size: int | None, runtime: int | None) -> Iterator[Reason]:
    seconds = length(release, runtime)
    if not size or not seconds:
        return
    rate = size / GIGABYTE / (seconds / HOUR)
    if demands.least is not None and rate < demands.least:
        yield Reason(Code.TOO_SMALL, f"{demands.least:g}", f"{rate:.1f}")
    if demands.most is not None and rate > demands.most:
        yield Reason(Code.TOO_BIG, f"{demands.most:g}", f"{rate:.1f}")
