from __future__ import annotations

import itertools

import pytest

from downloads.states import MOVES, Event, IllegalMove, Reason, Status, sources, step, target

LEGAL = [(before, event, after) for (before, event), after in MOVES.items()]
ILLEGAL = [pair for pair in itertools.product(Status, Event) if pair not in MOVES]


@pytest.mark.parametrize(("before", "event", "after"), LEGAL)
def test_a_legal_move_leads_where_the_table_says(before: Status, event: Event, after: Status) -> None:
    assert step(before, event) == after


@pytest.mark.parametrize(("before", "event"), ILLEGAL)
def test_an_illegal_move_is_refused(before: Status, event: Event) -> None:
    with pytest.raises(IllegalMove, match=f"A {before} download cannot {event}"):
        step(before, event)


@pytest.mark.parametrize("event", Event)
def test_an_event_leads_to_one_status_from_everywhere(event: Event) -> None:
    assert {after for (_, known), after in MOVES.items() if known == event} == {target(event)}


def test_every_status_can_be_reached_from_the_queue() -> None:
    reached = {Status.QUEUED}
    while more := {after for (before, _), after in MOVES.items() if before in reached} - reached:
        reached |= more
    assert reached == set(Status)


def test_every_status_but_the_last_ones_can_be_paused() -> None:
    assert set(sources(Event.PAUSE)) == set(Status) - {Status.PAUSED, Status.COMPLETED, Status.FAILED}


def test_a_sentence_that_lost_its_values_is_shown_as_it_is() -> None:
    assert Reason("disk_full", "{needed} needed").message == "{needed} needed"
