"""What to ask the sources for: the names that people give to files of a title, the likeliest first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice

from search.releases.fold import ROMAN, fold, fold_letters
from search.titles import Name, NameKind, Title, is_latin

MOST_QUERIES = 12  # for a film
MOST_FOR_SERIES = 7
MOST_NARROWER = 4
MOST_NAMES = 6
MARKS = re.compile(r"[^\w\s&'’-]+|\s[-–—]\s|_")
KINDS = (NameKind.SHOWN, NameKind.ORIGINAL, NameKind.TRANSLATION, NameKind.ALTERNATIVE)
LANGUAGES = ("en", "vi")
MOST_COMMON = 3  # words; a shorter subtitle is anybody's
NUMERALS = frozenset(numeral.upper() for numeral in ROMAN if len(numeral) > 1)


def queries(title: Title, season: int | None = None, episode: int | None = None) -> tuple[str, ...]:
    """At most MOST_QUERIES different texts, for a series MOST_FOR_SERIES.

    Of those that name the season or episode only the likeliest is asked, and first; see `narrower` for the others.
    """
    called = names(title)
    vietnamese = [name for name in called if has_marks(name)]
    if not title.is_series:
        year = title.card.year
        asked = chain(
            (f"{name} {year}" for name in called[:3] if year),
            called[:4],
            map(without_marks, vietnamese),
            map(with_digits, called[:3]),
            _subtitles(title),
            called[4:],
        )
    else:
        asked = chain(
            (text for _, text in islice(_numbered(called, season, episode), 1)),
            called[:3],
            map(without_marks, vietnamese),
            called[3:],
        )
    return tuple(islice(_different(asked), MOST_FOR_SERIES if title.is_series else MOST_QUERIES))


def narrower(title: Title, season: int | None, episode: int | None, cut_off: Collection[str]) -> tuple[str, ...]:
    """At most MOST_NARROWER texts with the season or episode, for the names among `cut_off`.

    A name with a number brings a part of what the bare name brings: it is worth asking only where that was too much
    for one answer.
    """
    full = {text.casefold() for text in cut_off}
    numbered = _numbered(names(title), season, episode)
    asked = (text for name, text in numbered if not full.isdisjoint((name.casefold(), without_marks(name).casefold())))
    return tuple(islice(_different(asked), MOST_NARROWER))


def names(title: Title) -> list[str]:
    """The names worth asking for, without punctuation: in English and in Vietnamese first, each once."""
    ranked = sorted(title.names, key=_rank)
    plain = (plain_text(name.text) for name in ranked)
    return list(islice(_different(text for text in plain if fold(text)), MOST_NAMES))


def _rank(name: Name) -> tuple[bool, int, int]:
    language = LANGUAGES.index(name.language) if name.language in LANGUAGES else len(LANGUAGES)
    if name.kind in (NameKind.SHOWN, NameKind.ORIGINAL):
        language = 0
    return not is_latin(name.text), language, KINDS.index(name.kind)


def plain_text(name: str) -> str:
    """Words with one space between: a search for "Title: Subtitle" means both words, not the colon."""
    text = MARKS.sub(" ", unicodedata.normalize("NFC", name))
    return " ".join(text.replace("'", "").replace("’", "").split())


def without_marks(name: str) -> str:
    """ "Bố Già" -> "Bo Gia": half of the files are named so."""
    letters = (fold_letters(letter) if not letter.isascii() else letter for letter in name)
    return "".join(folded.upper() if letter.isupper() else folded for letter, folded in zip(name, letters, strict=True))


def with_digits(name: str) -> str:
    """ "Frozen II" -> "Frozen 2"; a name without Roman numerals stays as it is."""
    first, *rest = name.split()
    return " ".join([first, *(ROMAN[word.lower()] if word in NUMERALS else word for word in rest)])


def _subtitles(title: Title) -> Iterator[str]:
    """What stands behind the colon of a long Vietnamese name, for files that are called by that alone."""
    for name in title.names:
        tail = plain_text(name.text.rpartition(":")[2])
        if ":" in name.text and name.language == "vi" and len(tail.split()) >= MOST_COMMON:
            yield tail
            yield without_marks(tail)


def has_marks(name: str) -> bool:
    return is_latin(name) and not name.isascii()


def _numbered(called: list[str], season: int | None, episode: int | None) -> Iterator[tuple[str, str]]:
    """Names, and each with what is wanted of the series as scene names and as Vietnamese ones write it."""
    if season is None:
        return
    for name in called[:3]:
        if episode is not None:
            yield name, f"{name} S{season:02d}E{episode:02d}"
            yield name, f"{name} Tập {episode}" if has_marks(name) else f"{name} Tap {episode:02d}"
        else:
            yield name, f"{name} S{season:02d}"
            if has_marks(name):
                yield name, f"{name} Phần {season}"


def _different(texts: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in texts:
        if text and text.casefold() not in seen:
            seen.add(text.casefold())
            yield text
