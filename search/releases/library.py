"""What a file is called in the library: plain where that is enough, with more words where two would be called the same.

Harbour (2012)/Harbour (2012) - 1080p WEB-DL.mkv
Harbour Lights (2018)/Season 02/Harbour Lights (2018) - S02E05 - The Fog.mkv
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import PurePosixPath

from downloads.engine.names import safe_name
from search.releases import names
from search.releases.release import Release
from search.releases.verdict import Title

LONGEST_WORDS = 60  # bytes before the last one, which may be the fingerprint: all must fit into the 255 of a name


class Style(StrEnum):
    """What is said behind title, year and episode, when nothing has to be told apart."""

    PLAIN = "plain"  # the quality of films
    QUALITY = "quality"  # quality, language and group of everything
    SHORT = "short"  # nothing


def free_path(
    title: Title, release: Release, style: Style, is_taken: Callable[[PurePosixPath], bool], episode_name: str = ""
) -> PurePosixPath:
    """The first path below the library's root that is not taken; the last resort differs for all names there are."""
    paths = list(library_paths(title, release, style, episode_name))
    return next((path for path in paths if not is_taken(path)), paths[-1])


def library_paths(
    title: Title, release: Release, style: Style = Style.PLAIN, episode_name: str = ""
) -> Iterator[PurePosixPath]:
    """Each with more words than the one before. Valid on ext4, NTFS and SMB. `title.names[0]` is what it is called."""
    if episode_name:
        release = replace(release, episode_title=episode_name)
    for words in _wordings(title, release, style):
        yield _path(title, release, words)


def _wordings(title: Title, release: Release, style: Style) -> Iterator[list[str]]:
    """The volumes of an archive are told from those of another one by their fingerprint, always."""
    every, mark = names.tags(release), names.fingerprint(release)
    if release.archive_part is None:
        if style is Style.QUALITY:
            yield every
        elif style is Style.SHORT or title.is_series:
            yield []
        yield names.quality(release)
        yield every
    yield [*every, mark]


def _path(title: Title, release: Release, words: list[str]) -> PurePosixPath:
    work = names.work(title)
    stem = f"{work}{names.numbers(title, release)}"
    if words:
        stem += f" - {names.within(' '.join(words[:-1]), LONGEST_WORDS)} {words[-1]}".replace("  ", " ")
    if release.part is not None:
        stem += f" - part{release.part}"
    file = safe_name(f"{stem}{names.ending(release)}")
    if not title.is_series:
        return PurePosixPath(work, file)
    return PurePosixPath(work, names.season_folder(title, release), file)
