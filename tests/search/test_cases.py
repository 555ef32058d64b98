"""Every real form of a name, by the rule that reads it; and every rule has a form that nobody else reads."""

from __future__ import annotations

import unicodedata

import pytest

from search.releases import parse
from search.releases.parse import RULES
from search.releases.rules.needs import Rule
from tests.search.table import Case, cases, shown

CASES = list(cases())


def read(case: Case, rules: tuple[Rule, ...] = RULES) -> dict[str, str]:
    release = parse(case.name, rules)
    return {field: shown(release, field) for field in case.expected}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.section}: {case.label}")
def test_it_reads(case: Case) -> None:
    assert read(case) == case.expected, case.name


def test_there_are_more_than_four_hundred_forms() -> None:
    assert len({case.name for case in CASES}) >= 400
    assert len({(case.section, case.label) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_is_needed(rule: Rule) -> None:
    mine = [case for case in CASES if case.rule == rule.__name__]
    others = tuple(other for other in RULES if other is not rule)
    assert mine, "no section of the table is named after the rule"
    assert any(read(case, others) != case.expected for case in mine)


def test_accents_may_be_composed_or_not() -> None:
    for case in CASES:
        apart = case._replace(name=unicodedata.normalize("NFD", case.name))
        together = case._replace(name=unicodedata.normalize("NFC", case.name))
        assert _composed(read(apart)) == _composed(read(together)), case.name


def _composed(fields: dict[str, str]) -> dict[str, str]:
    return {field: unicodedata.normalize("NFC", text) for field, text in fields.items()}
