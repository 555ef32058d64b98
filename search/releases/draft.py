"""A name on its way to a Release: what the rules read and write."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from search.releases.lexicon import MARKS, Lexeme, Mark, Onward
from search.releases.release import Release, Span
from search.releases.tokens import USUAL, Bracket, tokenise

OPENING_HERE = frozenset("[({【（「［")
CONNECTORS = frozenset((" ", ".", "_", "-", "", ". ", "+"))
LOOSE = frozenset(("number", "ended", "numbered", "lettered", "year", "to"))
MANY = 5000  # a range longer than this is no range


def gaps(signs: str, apart: bool = False) -> tuple[str, ...]:
    """The signs between two words: alone and, when `apart`, with room around them, in each way names write spaces."""
    spaced = [f"{space}{sign}{space}" for sign in signs.split() for space in " _."] if apart else []
    return (*signs.split(), *spaced)


@dataclass(slots=True)
class Found:
    """A mark, and the tokens `first` up to `stop` that spell it."""

    mark: Mark
    first: int
    stop: int


@dataclass(slots=True)
class Draft:
    """`start` and `stop` are the tokens of the title; an anchor is a season, episode, date or year and its tokens."""

    text: str
    end: int
    release: Release
    words: list[str]
    starts: list[int]
    ends: list[int]
    lexemes: list[Lexeme]
    gaps: list[str]
    owners: list[int]
    brackets: list[Bracket]
    count: int
    at: list[Found | None]
    claimed: bytearray
    stop: int
    tech: int
    founds: list[Found] = field(default_factory=list)
    shapes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The tokens of each shape; "bracket" is there when the name has any."""
    anchors: list[tuple[int, int]] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)
    start: int = 0
    behind: int = 0
    """Behind the title and the numbers that follow it."""
    years: list[int] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)
    """Tokens that are numbers without a mark of their own."""

    def number(self, index: int) -> int | None:
        """The value of a token that is nothing but digits, perhaps with a version behind."""
        return self.lexemes[index].number

    def written(self, first: int, stop: int) -> str:
        """The tokens as they stand in the name."""
        return self.text[self.starts[first] : self.ends[stop - 1]]

    def claim(self, field_name: str, first: int, stop: int) -> None:
        """The tokens belong to a field and to nothing else."""
        for index in range(first, stop):
            self.claimed[index] = 1
        self.note(field_name, first, stop)

    def anchor(self, field_name: str, first: int, stop: int) -> None:
        self.claim(field_name, first, stop)
        self.anchors.append((first, stop))

    def note(self, field_name: str, first: int, stop: int) -> None:
        if field_name not in self.spans and first < stop:
            self.spans[field_name] = (self.starts[first], self.ends[stop - 1])

    def is_mark(self, index: int) -> bool:
        return self.at[index] is not None

    def is_sure(self, index: int) -> bool:
        found = self.at[index]
        return found is not None and found.mark.sure

    def opens(self, index: int) -> bool:
        """Whether a bracket opens right before the token."""
        gap = self.gaps[index]
        return gap not in USUAL and not OPENING_HERE.isdisjoint(gap)

    def ends_here(self, index: int) -> bool:
        """Whether the name, or the text that can be a title, is over before token `index`."""
        if index >= self.count or self.at[index] is not None or self.claimed[index]:
            return True
        return self.opens(index)

    def inside(self, index: int) -> Bracket | None:
        number = self.owners[index]
        return self.brackets[number] if number >= 0 else None


def begin(text: str, release: Release, start: int, end: int, fused: bool = False, turned: bool = False) -> Draft:
    """A draft with its tokens, their marks and shapes. A name that is written backwards (p027.70E30S) is turned."""
    tokens = tokenise(text, start, end, fused)
    count = len(tokens.words)
    at: list[Found | None] = [None] * count
    draft = Draft(text, end, release, *tokens, count, at, bytearray(count), count, count)
    shapes, founds, loose, lexemes = draft.shapes, draft.founds, draft.loose, draft.lexemes
    after = 0  # of the last mark
    for index, lex in enumerate(lexemes):
        if not lex.tells:
            continue
        shape = lex.shape
        if shape:
            shapes[shape].append(index)
            if shape in LOOSE:
                loose.append(index)
        if index < after:
            continue
        onward = lex.onward
        if onward is not None and lexemes[index + 1].key in onward.seconds:
            after = _mark(draft, index, onward)
        elif lex.mark is not None:
            at[index] = found = Found(lex.mark, index, index + 1)
            founds.append(found)
    if tokens.brackets:
        shapes["bracket"].append(0)
    if "backward" in shapes and not turned:
        return begin(text[:start] + text[start:end][::-1] + text[end:], release, start, end, turned=True)
    if "fused" in shapes and not fused:
        return begin(text, release, start, end, True, turned)
    return draft


def _mark(draft: Draft, first: int, onward: Onward) -> int:
    """Remember the longest spelling that begins at the token. The index of the next token to look at."""
    lexemes, gaps = draft.lexemes, draft.gaps
    text, mark, stop = lexemes[first].key, lexemes[first].mark, first + 1
    for after in range(first + 1, min(first + onward.longest, draft.count)):
        gap = gaps[after]
        if gap not in CONNECTORS:
            break
        text += ("+" if gap == "+" else " ") + lexemes[after].key
        longer = MARKS.get(text)
        if longer is not None:
            mark, stop = longer, after + 1
    if mark is None:
        return stop
    found = Found(mark, first, stop)
    draft.founds.append(found)
    draft.at[first:stop] = [found] * (stop - first)
    return stop
