"""Is it the better one? Points with their reasons."""

from __future__ import annotations

from typing import NamedTuple

from search.releases.fold import fold
from search.releases.release import Kind, Release, Voice
from search.releases.tables.profiles import Points, Profile

MEGABIT = 1_000_000
SPOKEN = {Voice.DUBBED: "dub", Voice.VOICE_OVER: "voice-over", Voice.UNSPECIFIED: "audio"}


class Contribution(NamedTuple):
    """`points` of at most `most` for `found`, which is empty when the name does not say."""

    field: str
    found: str
    points: int
    most: int


class Score(NamedTuple):
    """`total` is 0 to 100 and the sum of the contributions, cut to that range."""

    total: int
    contributions: tuple[Contribution, ...]


def score(release: Release, profile: Profile, size: int | None = None, runtime: int | None = None) -> Score:
    """`size` in bytes, `runtime` in seconds of one film or episode."""
    contributions = [
        _from(profile.resolutions, "resolution", release.resolution),
        _from(profile.sources, "source", source_of(release)),
        _from(profile.codecs, "codec", release.codec),
        _from(profile.dynamic_ranges, "dynamic range", _dynamic_range(release)),
        _best(profile.sounds, "sound", release.audio),
        _from(profile.vietnamese, "Vietnamese", _vietnamese(release)),
        _from(profile.fixes, "fixes", "proper" if release.proper or release.repack else ""),
        _size(release, profile, size, runtime),
    ]
    total = min(100, max(0, sum(contribution.points for contribution in contributions)))
    limit = profile.held_back.get(release.source)
    if limit is not None and total > limit:
        contributions.append(Contribution("held back", release.source, limit - total, 0))
        total = limit
    return Score(total, tuple(contributions))


def order(scored: tuple[Score, Release]) -> tuple[int, str, str]:
    """A key to sort by: the best first, equal ones by name, whatever order they came in."""
    return -scored[0].total, fold(scored[1].name), scored[1].name


def _from(table: Points, field: str, found: str) -> Contribution:
    known = found if found in table else found.partition("/")[0]
    points = table.get(known, table.get("", 0)) if known else table.get("", 0)
    return Contribution(field, found, points, max(table.values()))


def _best(table: Points, field: str, found: tuple[str, ...]) -> Contribution:
    best = max(found, key=lambda one: table.get(one, 0), default="")
    return _from(table, field, best)


def source_of(release: Release) -> str:
    """With its detail where that is known: "web/webrip"."""
    return f"{release.source}/{release.source_detail}" if release.source_detail else release.source


def _dynamic_range(release: Release) -> str:
    ranges = set(release.hdr)
    if "dv" in ranges and ranges & {"hdr", "hdr10+"}:
        return "dv+hdr"
    return next((name for name in ("hdr10+", "hdr", "dv", "hlg", "sdr") if name in ranges), "")


def _vietnamese(release: Release) -> str:
    voices = [SPOKEN[voice] for voice in SPOKEN if voice in release.vietnamese_audio]
    if release.machine_made:
        return "machine-made audio" if voices else "machine-made subtitles"
    if voices:
        return f"{voices[0]} and subtitles" if release.vietnamese_subtitles else voices[0]
    return "subtitles" if release.vietnamese_subtitles else ""


def _size(release: Release, profile: Profile, size: int | None, runtime: int | None) -> Contribution:
    """Whether the file is as big as one of its class can be. Nothing is said of packs whose length is unknown."""
    seconds = length(release, runtime)
    if not size or not seconds:
        return Contribution("size", "", profile.believable // 2, profile.believable)
    rate = size * 8 / seconds / MEGABIT
    found = f"{rate:.1f} Mbit/s"
    least, most = _limits(release, profile)
    if rate < least:
        return Contribution("size", found, profile.too_small, profile.believable)
    if rate > most:
        return Contribution("size", found, profile.too_big, profile.believable)
    return Contribution("size", found, profile.believable, profile.believable)


def length(release: Release, runtime: int | None) -> int | None:
    """Seconds of all that is in the file."""
    if not runtime or release.kind == Kind.EXTRA or release.archive_part is not None:
        return None
    if release.kind == Kind.PACK:
        return runtime * release.episode_count if release.episode_count else None
    return runtime * max(1, len(release.episodes))


def _limits(release: Release, profile: Profile) -> tuple[float, float]:
    keys = (f"{release.resolution}/{release.source_detail}", release.resolution)
    return next((profile.bitrates[key] for key in keys if key in profile.bitrates), profile.bitrates[""])
