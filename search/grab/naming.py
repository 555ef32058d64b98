"""Paths in the library for files that are about to be fetched: no two of them, and none that is there, are the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from downloads import queries
from downloads.models import Preferences
from search import airing
from search.finder.places import Place
from search.library import Library, title_of
from search.releases import Kind, Release
from search.releases.library import Style, free_path
from search.releases.names import work
from search.titles import Title


class Shelves:
    """Gives out paths for one title; what was given once is taken."""

    def __init__(self, title: Title, style: Style, library: Library) -> None:
        self._title, self._style, self._called = title, style, title_of(title)
        self._taken = set(library.files) | self._queued()

    def path(self, release: Release, places: Iterable[Place]) -> PurePosixPath:
        release = numbered(release, sorted(places))
        name = ""
        if len(release.seasons) == len(release.episodes) == 1:
            name = airing.name_of(self._title, (release.seasons[0], release.episodes[0]))
        path = free_path(self._called, release, self._style, lambda one: str(one).casefold() in self._taken, name)
        self._taken.add(str(path).casefold())
        return path

    def _queued(self) -> set[str]:
        """Where rows will put their files."""
        rows = queries.live().filter(root=str(Preferences.current().root), directory__startswith=work(self._called))
        named = rows.values_list("directory", "filename", "name")
        return {f"{directory}/{filename or name}".casefold() for directory, filename, name in named}


def numbered(release: Release, places: list[Place]) -> Release:
    """With the numbers that the catalogue of titles gives: "Tập 30" may be S02E05."""
    seasons = {season for season, _ in places}
    if len(seasons) != 1 or (release.kind is Kind.PACK and not release.episodes):
        return release
    numbers = tuple(episode for _, episode in places)
    return replace(release, seasons=tuple(seasons), episodes=numbers, absolute=(), air_date=None)
