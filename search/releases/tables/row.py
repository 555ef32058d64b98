"""The shape of a table's line."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

Value = str | int | bool
Fact = tuple[str, Value]


class Strength(IntEnum):
    """How sure we are that these words are no part of a title."""

    ZONE = 1  # only among other marks, behind the title: "MA", "NF", "en"
    LIKELY = 2  # also where they touch the first sure mark: "FRENCH 1080p"
    SURE = 3  # wherever they stand: "1080p", "x264", "Vietsub"


ZONE, LIKELY, SURE = Strength


class Row(NamedTuple):
    strength: Strength
    spellings: tuple[str, ...]
    facts: tuple[Fact, ...]


def row(strength: Strength, spellings: str, **facts: Value) -> Row:
    """`spellings`, separated by `|`, in lower case without accents, one space for any separator.

    A spelling that begins with `=` is one word whose case counts ("=iT", not "it").
    """
    return Row(strength, tuple(spelling.strip() for spelling in spellings.split("|")), tuple(facts.items()))


def words(text: str) -> frozenset[str]:
    """The words of `text`."""
    return frozenset(text.split())
