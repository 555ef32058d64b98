"""The table of cases: `cases/*.txt`, one line a form, grouped by the rule that it is there for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from search.releases import Release

FOLDER = Path(__file__).parent / "cases"


class Case(NamedTuple):
    """`expected` has the text of each field of the section, as `shown` writes it; `""` is nothing found."""

    rule: str
    section: str
    label: str
    name: str
    expected: dict[str, str]


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.txt")):
        yield from _read(path.read_text(encoding="utf-8"))


def _read(text: str) -> Iterator[Case]:
    """`[rule: what about]` and the fields it looks at, then lines of label, name and what is expected of each."""
    section, fields = "", []
    for line in text.splitlines():
        if line.startswith("[") and line.partition("]")[2].strip().replace("_", "").replace(" ", "").isalpha():
            section, _, after = line[1:].partition("]")
            fields = after.split()
        elif line.strip() and not line.startswith("#"):
            label, name, *values = (cell.strip() for cell in line.split(" | "))
            assert len(values) == len(fields), line
            expected = dict(zip(fields, ("" if value == "-" else value for value in values), strict=True))
            yield Case(section.partition(":")[0], section, label, name, expected)


def shown(release: Release, field: str) -> str:
    """A field as the table writes it: `1-4` for a range, `a, b` for several, `yes` for true."""
    value: Any = getattr(release, field)
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, (tuple, frozenset)):
        return _several(sorted(value) if isinstance(value, frozenset) else list(value))
    return "" if value is None else str(value)


def _several(values: list[Any]) -> str:
    numbers = len(values) > 1 and all(isinstance(value, int) for value in values)
    if numbers and all(after == before + 1 for before, after in pairwise(values)):
        return f"{values[0]}-{values[-1]}"
    return ", ".join(str(value) for value in values)
