"""A name as words, each with what stands before it and the bracket that it is in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import NamedTuple

from search.releases.lexicon import Lexeme, lexeme

WORD = re.compile(r"([^\W_]+(?:['’´`][^\W_]+)*(?:\+(?![^\W_]))?|[\[\](){}【】「」『』《》（）［］★])")
CJK_NUMBER = (
    r"第\d{1,4}-\d{1,4}[集话話]|第[\d一二三四五六七八九十百零]{1,5}[季期话話集回部章]|全\d{1,4}[集话話回]|\d{1,4}集全"
)
CJK_WORD = re.compile(rf"({CJK_NUMBER}|(?:(?!{CJK_NUMBER})[^\W_])+|[\[\](){{}}【】「」『』《》（）［］★])")
CLOSING = {"]": "[", ")": "(", "}": "{", "】": "【", "」": "「", "』": "『", "》": "《", "）": "（", "］": "［"}
FUSED_WORD = re.compile(
    r"((?i:s\d\d(?:e\d\d)+|\d{1,2}x\d\d)(?![^\W_])|(?:(?!(?i:s\d\de\d\d|(?<!\d)\d{1,2}x\d\d(?!\d)))[^\W_])+|[\[\](){}【】「」★])"
)
OPENING = frozenset(CLOSING.values())
DEEPEST = 8
BRACKETS = OPENING | CLOSING.keys() | {"★"}


class Token(NamedTuple):
    """`gap` is the text before the word; `bracket` the index of the innermost bracket it is in, -1 for none."""

    text: str
    start: int
    end: int
    lex: Lexeme
    gap: str
    bracket: int


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


@dataclass(slots=True)
class Tokens:
    items: list[Token] = field(default_factory=list)
    brackets: list[Bracket] = field(default_factory=list)


def tokenise(text: str, start: int, end: int, fused: bool = False) -> Tokens:
    """The words of `text[start:end]`. A bracket without its other half is nothing.

    `fused` splits "titles01e02".
    """
    items: list[Token] = []
    brackets: list[Bracket] = []
    current = -1
    pattern = FUSED_WORD if fused else WORD
    if not text.isascii() and ("第" in text or "集" in text):
        pattern = CJK_WORD
    make = tuple.__new__  # three times as fast as Token(), and this is the innermost loop of all
    gap, last = "", start
    pieces = pattern.split(text[start:end])  # what no word is in, a word, what no word is in ...
    for index in range(1, len(pieces), 2):
        before, word = pieces[index - 1], pieces[index]
        begin = last + len(before)
        last = begin + len(word)
        if word in BRACKETS:
            current = _bracket(word, begin, brackets, current, len(items))
            gap += before + word
            continue
        items.append(make(Token, (word, begin, last, lexeme(word), gap + before, current)))
        gap = ""
    if current >= 0:
        _dissolve(items, brackets, current)
    return Tokens(items, brackets)


def _dissolve(items: list[Token], brackets: list[Bracket], current: int) -> None:
    """Brackets that never close are none: what is in them is in the one around."""
    open_ones = set()
    while current >= 0:
        open_ones.add(current)
        brackets[current].stop = brackets[current].first
        current = brackets[current].outer
    for index, token in enumerate(items):
        number = token.bracket
        while number in open_ones:
            number = brackets[number].outer
        items[index] = token._replace(bracket=number)
    for bracket in brackets:
        while bracket.outer in open_ones:
            bracket.outer = brackets[bracket.outer].outer


def _bracket(sign: str, position: int, brackets: list[Bracket], current: int, count: int) -> int:
    """The bracket that is open after `sign`."""
    if sign in OPENING:
        depth = brackets[current].depth + 1 if current >= 0 else 1
        if depth > DEEPEST:
            return current
        brackets.append(Bracket(sign, position, count, current, depth))
        return len(brackets) - 1
    if sign == "★":
        return current
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
