"""What a file's folders add to its name: "Season 02/05.mkv", "Show.S01E02.720p-GRP/a8f3.mkv"."""

from __future__ import annotations

import re

from search.releases.fold import fold
from search.releases.release import Kind, Release
from search.releases.tables.row import words

GENERAL = words(
    "movies movie films film phim phim le phim bo tv series tv series tv shows tv show shows show "
    "anime video videos media downloads"
    " download complete incomplete unsorted test public home mnt data share shares volume volume1 "
    "library torrents utorrent"
    " downloads finished tv drop season specials extras subs sub subtitles tmp folder sub folder usr files phim hay"
)
OPAQUE = re.compile(
    r"[0-9a-f]{16,}|(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])\w{14,}|[a-z]+[-_ ][a-z0-9 -]+"
    r"|[a-z]{2,12}\d{3,4}|[\d_ ]+|[a-z]+ [a-z]+",
    re.ASCII,
)
LEADING = re.compile(r"(\d{1,4})(?:[ ._-]+(?=\D)|$)")
IN_SEASON = re.compile(r"(?<=\S )(\d{3,4}) (?=\w)")
PARTS = (
    "year", "resolution", "source", "source_detail", "service", "codec", "bit_depth", "hdr", "audio", "channels",
    "edition", "languages", "vietnamese_audio",
)  # fmt: skip


def fill(release: Release, folder: Release) -> None:
    """Take from the folder what the file's own name lacks."""
    if _is_general(folder.title) and not folder.seasons and not folder.episodes and folder.year is None:
        return
    if _is_opaque(release, folder):
        _replace(release, folder)
        return
    bare = bool(release.absolute)
    if (
        release.seasons
        and release.seasons == folder.seasons
        and release.episodes == folder.episodes
        and not release.codec
    ) and (folder.codec or folder.source):
        release.title, release.alternative_titles = folder.title, folder.alternative_titles
    if folder.seasons and len(folder.seasons) == 1 and not release.seasons and release.kind != Kind.PACK:
        _season(release, folder, bare)
    same = not release.title or _begins(release.title, folder.title)
    if folder.title and _names_the_work(release, folder):
        release.episode_title = release.episode_title or release.title
        release.title, same = folder.title, True
        release.alternative_titles = folder.alternative_titles
        release.spans.pop("title", None)
    if same and folder.title:
        _details(release, folder)


def _is_general(title: str) -> bool:
    return all(word in GENERAL or word.isdigit() for word in fold(title).split())


def _is_opaque(release: Release, folder: Release) -> bool:
    """Whether the file's own name says nothing that the folder does not say better."""
    described = bool(folder.group or folder.codec or folder.episodes)
    if not described or release.seasons or release.year is not None:
        return False
    if release.episodes and not (folder.episodes and release.absolute):
        return False
    stem = release.title or release.name
    return not release.group and (folder.episodes != () or OPAQUE.fullmatch(stem) is not None or not release.title)


def _replace(release: Release, folder: Release) -> None:
    container, archive_part, crc = release.container, release.archive_part, release.crc
    for name in Release.__slots__:
        if name not in ("name", "spans"):
            setattr(release, name, getattr(folder, name))
    release.container = container or folder.container
    release.archive_part, release.crc = archive_part, crc or folder.crc
    release.spans = {}


def _season(release: Release, folder: Release, bare: bool) -> None:
    """The folder's season; "0106" and "1012" in season 1 and 10 are episodes 6 and 12."""
    season = folder.seasons[0]
    if bare and len(release.episodes) == 1 and release.episodes[0] // 100 == season and release.episodes[0] >= 100:
        release.episodes = (release.episodes[0] % 100,)
    counted = LEADING.match(release.title) or _counted_behind(release.title, season)
    if not release.episodes and counted is not None and release.year is None:
        number = int(counted[1])
        release.episodes = (number % 100 if number // 100 == season else number,)
        release.episode_title = release.title[counted.end() :]
        release.title = release.title[: counted.start()].rstrip(" -")
    release.absolute = () if bare else release.absolute
    release.seasons = (season,)
    release.kind = Kind.EPISODE if release.kind != Kind.EXTRA else release.kind


def _counted_behind(title: str, season: int) -> re.Match[str] | None:
    """ "Show 415 Name of it" in season 4."""
    found = IN_SEASON.search(title)
    return found if found is not None and int(found[1]) // 100 == season and int(found[1]) % 100 else None


def _begins(title: str, folder: str) -> bool:
    return bool(folder) and fold(title).startswith(fold(folder))


def _names_the_work(release: Release, folder: Release) -> bool:
    """A folder with a year knows better; so does one whose file begins with a number."""
    if _is_general(folder.title):
        return False
    if release.year is not None and release.year == folder.year and _is_counted(release.title, folder.title):
        return True
    if (
        not release.title
        or _is_signed(release.title, folder.group)
        or (
            release.episodes
            and "title" in release.spans
            and release.spans["title"][0] > release.spans.get("episodes", (1 << 30,))[0]
        )
    ):
        return True
    return (
        release.year is None
        and folder.year is not None
        and not release.episodes
        and not _begins(release.title, folder.title)
    )


def _is_signed(title: str, group: str) -> bool:
    """ "abc-nb.1998.mkv" in "Night.Boat.1998.x264-ABC": the group's own short name."""
    return group != "" and fold(title).startswith(fold(group) + " ")


def _is_counted(title: str, folder: str) -> bool:
    """ "03 The Doors" in "The Doors (1991)"."""
    before, found, _ = fold(title).rpartition(fold(folder))
    return bool(found) and before != "" and before.replace(" ", "").isdigit()


def _details(release: Release, folder: Release) -> None:
    for name in PARTS:
        if not getattr(release, name) and getattr(folder, name):
            if name == "source_detail" and release.source != folder.source:
                continue
            setattr(release, name, getattr(folder, name))
    release.vietnamese_subtitles = release.vietnamese_subtitles or folder.vietnamese_subtitles
    if (not release.group and folder.episodes and release.episodes == folder.episodes) or (
        not release.group and folder.kind == Kind.PACK
    ):
        release.group = folder.group
