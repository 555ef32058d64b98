"""From marks to the fields of a release: only those that stand where a mark can."""

from __future__ import annotations

from collections.abc import Callable

from search.releases.draft import Draft, Found
from search.releases.release import Kind, Voice
from search.releases.tables.row import LIKELY, ZONE, Value

SCREENS = ((7000, "4320p"), (3400, "2160p"), (2400, "1440p"), (1800, "1080p"), (1200, "720p"))
WEAK = ("", "hdrip", "ppv", "r5", "vod")  # say less than any other source
FINER = {"remux": 4, "bdrip": 3, "brrip": 3, "webrip": 3, "web-dl": 3, "dvdrip": 3, "uhdrip": 3}


def tech_start(draft: Draft) -> None:
    """Where the marks begin behind title and episode title: the first sure one, and those that touch it."""
    after = draft.stop
    for first, stop in draft.anchors:
        if first <= draft.stop and stop > after:
            after = stop
    draft.behind = after
    sure = draft.count
    for mark in draft.founds:
        if mark.mark.sure and mark.first >= after:
            sure = mark.first
            break
    while sure > after:
        found = draft.at[sure - 1]
        if found is None or draft.claimed[found.first] or found.first < after:
            break
        sure = found.first
    draft.tech = sure


def facts(draft: Draft) -> None:
    """Write every mark that counts into the release."""
    touching = _touching(draft)
    start, stop, tech, claimed = draft.start, draft.stop, draft.tech, draft.claimed
    for found in draft.founds:
        first, mark = found.first, found.mark
        if claimed[first] or start <= first < stop:
            continue
        if not (first >= tech or first < touching or mark.sure or _in_bracket(draft, found)):
            continue
        for name, value in mark.facts:
            write = WRITERS[name]
            if write is not None:
                write(draft, found, value)
    _screen(draft)


def _touching(draft: Draft) -> int:
    """Marks right behind the title or the episode number count without a sure one."""
    index, at, claimed = draft.behind, draft.at, draft.claimed
    while index < draft.tech and (at[index] is not None or claimed[index]):
        index += 1
    return index


def _in_bracket(draft: Draft, found: Found) -> bool:
    bracket = draft.inside(found.first)
    if bracket is None:
        return False
    return found.mark.strength == LIKELY or all(draft.is_mark(i) for i in range(bracket.first, bracket.stop))


def _first(name: str) -> Callable[[Draft, Found, Value], None]:
    def write(draft: Draft, found: Found, value: Value) -> None:
        if not getattr(draft.release, name):
            setattr(draft.release, name, value)
            draft.note(name, found.first, found.stop)

    return write


def _all(name: str) -> Callable[[Draft, Found, Value], None]:
    def write(draft: Draft, found: Found, value: Value) -> None:
        values = getattr(draft.release, name)
        if value not in values:
            setattr(draft.release, name, (*values, value))
            draft.note(name, found.first, found.stop)

    return write


def _flag(name: str) -> Callable[[Draft, Found, Value], None]:
    def write(draft: Draft, found: Found, value: Value) -> None:
        setattr(draft.release, name, True)
        draft.note(name, found.first, found.stop)

    return write


def _source(draft: Draft, found: Found, value: Value) -> None:
    release = draft.release
    if release.source in WEAK and not (found.mark.strength == ZONE and found.first < draft.tech):
        release.source = str(value)
        draft.note("source", found.first, found.stop)


def _detail(draft: Draft, found: Found, value: Value) -> None:
    release = draft.release
    finer = FINER.get(str(value), 1) > FINER.get(release.source_detail, 0)
    if finer and ("source", release.source) in found.mark.facts:
        release.source_detail = str(value)
        draft.spans.pop("source_detail", None)
        draft.note("source_detail", found.first, found.stop)


def _remux(draft: Draft, found: Found, value: Value) -> None:
    """A remux is made from a disc, whichever other word comes first."""
    release = draft.release
    if release.source in ("", "bluray", "hddvd", "dvd"):
        release.source = release.source or "bluray"
    release.source_detail = "remux"
    draft.spans.pop("source_detail", None)
    draft.note("source_detail", found.first, found.stop)
    draft.note("source", found.first, found.stop)


def _wide(draft: Draft, found: Found, value: Value) -> None:
    """4K and the like say less than a number of lines."""
    if not draft.release.resolution:
        draft.release.resolution = f"?{value}"
        draft.spans["resolution"] = (draft.starts[found.first], draft.ends[found.stop - 1])


def _lines(draft: Draft, found: Found, value: Value) -> None:
    release = draft.release
    if not release.resolution or release.resolution[0] == "?":
        release.resolution = str(value)
        draft.spans["resolution"] = (draft.starts[found.first], draft.ends[found.stop - 1])


def _screen(draft: Draft) -> None:
    """1920x1080; and 4K where nothing better was found."""
    release = draft.release
    if release.resolution and release.resolution[0] != "?":
        return
    if "size" in draft.shapes:
        for index in draft.shapes.get("size", ()):
            width, height = draft.lexemes[index].numbers[:2]
            release.resolution = next((name for least, name in SCREENS if width >= least), f"{height}p")
            draft.note("resolution", index, index + 1)
            break
    release.resolution = release.resolution.lstrip("?")


def _voice(draft: Draft, found: Found, value: Value) -> None:
    release = draft.release
    voices = release.vietnamese_audio | {Voice(str(value))}
    release.vietnamese_audio = voices - {Voice.UNSPECIFIED} or voices
    draft.note("vietnamese_audio", found.first, found.stop)


def _subtitles(draft: Draft, found: Found, value: Value) -> None:
    draft.release.vietnamese_subtitles = True
    draft.note("vietnamese_subtitles", found.first, found.stop)


def _proper(draft: Draft, found: Found, value: Value) -> None:
    draft.release.proper = True
    draft.note("proper", found.first, found.stop)


def _extra(draft: Draft, found: Found, value: Value) -> None:
    draft.release.kind = Kind.EXTRA


WRITERS: dict[str, Callable[[Draft, Found, Value], None] | None] = {
    "resolution": _lines, "wide": _wide, "source": _source, "source_detail": _detail, "remux": _remux,
    "service": _first("service"), "codec": _first("codec"), "bit_depth": _first("bit_depth"), "hdr": _all("hdr"),
    "audio": _all("audio"), "more_audio": _all("audio"), "channels": _first("channels"), "edition": _all("edition"),
    "proper": _proper, "repack": _flag("repack"), "languages": _all("languages"), "more_languages": _all("languages"),
    "subtitle_languages": _all("subtitle_languages"), "voice": _voice, "subtitles": _subtitles,
    "machine": _flag("machine_made"), "extra": _extra,
}  # fmt: skip
for _name in (
    "definition",
    "format",
    "scene",
    "tracks",
    "origin",
    "complete",
    "claim",
    "last",
    "disc",
    "subs",
    "dub",
):
    WRITERS[_name] = None  # describes the file in a way that nobody asks for
