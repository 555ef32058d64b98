"""The files behind the names: codes, sizes, folders; they exist in the simulated Fshare too, so they can be fetched."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from flasharr.simulator.titles.catalogue import Catalogue, Offer, Series
from flasharr.simulator.world import File, Folder, World

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CODE_LENGTH = 12
DEFAULT_RUNTIME = 45  # minutes, where TMDB tells none
MEGABIT = 1_000_000 // 8  # bytes

# Mbit/s by what the name says; the first that fits.
RATES = (
    (r"\.srt$", 0.0002),
    (r"trailer", 0.3),
    (r"cam\b", 1.4),
    (r"2160p.*remux", 50.0),
    (r"2160p.*web", 14.0),
    (r"2160p", 20.0),
    (r"1080p.*web.*x26[45]|1080p.*(hevc|x265)", 4.0),
    (r"1080p.*web", 5.0),
    (r"1080p", 8.0),
    (r"dvdrip|hdtv", 1.2),
    (r"", 2.2),
)


def offers_of(catalogue: Catalogue, scale: float = 1.0) -> list[Offer]:
    """Everything that is shared, in the order of the files. `scale` shrinks sizes: 1 is as large as real ones."""
    found: dict[str, Offer] = {}
    for film in catalogue.films:
        for name in film.files:
            _keep(found, offer(name, film.runtime or DEFAULT_RUNTIME, scale))
    for series in catalogue.series:
        for one in _of_series(series, scale):
            _keep(found, one)
    return list(found.values())


def add_offers(world: World, scale: float = 1.0) -> None:
    """Let every offer of the world's titles exist there as a file or folder."""
    for one in offers_of(world.titles.catalogue, scale):
        world.titles.offers.append(one)
        world.add(Folder(one.code, one.name, list(one.items)) if one.is_folder else File(one.code, one.name, one.size))


def offer(name: str, minutes: float, scale: float) -> Offer:
    """A file of that name: its code is the name's own, its size what such a file has."""
    return Offer(code_of(name), name, size_of(name, minutes, scale))


def code_of(name: str) -> str:
    digest = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
    return "F" + "".join(ALPHABET[(digest >> (5 * place)) & 31] for place in range(CODE_LENGTH - 1))


def size_of(name: str, minutes: float, scale: float) -> int:
    rate = next(rate for pattern, rate in RATES if re.search(pattern, name, re.IGNORECASE))
    spread = 0.9 + hashlib.blake2b(name.encode(), digest_size=1).digest()[0] / 1280  # 0.9 to 1.1
    return round(rate * MEGABIT * minutes * 60 * spread * scale)


def _of_series(series: Series, scale: float) -> Iterator[Offer]:
    minutes = series.runtime or DEFAULT_RUNTIME
    for rule in series.files:
        if "episodes" not in rule:
            yield offer(rule["name"], minutes * int(rule["holds"]), scale)
            continue
        season = series.season(rule["season"])
        files = [
            offer(
                rule["name"].format(
                    e=number,
                    f=number + 1,
                    n=number + int(rule.get("before", 0)),
                    d=season.aired(number) if season else "",
                    t=(season.title(number) if season else "").replace(" ", ".") or f"Episode.{number}",
                ),
                minutes,
                scale,
            )
            for number in _numbers(rule["episodes"])
        ]
        yield from files
        if "folder" in rule:
            yield Offer(code_of(rule["folder"]), rule["folder"], 0, tuple(file.code for file in files))


def _numbers(spans: str) -> list[int]:
    """ "1-4,6" is 1, 2, 3, 4, 6."""
    numbers: list[int] = []
    for span in spans.split(","):
        first, _, last = span.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers


def _keep(found: dict[str, Offer], one: Offer) -> None:
    found.setdefault(one.code, one)
