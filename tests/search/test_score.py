"""Which of several is the better one, and why."""

from __future__ import annotations

import random

import pytest

from search.releases import VIETNAMESE_FIRST, Contribution, order, parse, score

HOUR = 3600
GIGABYTE = 10**9


def total(name: str, size: float | None = None, runtime: int | None = 2 * HOUR) -> int:
    return score(parse(name), VIETNAMESE_FIRST, int(size) if size else None, runtime).total


def size_of(name: str, size: float, runtime: int = 2 * HOUR) -> Contribution:
    contributions = score(parse(name), VIETNAMESE_FIRST, int(size), runtime).contributions
    return next(contribution for contribution in contributions if contribution.field == "size")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Harbour.2012.2160p.BluRay.REMUX.x265.mkv", "Harbour.2012.1080p.BluRay.REMUX.x265.mkv"),
        ("Harbour.2012.4K.WEB-DL.mkv", "Harbour.2012.720p.WEB-DL.mkv"),
        ("Harbour.2012.1080p.BluRay.REMUX.mkv", "Harbour.2012.1080p.BluRay.x264.mkv"),
        ("Harbour.2012.1080p.WEB-DL.mkv", "Harbour.2012.1080p.HDTV.mkv"),
        ("Harbour.2012.1080p.WEB-DL.Vietsub.mkv", "Harbour.2012.1080p.WEB-DL.mkv"),
        ("Harbour.2012.1080p.WEB-DL.Vietsub.TM.mkv", "Harbour.2012.1080p.WEB-DL.Vietsub.mkv"),
        ("Harbour.2012.1080p.WEB-DL.Long.Tieng.mkv", "Harbour.2012.1080p.WEB-DL.ViE.mkv"),
        ("(Sub Viet) Harbour.2012.1080p.WEB-DL.mkv", "(Sub Viet AI) Harbour.2012.1080p.WEB-DL.mkv"),
        ("Harbour.2012.2160p.WEB-DL.DV.HDR.mkv", "Harbour.2012.2160p.WEB-DL.mkv"),
        ("Harbour.2012.1080p.WEB-DL.Atmos.mkv", "Harbour.2012.1080p.WEB-DL.AAC2.0.mkv"),
        ("Harbour.2012.720p.WEB-DL.mkv", "Harbour.2012.1080p.TELESYNC.mkv"),
        ("Harbour.2012.PROPER.1080p.WEB-DL.mkv", "Harbour.2012.1080p.WEB-DL.mkv"),
    ],
)
def test_the_better_one_has_more_points(better: str, worse: str) -> None:
    assert total(better) > total(worse)


def test_the_best_that_there_can_be_has_a_hundred_points() -> None:
    best = "Harbour.2012.PROPER.2160p.UHD.BluRay.REMUX.DV.HDR.x265.TrueHD.Atmos.7.1-Vietsub-LT.mkv"
    assert total(best, 60 * GIGABYTE) == 100
    most = sum(contribution.most for contribution in score(parse(best), VIETNAMESE_FIRST).contributions)
    assert most == 100


def test_the_total_is_the_sum_of_its_contributions() -> None:
    for name in (
        "Harbour.2012.1080p.WEB-DL.x264.mkv",
        "Harbour.2012.CAM.mkv",
        "Harbour.2012.1080p.TELESYNC.Vietsub.mkv",
    ):
        result = score(parse(name), VIETNAMESE_FIRST, 2 * GIGABYTE, 2 * HOUR)
        assert result.total == sum(contribution.points for contribution in result.contributions)


def test_a_file_too_small_for_what_it_claims_loses_much() -> None:
    name = "Harbour.2012.2160p.BluRay.REMUX.x265.mkv"
    assert size_of(name, 60 * GIGABYTE).points > 0
    assert size_of(name, 0.7 * GIGABYTE).points < -20
    assert size_of(name, 0.7 * GIGABYTE).found == "0.8 Mbit/s"
    assert total(name, 0.7 * GIGABYTE) < total("Harbour.2012.720p.WEB-DL.mkv", 3 * GIGABYTE)


def test_a_file_much_too_big_loses_a_little() -> None:
    assert -10 < size_of("Harbour.2012.720p.WEB-DL.mkv", 90 * GIGABYTE).points < 0


def test_several_episodes_are_longer_than_one() -> None:
    assert size_of("Harbour.S01E01-E10.1080p.WEB-DL.mkv", 15 * GIGABYTE, HOUR).points > 0
    assert size_of("Harbour.S01E01-E10.1080p.WEB-DL.mkv", 1.5 * GIGABYTE, HOUR).points < 0
    assert size_of("Harbour 2020 27 tập 1080p", 40 * GIGABYTE, HOUR).points > 0


def test_nothing_is_said_of_a_pack_whose_length_is_unknown() -> None:
    assert size_of("Harbour.S01.1080p.WEB-DL", 1 * GIGABYTE, HOUR).found == ""


def test_a_recording_from_a_cinema_is_held_back_with_a_reason() -> None:
    result = score(parse("Harbour.2025.2160p.TELESYNC.x265.Vietsub.LT.mkv"), VIETNAMESE_FIRST)
    assert result.total == VIETNAMESE_FIRST.held_back["telesync"]
    assert result.contributions[-1].field == "held back"


def test_the_order_does_not_depend_on_the_order_before() -> None:
    names = [
        f"Harbour.2012.{lines}p.WEB-DL-{group}.mkv" for lines in (720, 1080) for group in ("Oak", "oak", "Pine", "Ash")
    ]
    releases = [parse(name) for name in names]
    scored = [(score(release, VIETNAMESE_FIRST), release) for release in releases]
    expected = sorted(scored, key=order)
    for seed in range(20):
        random.Random(seed).shuffle(scored)
        assert sorted(scored, key=order) == expected
    assert expected[0][1].resolution == "1080p"
