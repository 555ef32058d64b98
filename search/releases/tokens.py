"""A name as words, each with what stands before it and the bracket that it is in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from search.releases.lexicon import LEXICON, NO_WORD, Lexeme

WORD = re.compile(r"([^\W_]+(?:['’´`][^\W_]+)*(?:\+(?![^\W_]))?)")
ASCII_WORD = re.compile(r"([A-Za-z0-9]+)")  # reads most names, in a third of the time
CJK_NUMBER = (
    r"第\d{1,4}-\d{1,4}[集话話]|第[\d一二三四五六七八九十百零]{1,5}[季期话話集回部章]|全\d{1,4}[集话話回]|\d{1,4}集全"
)
CJK_WORD = re.compile(rf"({CJK_NUMBER}|(?:(?!{CJK_NUMBER})[^\W_])+)")
CLOSING = {"]": "[", ")": "(", "}": "{", "】": "【", "」": "「", "』": "『", "》": "《", "）": "（", "］": "［"}
FUSED_WORD = re.compile(
    r"((?i:s\d\d(?:e\d\d)+|\d{1,2}x\d\d)(?![^\W_])|(?:(?!(?i:s\d\de\d\d|(?<!\d)\d{1,2}x\d\d(?!\d)))[^\W_])+)"
)
OPENING = frozenset(CLOSING.values())
DEEPEST = 8
BRACKETS = OPENING | CLOSING.keys()
USUAL = frozenset((" ", ".", "-", "_", " - ", ". ", ""))
"""What stands between most words, and has no bracket in it."""
AHEAD = 4
BEYOND = (NO_WORD,) * AHEAD


@dataclass(slots=True)
class Bracket:
    """Tokens `first` up to `stop` stand in it; `start` and `end` are where its signs are."""

    sign: str
    start: int
    first: int
    outer: int
    depth: int
    stop: int = -1
    end: int = -1


class Tokens(NamedTuple):
    """The words of a name, and what is known of each, as lists side by side; the word's index is its token.

    `starts` and `ends` are its place, `gaps` the text before it and `owners` the indices of the innermost brackets that
    it is in, -1 for none. `lexemes` and `gaps` go on for AHEAD tokens behind the last one, with nothing and with the
    text that ends the name, so that a rule can look that far without asking where the name ends.
    """

    words: list[str]
    starts: list[int]
    ends: list[int]
    lexemes: list[Lexeme]
    gaps: list[str]
    owners: list[int]
    brackets: list[Bracket]


def tokenise(text: str, start: int, end: int, fused: bool = False) -> Tokens:
    """The words of `text[start:end]`. A bracket without its other half is nothing.

    `fused` splits "titles01e02".
    """
    pieces = _pattern(text, fused).split(text[start:end])  # what no word is in, a word, what no word is in ...
    places = list(accumulate(map(len, pieces), initial=start))
    gaps, words = pieces[::2], pieces[1::2]
    lexemes = [*map(LEXICON.__getitem__, words), *BEYOND]
    brackets: list[Bracket] = []
    owners = [-1] * len(words) if USUAL.issuperset(gaps) else _owners(gaps, places, brackets)[:-1]
    gaps += pieces[-1:] * (AHEAD - 1)
    return Tokens(words, places[1::2], places[2::2], lexemes, gaps, owners, brackets)


def _pattern(text: str, fused: bool) -> re.Pattern[str]:
    plain = text.isascii()
    if not plain and ("第" in text or "集" in text):
        return CJK_WORD
    if fused:
        return FUSED_WORD
    signed = "'" in text or "`" in text or "+" in text  # they may belong to a word
    return ASCII_WORD if plain and not signed else WORD


def _owners(gaps: list[str], places: list[int], brackets: list[Bracket]) -> list[int]:
    """For each word the innermost of the brackets that it is in; they are found in the gaps."""
    owners: list[int] = []
    current = -1
    for index, gap in enumerate(gaps):
        if gap not in USUAL:
            for position, sign in enumerate(gap, places[2 * index]):
                if sign in BRACKETS:
                    current = _bracket(sign, position, brackets, current, index)
        owners.append(current)
    return _dissolve(owners, brackets, current) if current >= 0 else owners


def _dissolve(owners: list[int], brackets: list[Bracket], current: int) -> list[int]:
    """Brackets that never close are none: what is in them is in the one around."""
    open_ones = set()
    while current >= 0:
        open_ones.add(current)
        brackets[current].stop = brackets[current].first
        current = brackets[current].outer
    for index, owner in enumerate(owners):
        while owner in open_ones:
            owner = brackets[owner].outer
        owners[index] = owner
    for bracket in brackets:
        while bracket.outer in open_ones:
            bracket.outer = brackets[bracket.outer].outer
    return owners


def _bracket(sign: str, position: int, brackets: list[Bracket], current: int, count: int) -> int:
    """The bracket that is open after `sign`."""
    if sign in OPENING:
        depth = brackets[current].depth + 1 if current >= 0 else 1
        if depth > DEEPEST:
            return current
        brackets.append(Bracket(sign, position, count, current, depth))
        return len(brackets) - 1
    opened = current
    while opened >= 0 and brackets[opened].sign != CLOSING[sign]:
        opened = brackets[opened].outer
    if opened < 0:
        return current
    while current != brackets[opened].outer:
        brackets[current].stop, brackets[current].end = count, position + 1
        current = brackets[current].outer
    return current


def composed(text: str) -> tuple[str, list[int] | None]:
    """`text` in NFC and, where that moved anything, the place in `text` of each of its characters and of its end."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text, None
    pieces: list[str] = []
    places: list[int] = []
    begin = 0
    for position in range(1, len(text) + 1):
        if position < len(text) and _continues(text[position]):
            continue
        piece = unicodedata.normalize("NFC", text[begin:position])
        pieces.append(piece)
        places.extend([begin] * len(piece))
        begin = position
    places.append(len(text))
    return "".join(pieces), places


def _continues(character: str) -> bool:
    """Whether the character may melt into the one before it."""
    return unicodedata.category(character).startswith("M") or "\u1160" <= character <= "\u11ff"
