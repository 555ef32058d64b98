"""The tables as one dictionary, and what it says about a single word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from search.releases.fold import fold_letters
from search.releases.tables import editions, languages, numbers, services, sound, video, vietnamese
from search.releases.tables.row import Fact, Row, Strength

LONGEST_WORD = 64  # longer ones are never marks, and not worth remembering

SHAPE = re.compile(
    r"(?P<year>(?:18[89]|19\d|20\d)\d)г?$"
    r"|(?P<number>\d{1,6})(?:v\d)?$"
    r"|(?P<crc>[0-9a-f]{8})$"
    r"|(?P<se>[st]o?(\d{1,4})((?:(?:xe|ep?|x|se|ova)\d{1,5}[a-d]?)+))(?:v\d|[a-z]{2,20})?$"
    r"|(?P<bare>\d{1,2}(?:e\d{1,3})+)(?:v\d)?$"
    r"|(?P<sd>s\d{1,3})(?:(?:d|dvd|disc|disk)\d{1,2}|extras)$"
    r"|(?P<sse>[st]\d{1,4}(?:s\d{1,4}))$"
    r"|(?P<s>[st]\d{1,4})$"
    r"|(?P<size>(?!20\d\dx[0-3]\d\d$)\d{3,4}[x×]\d{3,4}[pi]?)$"
    r"|(?P<nx>\d{1,4}(?:xe?p?\d{1,4})+)(?:v\d)?$"
    r"|(?P<xn>x\d{1,3})$"
    r"|(?P<e>(?:ep?|eps|episode|tap|capitulo|cap|folge)\d{1,5}(?:(?:ep?|x)\d{1,5})*[a-d]?)(?:v\d)?$"
    r"|(?P<season>(?:season|saison|temporada|phan|mua|stagione|staffel|sezonu?|sezonso|seriya|シーズン|シースン)\d{1,3})$"
    r"|(?P<fused>[a-z]{3,24}(?:s\d\d(?:e\d\d)+|\d{1,2}x\d\d))$"
    r"|(?P<of>\d{1,3}(?:of|iz|из)\d{1,4})$"
    r"|(?P<ended>\d{1,4}(?:end|fixed|fin|final|完|tv))$"
    r"|(?P<to>\d{1,4}to\d{1,4})(?:ep)?$"
    r"|(?P<weight>\d{1,4}(?:mb|gb|mib|gib|kbps|mbps))$"
    r"|(?P<lettered>\d{1,4}[a-do])$"
    r"|(?P<pnumber>p\d{1,2})$"
    r"|(?P<v>v\d)$"
    r"|(?P<opening>(?:nc)?(?:op|ed)\d{0,2}[a-d]?(?:v\d)?)$"
    r"|(?P<numbered>(?:sp|ova|ona|oad|ex|special|sps?)\d{1,3}[a-d]?)$"
    r"|(?P<cjk>第?(?:\d{1,4}-\d{1,4}|[\d一二三四五六七八九十百零]{1,5})[季期话話集回部章])$"
    r"|(?P<whole>全\d{1,4}[集话話回]|\d{1,4}集全)$"
)
TOPICS = {
    **dict.fromkeys(numbers.ORDINALS, "ordinal"),
    **dict.fromkeys(numbers.MONTHS, "month"),
    **dict.fromkeys(numbers.PART, "part_word"),
    **dict.fromkeys(numbers.EPISODE, "episode_word"),
    **dict.fromkeys(numbers.SEASON, "season_word"),
}
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a spelling of the tables stands for. `role` is the field of its first fact."""

    strength: Strength
    role: str
    facts: tuple[Fact, ...]


@dataclass(slots=True)
class Lexeme:
    """What one word can be, by itself.

    `shape` names the group of SHAPE that it matches, or its topic (a season word, a month...); `numbers` are its
    digits; `longest` is how many words the longest spelling has that begins with it, 0 when none does.
    """

    key: str
    mark: Mark | None
    longest: int
    shape: str
    numbers: tuple[int, ...]


def _read_tables() -> tuple[dict[str, Mark], dict[str, int], dict[str, Mark]]:
    """Spellings -> marks, first words -> length of the longest spelling, and spellings whose case counts."""
    marks: dict[str, Mark] = {}
    longest: dict[str, int] = {}
    exact: dict[str, Mark] = {}
    for rows in (vietnamese.TABLE, video.TABLE, sound.TABLE, editions.TABLE, services.TABLE, languages.TABLE):
        for line in rows:
            mark = _mark(line)
            for spelling in line.spellings:
                if spelling.startswith("="):
                    exact.setdefault(spelling[1:], mark)
                    continue
                marks.setdefault(spelling, mark)
                words = re.split(r"[ +](?=.)", spelling)
                longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return marks, longest, exact


def _mark(line: Row) -> Mark:
    return Mark(line.strength, line.facts[0][0], line.facts)


OPENING = Mark(Strength.LIKELY, "extra", (("extra", True),))
VERSION = Mark(Strength.LIKELY, "scene", (("scene", True),))
DESCRIBED = Mark(Strength.SURE, "scene", (("scene", True),))
MARKS, LONGEST, EXACT = _read_tables()


@lru_cache(maxsize=32768)
def lexeme(text: str) -> Lexeme:
    """What is known about one word, as it is written."""
    key = fold_letters(text)
    mark = EXACT.get(text) or MARKS.get(key)
    longest = LONGEST.get(key, 0) or (1 if mark else 0)
    shape: str = TOPICS.get(key, "")
    digits: tuple[int, ...] = ()
    if not shape and len(text) <= LONGEST_WORD and not (key.isascii() and key.isalpha()):
        shape, digits = _shape(key)
    if shape in ("weight", "size"):
        mark, longest = DESCRIBED, 1
    elif shape == "opening":
        mark, longest = OPENING, 1
    elif shape == "v":
        mark, longest = VERSION, 1
    return Lexeme(key, mark, longest, shape, digits)


def _shape(key: str) -> tuple[str, tuple[int, ...]]:
    found = SHAPE.match(key)
    if found is None:
        return "", ()
    shape = found.lastgroup or ""
    return shape, tuple(int(digits) for digits in DIGITS.findall(found[shape]))
