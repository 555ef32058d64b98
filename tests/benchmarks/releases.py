"""How fast and how well release names are read, beside guessit and parsett where those are installed.

python -m tests.benchmarks.releases
"""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import time
from collections.abc import Callable
from typing import Any

from search.releases import Title, match, parse
from tests.search.table import cases

SLOWER = 10  # times fewer names are enough to measure the libraries, which take milliseconds for each


def same_work(title: str, filename: str, year: int | None, aliases: list[str], is_tv: bool) -> bool:
    """Whether the file is the film or series with that title, year and further names."""
    return match(parse(filename), Title((title, *aliases), year, is_tv)).accepted


def corpus_fields(name: str) -> dict[str, Any]:
    """What `parse` finds, in the words of the labelled corpora."""
    release = parse(name)
    voices = "+".join(sorted(voice.value for voice in release.vietnamese_audio))
    return {
        "kind": str(release.kind),
        "title": release.title or None,
        "year": release.year,
        "seasons": release.seasons or None,
        "episodes": release.episodes or None,
        "date": release.air_date.isoformat() if release.air_date else None,
        "resolution": release.resolution or None,
        "source": release.source or None,
        "source_detail": release.source_detail or None,
        "codec": release.codec or None,
        "audio": release.audio,
        "channels": release.channels or None,
        "hdr": release.hdr,
        "bit_depth": release.bit_depth,
        "group": release.group or None,
        "languages": release.languages,
        "sub_languages": release.subtitle_languages,
        "network": release.service or None,
        "edition": " ".join(release.edition) or None,
        "episode_title": release.episode_title or None,
        "crc32": release.crc or None,
        "proper": release.proper or release.repack,
        "container": release.container or None,
        "vn_audio": voices or None,
        "vn_sub": release.vietnamese_subtitles,
    }


def readers() -> dict[str, Callable[[str], Any]]:
    """Ours, and the libraries that are installed."""
    found: dict[str, Callable[[str], Any]] = {"search.releases": parse}
    for module, function in (("guessit", "guessit"), ("PTT", "parse_title")):
        if importlib.util.find_spec(module):
            found[module] = getattr(importlib.import_module(module), function)
    return found


def speed(read: Callable[[str], Any], names: list[str]) -> float:
    """Names a second of processor time: the median of five runs, the first one not counted."""
    runs = []
    for _ in range(6):
        begun = time.process_time()
        for name in names:
            read(name)
        runs.append(len(names) / (time.process_time() - begun))
    return statistics.median(runs[1:])


def main() -> None:
    names = [case.name for case in cases()]
    for label, read in readers().items():
        mine = names if read is parse else names[::SLOWER]
        print(f"{label:16} {speed(read, mine):10,.0f} names/s of {len(mine):,} names")


if __name__ == "__main__":
    main()
