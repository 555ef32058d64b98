"""What a rule needs: one that can find nothing in a name is never asked, which saves a third of the time."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
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


@lru_cache(maxsize=4096)
def plan(rules: tuple[Rule, ...], shapes: frozenset[str]) -> Plan:
    """The rules that may find something among words of these shapes."""
    useful = tuple(rule for rule in rules if rule not in NEEDS or not NEEDS[rule].isdisjoint(shapes))
    cut = next((index for index, rule in enumerate(useful) if rule in COUNTING), len(useful))
    rest = useful[cut:]
    return Plan(useful[:cut], rest, tuple(rule for rule in rest if rule not in COUNTING))
