"""Reading a list that comes in pages and may change meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hosts.base import AnswerUnreadable, Entry
from hosts.links import LinkKind
from hosts.sites.fshare.refusals import LABEL

MOST_PAGES = 200
MOST_PASSES = 3

Found = dict[tuple[LinkKind, str], Entry]


def settled(read: Callable[[], Iterator[list[Entry]]]) -> list[Entry]:
    """Every entry, each code once, in the order of the last reading.

    There is no cursor: a row that goes while page 2 is read moves another one from page 3 to page 2, where nobody
    looks again. So more than one page is read until two readings agree; when none do, all that was seen counts.
    Raises Problem.
    """
    seen: Found = {}
    before: set[tuple[LinkKind, str]] | None = None
    for _ in range(MOST_PASSES):
        found, pages = _read(read())
        if pages <= 1 or found.keys() == before:
            return list(found.values())
        before = set(found)
        seen = {**seen, **found}
    return list(seen.values())


def _read(pages: Iterator[list[Entry]]) -> tuple[Found, int]:
    """One reading: what was found and how many pages held something new. It ends at a page that has nothing new."""
    found: Found = {}
    for number, page in enumerate(pages):
        known = len(found)
        for entry in page:
            found.setdefault((entry.link.kind, entry.link.code), entry)
        if number and len(found) == known:
            return found, number
        if number == MOST_PAGES:
            raise AnswerUnreadable(host=LABEL)
    return found, number + 1 if found else 0
