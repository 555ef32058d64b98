from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from downloads.engine.plan import Plan, Segment


def test_a_whole_plan_is_complete_when_every_byte_is_written() -> None:
    plan = Plan.whole(10)
    assert not plan.is_complete
    plan.segments[0].written = 10
    assert plan.is_complete


def test_an_empty_file_is_complete_from_the_start() -> None:
    assert Plan.whole(0).is_complete


def test_a_plan_of_unknown_size_is_complete_only_once_the_size_is_learnt() -> None:
    plan = Plan.whole(None)
    plan.segments[0].written = 10
    assert not plan.is_complete
    plan.learn_size(10)
    assert plan.is_complete


def test_a_resume_never_asks_before_its_segment() -> None:
    assert Segment(100, 300, 10).resume_from(64) == 100
    assert Segment(100, 300, 150).resume_from(64) == 186


def test_a_snapshot_stays_as_it_is() -> None:
    plan = Plan.whole(10)
    snapshot = plan.snapshot()
    plan.segments[0].written = 5
    assert snapshot.written == 0


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8), st.data())
def test_segments_tile_exactly_or_not_at_all(lengths: list[int], data: st.DataObject) -> None:
    edges = [sum(lengths[:index]) for index in range(len(lengths) + 1)]
    segments = [Segment(start, end) for start, end in pairwise(edges)]
    size = edges[-1]
    assert Plan(size, segments).tiles
    assert not Plan(size + 1, segments).tiles
    if len(segments) > 1:
        del segments[data.draw(st.integers(0, len(segments) - 1))]
        assert not Plan(size, segments).tiles
