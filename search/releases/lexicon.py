"""The tables as one dictionary, and what it says about a single word."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from search.releases.fold import fold_letters
from search.releases.tables import editions, languages, numbers, services, sound, video, vietnamese
from search.releases.tables.row import Fact, Row, Strength

MOST_WORDS = 32768  # that are remembered
LONGEST_WORD = 64  # longer ones are never marks, and not worth remembering

BEGINS_WITH_DIGIT = re.compile(
    r"(?P<year>(?:18[89]|19\d|20\d)\d)г$"
    r"|(?P<number>\d{1,6})v\d$"
    r"|(?P<crc>[0-9a-f]{8})$"
    r"|(?P<bare>\d{1,2}(?:e\d{1,3})+)(?:v\d)?$"
    r"|(?P<size>(?!20\d\dx[0-3]\d\d$)\d{3,4}[x×]\d{3,4}[pi]?)$"
    r"|(?P<nx>\d{1,4}(?:xe?p?\d{1,4})+)(?:v\d|m\d{3,4}p?)?$"
    r"|(?P<of>\d{1,3}(?:of|iz|из)\d{1,4})$"
    r"|(?P<ended>\d{1,4}(?:end|fixed|fin|final|完|完结|完結|合集|tv))$"
    r"|(?P<to>\d{1,4}to\d{1,4})(?:ep)?$"
    r"|(?P<weight>\d{1,4}(?:mb|gb|mib|gib|kbps|mbps))$"
    r"|(?P<lettered>\d{1,4}[a-do])$"
    r"|(?P<cjk>(?:\d{1,4}-\d{1,4}|[\d一二三四五六七八九十百零]{1,5})[季期话話集回部章])$"
    r"|(?P<whole>\d{1,4}集全)$"
    r"|(?P<backward>(?:\d\de){1,3}\d\ds)$"
)
BEGINS_WITH_LETTER = re.compile(
    r"(?P<se>[st]o?(\d{1,4})((?:(?:xe|ep?|x|se|ova)\d{1,5}[a-d]?)+))(?:v\d|of\d{1,4}|[a-z]{2,20})?$"
    r"|(?P<sd>s\d{1,3})(?:(?:d|dvd|disc|disk)\d{1,2}|extras)$"
    r"|(?P<sse>[st]\d{1,4}(?:s\d{1,4}))$"
    r"|(?P<s>[st]\d{1,4})$"
    r"|(?P<xn>x\d{1,3})$"
    r"|(?P<e>(?:ep?|eps|episode|tap|capitulo|cap|folge)\d{1,5}(?:(?:ep?|x)\d{1,5})*[a-d]?)(?:v\d)?$"
    r"|(?P<crc>[0-9a-f]{8})$"
    r"|(?P<season>(?:season|saison|temporada|phan|mua|stagione|staffel|sezonu?|sezonso|seriya|シーズン|シースン)\d{1,3})$"
    r"|(?P<fused>[a-z]{3,24}(?:s\d\d(?:e\d\d)+|\d{1,2}x\d\d))$"
    r"|(?P<of>(?:ep?|cd|part)\d{1,3}(?:of|iz|из)\d{1,4})$"
    r"|(?P<weight>tt\d{7,8})$"
    r"|(?P<pnumber>p\d{1,2})$"
    r"|(?P<backward>p(?:027|0801|0612))$"
    r"|(?P<v>v\d)$"
    r"|(?P<opening>(?:(?:nc)?(?:op|ed)|pv|cm|menu)\d{0,2}[a-d]?(?:v\d)?)$"
    r"|(?P<numbered>(?:sp|ova|ona|oad|ex|special|sps?)\d{1,3}[a-d]?)$"
    r"|(?P<cjk>第(?:\d{1,4}-\d{1,4}|[\d一二三四五六七八九十百零]{1,5})[季期话話集回部章]"
    r"|[一二三四五六七八九十百零][\d一二三四五六七八九十百零]{0,4}[季期话話集回部章])$"
    r"|(?P<whole>全\d{1,4}[集话話回])$"
)
TOPICS = {
    **dict.fromkeys(numbers.ORDINALS, "ordinal"),
    **dict.fromkeys(numbers.MONTHS, "month"),
    "s": "season_letter",
    "of": "of_word",
    **dict.fromkeys(numbers.PART, "part_word"),
    **dict.fromkeys(numbers.VOLUME, "volume_word"),
    **dict.fromkeys(numbers.EPISODE, "episode_word"),
    **dict.fromkeys(numbers.SEASON, "season_word"),
}
DIGITS = re.compile(r"\d+")
PARTS = re.compile(r"[^ +]+(?:\+(?=[ +]|$))?")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a spelling of the tables stands for. `role` is the field of its first fact."""

    strength: Strength
    role: str
    facts: tuple[Fact, ...]
    sure: bool


@dataclass(slots=True)
class Onward:
    """The spellings of several words that begin with a word: which second words they have, and their most words."""

    seconds: set[str] = field(default_factory=set)
    longest: int = 2


@dataclass(slots=True)
class Lexeme:
    """What one word can be, by itself.

    `shape` names the group of SHAPE that it matches, or its topic (a season word, a month...); `numbers` are its
    digits; `onward` is there when longer spellings begin with it.
    """

    key: str
    mark: Mark | None
    onward: Onward | None
    shape: str
    numbers: tuple[int, ...]
    number: int | None
    """Its value, if it is nothing but digits, perhaps with a version behind."""
    tells: bool
    """Whether it can be anything but a word of a title."""


def _read_tables() -> tuple[dict[str, Mark], dict[str, Onward], dict[str, Mark]]:
    """Spellings -> marks, first words of several -> what may follow, and spellings whose case counts."""
    marks: dict[str, Mark] = {}
    onward: dict[str, Onward] = {}
    exact: dict[str, Mark] = {}
    for rows in (vietnamese.TABLE, video.TABLE, sound.TABLE, editions.TABLE, services.TABLE, languages.TABLE):
        for line in rows:
            mark = _mark(line)
            for spelling in line.spellings:
                if spelling.startswith("="):
                    exact.setdefault(spelling[1:], mark)
                    continue
                marks.setdefault(spelling, mark)
                if " " in spelling or "+" in spelling[:-1]:
                    _add(onward, spelling)
    return marks, onward, exact


def _add(onward: dict[str, Onward], spelling: str) -> None:
    first, *others = PARTS.findall(spelling)
    found = onward.setdefault(first, Onward())
    found.seconds.add(others[0])
    found.longest = max(found.longest, 1 + len(others))


def _mark(line: Row) -> Mark:
    return Mark(line.strength, line.facts[0][0], line.facts, line.strength == Strength.SURE)


OPENING = Mark(Strength.LIKELY, "extra", (("extra", True),), sure=False)
VERSION = Mark(Strength.LIKELY, "scene", (("scene", True),), sure=False)
DESCRIBED = Mark(Strength.SURE, "scene", (("scene", True),), sure=True)
MARKS, ONWARD, EXACT = _read_tables()


class Lexicon(dict[str, Lexeme]):
    """What is known about each word, as it is written; a word is looked at when it is first asked for."""

    def __missing__(self, word: str) -> Lexeme:
        found = lexeme(word)
        if len(word) <= LONGEST_WORD:
            if len(self) >= MOST_WORDS:
                self.clear()
            self[word] = found
        return found


def lexeme(text: str) -> Lexeme:
    """What one word can be."""
    key = text.lower() if text.isalnum() and text.isascii() else fold_letters(text)
    mark = EXACT.get(text) or MARKS.get(key)
    shape: str = TOPICS.get(key, "")
    digits: tuple[int, ...] = ()
    if not shape and len(text) <= LONGEST_WORD and not (key.isascii() and key.isalpha()):
        shape, digits = _shape(key)
    if shape in ("weight", "size"):
        mark = DESCRIBED
    elif shape == "opening":
        mark = OPENING
    elif shape == "v":
        mark = VERSION
    onward = ONWARD.get(key)
    number = digits[0] if shape in ("number", "year") else None
    return Lexeme(key, mark, onward, shape, digits, number, bool(shape) or mark is not None or onward is not None)


def _shape(key: str) -> tuple[str, tuple[int, ...]]:
    if key.isascii() and key.isdigit():
        return _digits(key)
    found = (BEGINS_WITH_DIGIT if key[0].isdigit() else BEGINS_WITH_LETTER).match(key)
    if found is None:
        return "", ()
    shape = found.lastgroup or ""
    return shape, tuple(int(digits) for digits in DIGITS.findall(found[shape]))


def _digits(key: str) -> tuple[str, tuple[int, ...]]:
    """A year from 1880 to 2099, another number, or a checksum that happens to have no letter."""
    length = len(key)
    if length == 4 and "1880" <= key < "2100":
        return "year", (int(key),)
    if length <= 6:
        return "number", (int(key),)
    return ("crc", (int(key),)) if length == 8 else ("", ())


LEXICON = Lexicon()
NO_WORD = Lexeme("", None, None, "", (), None, tells=False)
