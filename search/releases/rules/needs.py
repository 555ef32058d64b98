"""What a rule needs: one that can find nothing in a name is never asked, which saves a third of the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from search.releases.draft import Draft

Rule = Callable[[Draft], None]
NEEDS: dict[Rule, frozenset[str]] = {}
COUNTING: set[Rule] = set()
"""They look for an episode, so that there is nothing to ask them once it is known."""


class Plan(NamedTuple):
    """The rules up to the first one that counts, then those for a name whose episode is open, or known by then."""

    first: tuple[Rule, ...]
    open: tuple[Rule, ...]
    known: tuple[Rule, ...]


def needs(*shapes: str, counts: bool = False) -> Callable[[Rule], Rule]:
    """The rule does nothing in a name without a word of one of the shapes; nor, if it counts, with a known episode."""

    def remember(rule: Rule) -> Rule:
        NEEDS[rule] = frozenset(shapes)
        if counts:
            COUNTING.add(rule)
        return rule

    return remember


class Plans(dict[frozenset[str], Plan]):
    """For each set of shapes, those of the rules that may find something among words of these shapes."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.needs = [(rule, NEEDS.get(rule), rule in COUNTING) for rule in rules]

    def __missing__(self, shapes: frozenset[str]) -> Plan:
        useful = [
            (rule, counts) for rule, needed, counts in self.needs if needed is None or not needed.isdisjoint(shapes)
        ]
        cut = next((index for index, (_, counts) in enumerate(useful) if counts), len(useful))
        rest = useful[cut:]
        self[shapes] = found = Plan(
            tuple(rule for rule, _ in useful[:cut]),
            tuple(rule for rule, _ in rest),
            tuple(rule for rule, counts in rest if not counts),
        )
        return found
