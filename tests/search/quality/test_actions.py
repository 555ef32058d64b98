"""Adding, changing and deleting quality profiles."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from search.quality import actions, queries
from search.quality.actions import ProfileRefused
from search.quality.models import QualityProfile

pytestmark = pytest.mark.django_db


def test_there_are_two_from_the_start() -> None:
    assert [(row.name, row.is_default) for row in queries.profiles()] == [
        ("Vietnamese first", True),
        ("Best picture", False),
    ]
    assert queries.profiles().count() == 2
    assert queries.pure().name == "Vietnamese first"


def test_another_default_is_the_only_one() -> None:
    best = queries.profiles()[1]
    actions.make_default(best)
    assert queries.default() == best
    assert QualityProfile.objects.filter(is_default=True).count() == 1


def test_the_last_one_stays() -> None:
    first, second = queries.profiles()
    actions.remove(first)
    assert queries.default() == second
    with pytest.raises(ProfileRefused):
        actions.remove(second)
    assert queries.default() == second


def test_a_new_one_is_as_good_as_our_own_until_it_is_changed() -> None:
    row = actions.create(name="Phone", resolutions=["720p", "sd"], is_default=True)
    assert queries.default() == row
    assert queries.pure(row).demands.resolutions == {"720p", "sd"}
    actions.change(row, banned_words=["HDCAM"])
    assert queries.pure(QualityProfile.objects.get(pk=row.pk)).demands.banned == ("HDCAM",)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Best picture"),
        ("name", "x" * 81),
        ("resolutions", []),
        ("resolutions", ["8p"]),
        ("resolutions", ["720p", "720p"]),
        ("sources", "bluray"),
        ("languages", [["dub"]]),
        ("hdr", "maybe"),
        ("naming", "../"),
        ("least_per_hour", -1),
        ("most_per_hour", 0),
        ("cutoff", 101),
        ("banned_words", [""]),
        ("banned_words", ["x\0"]),
        ("banned_words", ["x"] * 51),
        ("weights", {}),
        ("weights", {"sound": 0}),
        ("weights", {"sound": True}),
        ("weights", {"taste": 3}),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(field: str, value: Any) -> None:
    queries.default()
    with pytest.raises(ValidationError) as refused:
        actions.create(**{"name": "Mine", field: value})
    assert list(refused.value.message_dict) == [field]
    assert QualityProfile.objects.count() == 2


def test_the_least_is_below_the_most() -> None:
    with pytest.raises(ValidationError):
        actions.change(queries.default(), least_per_hour=3, most_per_hour=2)
