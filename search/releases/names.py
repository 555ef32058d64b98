"""What a release is called in the library, and how to write one as a name that other programs read."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from pathlib import PurePosixPath

from downloads.engine.names import safe_name
from search.releases.frame import ARCHIVE_PART
from search.releases.release import Kind, Release, Voice
from search.releases.tables import files
from search.releases.tables.profiles import Profile
from search.releases.verdict import Title

LONGEST_TITLE = 100  # bytes; what follows must fit into the 255 of a name
LONGEST_EPISODE_TITLE = 60
FINGERPRINT = 6
SIGNS = (
    (": ", " - "),
    (" / ", " - "),
    (":", "-"),
    ("/", " "),
    ("|", "-"),
    ('"', "'"),
    ("?", ""),
    ("*", ""),
    ("<", ""),
    (">", ""),
)
SPOKEN = {Voice.DUBBED: "Lồng Tiếng", Voice.VOICE_OVER: "Thuyết Minh", Voice.UNSPECIFIED: "ViE"}
SOURCES = {
    "bluray": "BluRay", "web": "WEB", "tv": "HDTV", "dvd": "DVD", "hdrip": "HDRip", "cam": "CAM", "telesync": "TS",
    "telecine": "TC", "screener": "SCREENER", "hddvd": "HDDVD", "vhs": "VHS", "r5": "R5", "ppv": "PPV", "vod": "VODRip",
    "web-dl": "WEB-DL", "webrip": "WEBRip", "bdrip": "BDRip", "brrip": "BRRip", "dvdrip": "DVDRip", "remux": "Remux",
    "workprint": "WORKPRINT",
}  # fmt: skip
CODECS = {"h264": "x264", "h265": "x265", "av1": "AV1", "xvid": "XviD", "divx": "DivX", "mpeg2": "MPEG2", "vp9": "VP9"}


def library_path(title: Title, release: Release, profile: Profile) -> PurePosixPath:
    """Folders and file name below the library's root, valid on ext4, NTFS and SMB.

    Releases of different names never share a path: the last word in square brackets is a fingerprint of the name.
    The volumes of an archive and the subtitles of a file share everything but the ending.
    """
    folder = work(title)
    stem = f"{folder}{numbers(title, release)}"
    if release.part is not None:
        stem += f" - part{release.part}"
    words = [*(tags(release) if profile.shows_quality else ()), fingerprint(release)]
    file = safe_name(f"{stem} [{' '.join(words)}]{ending(release)}")
    if not title.is_series:
        return PurePosixPath(folder, file)
    return PurePosixPath(folder, season_folder(title, release), file)


def fingerprint(release: Release) -> str:
    """Six letters that differ for different names, and are the same for all parts of one archive."""
    digest = hashlib.blake2s(stem(release).encode(errors="replace")).digest()
    return b32encode(digest).decode()[:FINGERPRINT].lower()


def stem(release: Release) -> str:
    """Its name without the ending: what the volumes of an archive share, and a film and its subtitles."""
    end, name = ending(release), release.name
    return name[: len(name) - len(end)] if end and name.lower().endswith(end.lower()) else name


def work(title: Title) -> str:
    """The folder of a film or series."""
    name = within(safe_name(_without_signs(title.names[0])), LONGEST_TITLE)
    return safe_name(f"{name} ({title.year})" if title.year else name)


def season_folder(title: Title, release: Release) -> str:
    season = release.seasons[0] if len(release.seasons) == 1 else title.season
    if season is None:
        return "Seasons" if len(release.seasons) > 1 else "Season 01"
    return f"Season {season:02d}"


def numbers(title: Title, release: Release) -> str:
    """- S02E05-E06 - The Title"""
    if not title.is_series:
        return ""
    return f" - {code(release, title.season)}" + _episode_title(release)


def _episode_title(release: Release) -> str:
    said = _without_signs(release.episode_title)
    text = within(safe_name(said), LONGEST_EPISODE_TITLE) if said else ""
    return f" - {text}" if text else ""


def _without_signs(text: str) -> str:
    """As people write it where a sign is not allowed: "1:23:45" is 1-23-45, and "What Is This?" needs no mark."""
    for sign, instead in SIGNS:
        text = text.replace(sign, instead)
    return " ".join(text.split())


def code(release: Release, season: int | None = None) -> str:
    """S02E05-E06, S01-S03, 2020-01-31, as Sonarr reads them."""
    if release.air_date is not None and not release.episodes:
        return release.air_date.isoformat()
    seasons = release.seasons or (() if season is None else (season,))
    episodes = [f"E{episode:02d}" for episode in (*release.episodes[:1], *release.episodes[1:][-1:])]
    if len(seasons) > 1:
        return f"S{seasons[0]:02d}-S{seasons[-1]:02d}"
    first = f"S{seasons[0]:02d}" if seasons else "S01"
    return first + "-".join(episodes)


def tags(release: Release) -> list[str]:
    voices = [text for voice, text in SPOKEN.items() if voice in release.vietnamese_audio]
    found = [
        *release.edition, release.resolution, *_source(release), *_hdr(release), *voices,
        "Vietsub" if release.vietnamese_subtitles else "", release.group,
    ]  # fmt: skip
    return [within(tag.replace("[", "").replace("]", ""), 24) for tag in found if tag][:8]


def quality(release: Release) -> list[str]:
    """Final Cut 1080p WEB-DL"""
    return [word for word in (*release.edition, release.resolution, *_source(release)) if word]


def _source(release: Release) -> list[str]:
    if release.source_detail == "remux":
        return [SOURCES.get(release.source, ""), "Remux"]
    return [SOURCES.get(release.source_detail) or SOURCES.get(release.source, "")]


def _hdr(release: Release) -> list[str]:
    return [kind.upper() for kind in release.hdr]


def ending(release: Release) -> str:
    """With the dot: ".mkv", ".vi.srt", ".part03.rar", ".r01"."""
    if release.archive_part is not None:
        volume = ARCHIVE_PART.search(release.name.rstrip())
        return volume[0].lower() if volume else ""
    if not release.container:
        return ""
    language = _sidecar(release) if release.container in files.SUBTITLES else ""
    return f"{language}.{release.container}"


def _sidecar(release: Release) -> str:
    parts = release.name.lower().rsplit(".", 2)
    return f".{parts[1]}" if len(parts) == 3 and parts[1] in files.SIDECAR_LANGUAGES else ""


def within(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, whole characters."""
    return text.encode()[:limit].decode(errors="ignore").rstrip(" .")


def render(release: Release) -> str:
    """The release as a scene name, which Sonarr and Radarr read whatever the original looked like."""
    words = [release.title, str(release.year or "")]
    if release.kind != Kind.MOVIE:
        words.append(code(release))
    words += [
        "PROPER" if release.proper else "", "REPACK" if release.repack else "", release.resolution,
        *_source(release), CODECS.get(release.codec, ""),
    ]  # fmt: skip
    name = ".".join(".".join(word.split()) for word in words if word)
    return f"{name}-{release.group}" if release.group else name
