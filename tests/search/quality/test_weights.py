"""From a user's wishes to points and refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.finder.found import judge
from search.quality.defaults import DEFAULTS
from search.quality.weights import WEIGHTS, Wishes, hundred, profile
from search.releases import VIETNAMESE_FIRST, Code, parse, score
from search.releases.suit import suit
from search.releases.tables.classes import RESOLUTIONS, SOURCES
from search.sources.base import Candidate
from tests.search.finder.titles import film

HOUR, GB = 3600, 10**9
CALM = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
NAMES = [
    "Harbour.2012.2160p.BluRay.REMUX.x265-OAK.mkv",
    "Harbour.2012.1080p.WEBRip.DDP5.1.x264-OAK.mkv",
    "Harbour.2012.720p.HDTV.Vietsub.mkv",
    "Harbour.2012.DVDRip.XviD.Long.Tieng.avi",
    "Harbour.2012.1080p.WEB-DL.Thuyet.Minh.Vietsub.HDR.mkv",
    "Harbour 2012 CAM.mp4",
    "Harbour 2012.mkv",
]


def total(name: str, wishes: Wishes) -> int:
    return score(parse(name), profile(wishes)).total


def against(name: str, size: float | None = None, **wishes: object) -> list[Code]:
    demands = profile(Wishes("x", **wishes)).demands  # type: ignore[arg-type]
    return [reason.code for reason in suit(parse(name), demands, int(size) if size else None, HOUR)]


@pytest.mark.parametrize("name", NAMES)
def test_the_first_default_scores_as_our_own_table(name: str) -> None:
    assert total(name, Wishes("x")) == score(parse(name), VIETNAMESE_FIRST).total


def test_best_picture_prefers_the_picture() -> None:
    fields = {key: value for key, value in DEFAULTS[1].items() if key not in ("is_default", "cutoff")}
    wishes = Wishes(**fields)
    assert total(NAMES[0], wishes) > total(NAMES[4], wishes) > total(NAMES[2], wishes)
    assert against(NAMES[5], sources=fields["sources"]) == [Code.OTHER_SOURCE]


def test_the_order_of_the_user_is_the_order_of_the_points() -> None:
    wishes = Wishes("x", resolutions=["720p", "1080p", "2160p", "unknown", "sd"])
    names = [f"Harbour.2012.{lines}.WEB-DL.mkv" for lines in ("720p", "1080p", "2160p")]
    assert sorted(names, key=lambda name: -total(name, wishes)) == names


@CALM
@given(st.dictionaries(st.sampled_from(list(WEIGHTS)), st.integers(0, 1000)))
def test_weights_sum_up_to_a_hundred(weights: dict[str, int]) -> None:
    assert sum(hundred(weights).values()) == 100
    assert min(hundred(weights).values()) >= 0


@CALM
@given(st.permutations(list(RESOLUTIONS)), st.permutations(list(SOURCES)), st.sampled_from(NAMES))
def test_every_score_is_between_nothing_and_a_hundred(resolutions: list[str], sources: list[str], name: str) -> None:
    made = profile(Wishes("x", resolutions=resolutions, sources=sources))
    assert sum(max(t.values()) for t in (made.resolutions, made.codecs, made.sounds)) <= 40
    assert 0 <= score(parse(name), made).total <= 100


@pytest.mark.parametrize(
    ("name", "wishes", "expected"),
    [
        (NAMES[0], {"banned_words": ["remux"]}, [Code.BANNED_WORD]),
        (NAMES[0], {"banned_words": ["mux"]}, []),
        (NAMES[0], {"required_words": ["Vietsub", "lồng tiếng"]}, [Code.NO_REQUIRED_WORD]),
        (NAMES[3], {"required_words": ["Vietsub", "lồng tiếng"]}, []),
        (NAMES[2], {"resolutions": ["1080p", "2160p"]}, [Code.OTHER_RESOLUTION]),
        (NAMES[6], {"resolutions": ["1080p"], "sources": ["bluray"]}, [Code.OTHER_RESOLUTION, Code.OTHER_SOURCE]),
        (NAMES[1], {"sources": ["web-dl"]}, [Code.OTHER_SOURCE]),
        (NAMES[1], {"hdr": "require"}, [Code.NO_HDR]),
        (NAMES[4], {"hdr": "refuse"}, [Code.IS_HDR]),
        (NAMES[4], {"hdr": "any"}, []),
        (NAMES[0], {"needs_vietnamese": True}, [Code.NOT_VIETNAMESE]),
        ("Harbour.2012.1080p.vi.srt", {"sources": ["remux"], "hdr": "require"}, []),
    ],
)
def test_what_a_profile_demands(name: str, wishes: dict[str, Any], expected: list[Code]) -> None:
    assert against(name, **wishes) == expected


def test_size_is_counted_by_the_hour() -> None:
    assert against(NAMES[0], 3 * GB, least_per_hour=4) == [Code.TOO_SMALL]
    assert against(NAMES[0], 30 * GB, most_per_hour=20) == [Code.TOO_BIG]
    assert against(NAMES[0], None, most_per_hour=20) == []
    assert against("Harbour.S01E01-E03.1080p.mkv", 30 * GB, most_per_hour=20) == []


def test_a_candidate_is_refused_with_the_reason() -> None:
    candidate = Candidate("fshare", "X", "https://www.fshare.vn/file/X", "Dune.2021.1080p.WEB-DL.mkv", GB)
    found = judge(candidate, film("Dune"), profile(Wishes("x", sources=["bluray"])))
    assert not found.accepted
    assert str(found.verdict.reasons[0]) == "The source is web-dl; the quality profile wants bluray."
    assert judge(candidate, film("Dune"), replace(profile(Wishes("x")))).accepted
