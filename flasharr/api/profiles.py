from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from flasharr.api.access import Needs
from flasharr.api.shapes import Body, Text
from flasharr.keys import Scope
from search.quality import actions, queries
from search.quality.models import QualityProfile

router = Router(tags=["profiles"])
SETTINGS = Needs(Scope.SETTINGS)
Words = list[Text]


class ProfileOut(Schema):
    """Lists have the best first; what is in none of them is refused (`resolutions`, `sources`) or earns nothing.

    `weights` are the points of each field, made to sum up to a hundred. Sizes are GB for an hour.
    """

    id: int
    name: str
    is_default: bool
    resolutions: list[str]
    sources: list[str]
    languages: list[str]
    needs_vietnamese: bool
    hdr: str
    least_per_hour: float | None
    most_per_hour: float | None
    banned_words: list[str]
    required_words: list[str]
    weights: dict[str, int]
    cutoff: int
    naming: str


class ProfilesOut(Schema):
    items: list[ProfileOut]
    total: int


class ProfileChanges(Body):
    """Only what is given changes; null takes a bound on the size away."""

    name: Text = Field("", max_length=80)
    is_default: Literal[True] = True
    resolutions: Words = []
    sources: Words = []
    languages: Words = []
    needs_vietnamese: bool = False
    hdr: Literal["prefer", "any", "require", "refuse"] = "prefer"
    least_per_hour: float | None = Field(None, allow_inf_nan=False)
    most_per_hour: float | None = Field(None, allow_inf_nan=False)
    banned_words: Words = []
    required_words: Words = []
    weights: dict[str, int] = {}
    cutoff: int = Field(80, ge=0, le=100)
    naming: Literal["plain", "quality", "short"] = "plain"


class NewProfile(ProfileChanges):
    """What is not given is as in the profile that we ship."""

    name: Text = Field(min_length=1, max_length=80)


@router.get("", auth=SETTINGS, response=ProfilesOut)
def index(request: HttpRequest) -> dict[str, object]:
    """The quality profiles, the default first."""
    rows = list(queries.profiles())
    return {"items": rows, "total": len(rows)}


@router.post("", auth=SETTINGS, response={201: ProfileOut})
def add(request: HttpRequest, new: NewProfile) -> Status[QualityProfile]:
    return Status(201, actions.create(**new.model_dump(exclude_unset=True)))


@router.get("/{int:pk}", auth=SETTINGS, response=ProfileOut)
def one(request: HttpRequest, pk: int) -> QualityProfile:
    return get_object_or_404(QualityProfile, pk=pk)


@router.patch("/{int:pk}", auth=SETTINGS, response=ProfileOut)
def change(request: HttpRequest, pk: int, changes: ProfileChanges) -> QualityProfile:
    row = get_object_or_404(QualityProfile, pk=pk)
    return actions.change(row, **changes.model_dump(exclude_unset=True))


@router.delete("/{int:pk}", auth=SETTINGS, response={204: None})
def remove(request: HttpRequest, pk: int) -> Status[None]:
    """What used it uses the default from now on. The last one cannot be deleted."""
    actions.remove(get_object_or_404(QualityProfile, pk=pk))
    return Status(204, None)
