"""Paths in the library for files that are about to be fetched: no two of them, and none that is there, are the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from downloads import queries
from downloads.models import Download, Preferences
from search import airing
from search.finder.places import Place
from search.library import Library, title_of
from search.releases import Kind, Release
from search.releases.library import Style, free_path
from search.releases.names import ending, stem, work
from search.releases.tables.files import SUBTITLES, VIDEO
from search.titles import Title


class Shelves:
    """Gives out paths for one title; what was given once is taken."""

    def __init__(self, title: Title, style: Style, library: Library) -> None:
        self._title, self._style, self._called = title, style, title_of(title)
        self._taken = set(library.files) | self._queued()
        self._videos = {stem_of(row.release): path_of(row.download) for row in library.rows if row.kind == "video"}

    def path(self, release: Release, places: Iterable[Place]) -> PurePosixPath:
        release = numbered(release, sorted(places))
        path = self._beside_its_video(release)
        if path is None or self._is_taken(path):
            path = free_path(self._called, release, self._style, self._is_taken, self._episode_name(release))
        self._taken.add(str(path).casefold())
        if release.container in VIDEO:
            self._videos[stem_of(release.name)] = path
        return path

    def _is_taken(self, path: PurePosixPath) -> bool:
        return str(path).casefold() in self._taken

    def _beside_its_video(self, release: Release) -> PurePosixPath | None:
        """Players take a subtitle for that of the video of the same name: it must be no other cut's."""
        if release.container not in SUBTITLES:
            return None
        video = self._videos.get(PurePosixPath(stem(release)).name.casefold())
        return video and video.with_name(f"{video.stem}{ending(release)}")

    def _episode_name(self, release: Release) -> str:
        """ "The Storm + After It" of a file that holds two; "" unless all of them have a name."""
        if len(release.seasons) != 1:
            return ""
        named = [airing.name_of(self._title, (release.seasons[0], episode)) for episode in release.episodes]
        return " + ".join(named) if all(named) else ""

    def _queued(self) -> set[str]:
        """Where rows will put their files."""
        rows = queries.live().filter(root=str(Preferences.current().root), directory__startswith=work(self._called))
        named = rows.values_list("directory", "filename", "name")
        return {f"{directory}/{filename or name}".casefold() for directory, filename, name in named}


def stem_of(name: str) -> str:
    """Of a video: its name without folder and ending."""
    return PurePosixPath(name).stem.casefold()


def path_of(row: Download) -> PurePosixPath:
    return PurePosixPath(row.directory, row.filename or row.name)


def numbered(release: Release, places: list[Place]) -> Release:
    """With the numbers that the catalogue of titles gives: "Tập 30" may be S02E05."""
    seasons = {season for season, _ in places}
    if len(seasons) != 1 or (release.kind is Kind.PACK and not release.episodes):
        return release
    numbers = tuple(episode for _, episode in places)
    return replace(release, seasons=tuple(seasons), episodes=numbers, absolute=(), air_date=None)
