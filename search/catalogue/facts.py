"""What a search needs to know of a file, read from its name and the folders that it is in. PURE."""

from __future__ import annotations

from dataclasses import dataclass

from search.releases.fold import fold
from search.releases.parse import parse

FOLDERS_READ = 2  # as many as the parser lets speak for a file
LARGEST_SEASON = 32_767  # what the column holds
LARGEST_EPISODE = 2_147_483_647
LONGEST_KEY = 255
LONGEST_WORD = 64  # characters; PostgreSQL indexes at most 2046 bytes


@dataclass(frozen=True, slots=True)
class Facts:
    """`folded` is for the full-text index, the rest for comparing with a title; numbers are None when not said."""

    folded: str
    title_key: str
    year: int | None
    season: int | None
    last_season: int | None
    episode: int | None
    last_episode: int | None
    kind: str


def read(path: str, name: str) -> Facts:
    """The facts of a file called `name` in the folder `path`."""
    near = [*path.split("/")[-FOLDERS_READ:], name]
    whole = "/".join(part for part in near if part)
    release = parse(whole)
    seasons = [number for number in release.seasons if number <= LARGEST_SEASON]
    episodes = [number for number in release.episodes if number <= LARGEST_EPISODE]
    return Facts(
        folded=" ".join(word[:LONGEST_WORD] for word in fold(whole).split()),
        title_key=fold(release.title)[:LONGEST_KEY],
        year=release.year,
        season=min(seasons, default=None),
        last_season=max(seasons, default=None),
        episode=min(episodes, default=None),
        last_episode=max(episodes, default=None),
        kind=release.kind.value,
    )
