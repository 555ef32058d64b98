from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management.color import no_style
from django.db import connection
from django.test import TransactionTestCase

from flasharr.simulator import Journal, Simulator
from flasharr.simulator.assertions import breaches


@pytest.fixture(scope="session", autouse=True)
def _every_journal_is_clean() -> Iterator[None]:
    """Whatever a test does with a simulator, what must never happen did not (flasharr/simulator/assertions.py).

    A test that breaks a rule on purpose names it in `simulator.journal.excused`.
    """
    stop, clear = Simulator.stop, Journal.clear

    def checked_stop(simulator: Simulator) -> None:
        stop(simulator)
        assert breaches(simulator.journal) == []

    def checked_clear(journal: Journal) -> None:
        found = breaches(journal)
        clear(journal)
        assert found == []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Simulator, "stop", checked_stop)
        patch.setattr(Journal, "clear", checked_clear)
        yield


# Made by the migrations and never changed; making them anew after each test took longer than most tests.
KEPT = {"django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_and_no_more() -> Iterator[None]:
    """In place of Django's `flush`, which emits `post_migrate` as well."""

    def empty(test: TransactionTestCase) -> None:
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        commands = connection.ops.sql_flush(no_style(), sorted(set(names) - KEPT))
        connection.ops.execute_sql_flush(commands)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield
