"""What a file name says about the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Span = tuple[int, int]


class Kind(StrEnum):
    MOVIE = "movie"
    EPISODE = "episode"
    PACK = "season_pack"
    EXTRA = "extra"


class Voice(StrEnum):
    """How Vietnamese is spoken over the film."""

    VOICE_OVER = "thuyet_minh"
    DUBBED = "long_tieng"
    UNSPECIFIED = "vie"


@dataclass(slots=True)
class Release:
    """Everything that was found. Empty means that the name does not say.

    `spans` has, for each field that was found in the name itself, where: `name[start:end]`. Fields that a parent
    folder supplied have none. Sources, codecs and the like are the lower-case words of `tables/`.
    """

    name: str
    title: str = ""
    alternative_titles: tuple[str, ...] = ()
    year: int | None = None
    seasons: tuple[int, ...] = ()
    episodes: tuple[int, ...] = ()
    absolute: tuple[int, ...] = ()
    """Episode numbers counted through all seasons; `episodes` has them too when nothing else is known."""
    episode_count: int | None = None
    episode_title: str = ""
    air_date: date | None = None
    part: int | None = None
    kind: Kind = Kind.MOVIE
    resolution: str = ""
    source: str = ""
    source_detail: str = ""
    service: str = ""
    codec: str = ""
    bit_depth: int | None = None
    hdr: tuple[str, ...] = ()
    audio: tuple[str, ...] = ()
    channels: str = ""
    edition: tuple[str, ...] = ()
    proper: bool = False
    repack: bool = False
    version: int = 1
    group: str = ""
    languages: tuple[str, ...] = ()
    subtitle_languages: tuple[str, ...] = ()
    vietnamese_audio: frozenset[Voice] = frozenset()
    vietnamese_subtitles: bool = False
    machine_made: bool = False
    """The Vietnamese subtitles or voice were made by a program."""
    container: str = ""
    archive_part: int | None = None
    crc: str = ""
    site: str = ""
    spans: dict[str, Span] = field(default_factory=dict, compare=False)
