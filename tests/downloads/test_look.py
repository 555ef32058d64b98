from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db import DatabaseError, transaction
from django.test import override_settings
from django.urls import set_script_prefix

from downloads import actions, live, queries, reports
from downloads.live import MOST_ROWS, Look
from downloads.models import Change, Download, Priority
from downloads.reports import Measured
from downloads.states import Status
from tests.downloads.conftest import make_download

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_workers")]

RELIST = 'id="stale" hx-swap-oob="true"'
TOTALS = '<div id="totals"'


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Delivered(Look):
    """Whatever it finds reaches the pages."""

    def __call__(self, languages: Iterable[str]) -> dict[str, str]:
        found = super().__call__(languages)
        self.arrived()
        return found


@pytest.fixture
def look(clock: Clock) -> Look:
    """One that has seen everything there is and has sent the totals."""
    look = Delivered(queries.version(), clock)
    look(["en"])
    return look


def running(name: str = "film.mkv") -> Download:
    row = make_download(Status.DOWNLOADING, name=name, engine="me")
    touch(row)
    return row


def touch(row: Download) -> None:
    with transaction.atomic():
        Download.objects.filter(pk=row.pk).update(version=actions.next_version())


def test_nothing_is_sent_when_nothing_changes(look: Look, clock: Clock) -> None:
    make_download()
    for _ in range(5):
        clock.now += 1
        look(["en"])
    assert look(["en"]) == {"en": ""}


def test_progress_is_sent_as_the_row_itself_without_fetching_the_list_again(look: Look, clock: Clock) -> None:
    row = running()
    look(["en"])
    clock.now += 5
    look(["en"])
    reports.measure("me", [Measured(row.pk, 500_000, 1_000)])
    html = look(["en"])["en"]
    assert f'<li id="download-{row.pk}"' in html
    assert 'value="50.0"' in html
    assert RELIST not in html


@pytest.mark.parametrize("change", ["paused", "removed", "added", "moved", "finished"])
def test_what_changes_the_order_makes_lists_fetch_themselves(look: Look, clock: Clock, change: str) -> None:
    row, other = running("one.mkv"), running("two.mkv")
    clock.now += 5
    look(["en"])
    rows = Download.objects.filter(pk=row.pk)
    match change:
        case "paused":
            actions.pause(rows)
        case "removed":
            actions.remove(rows)
        case "added":
            running("three.mkv")
        case "moved":
            actions.set_priority(Download.objects.filter(pk=other.pk), Priority.HIGH)
        case "finished":
            touch(row)
            rows.update(status=Status.COMPLETED)
    clock.now += 5
    html = look(["en"])["en"]
    assert RELIST in html
    assert (f'id="download-{row.pk}"' in html) == (change in ("paused", "finished"))


def test_lists_fetch_themselves_at_most_once_a_second(look: Look, clock: Clock) -> None:
    fetched = 0
    for number in range(10):
        running(f"{number}.mkv")
        clock.now += 0.5
        fetched += RELIST in look(["en"])["en"]
    assert 4 <= fetched <= 5


def test_a_flood_of_changes_is_one_fetch_of_the_list(look: Look, clock: Clock) -> None:
    for number in range(MOST_ROWS + 1):
        make_download(name=f"{number}.mkv")
    actions.pause(Download.objects.all())
    clock.now += 5
    html = look(["en"])["en"]
    assert RELIST in html
    assert "<li" not in html
    clock.now += 5
    assert look(["en"]) == {"en": ""}


def test_totals_are_sent_once_a_second_and_only_when_they_differ(look: Look, clock: Clock) -> None:
    row = running()
    clock.now += 5
    assert TOTALS in look(["en"])["en"]
    reports.measure("me", [Measured(row.pk, 1, 7_000)])
    clock.now += 0.5
    assert TOTALS not in look(["en"])["en"]
    clock.now += 0.6
    assert "7.00 KB/s" in look(["en"])["en"]
    clock.now += 5
    assert look(["en"]) == {"en": ""}


def test_each_language_gets_its_own_text(look: Look, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    running()
    clock.now += 5
    html = look(["en", "vi"])
    assert set(html) == {"en", "vi"}
    assert all('<li id="download-' in text for text in html.values())


def test_links_in_fragments_keep_the_path_that_the_site_is_mounted_at(look: Look, clock: Clock) -> None:
    running()
    clock.now += 5
    with override_settings(FORCE_SCRIPT_NAME="/flasharr"):
        live.prepare_thread()
        try:
            assert 'hx-post="/flasharr/downloads/' in look(["en"])["en"]
        finally:
            set_script_prefix("/")


def test_a_name_from_outside_cannot_become_markup(look: Look, clock: Clock) -> None:
    running("<script>alert(1)</script>")
    clock.now += 5
    assert "<script>" not in look(["en"])["en"]


def test_what_did_not_reach_the_pages_is_found_again(clock: Clock) -> None:
    look = Look(queries.version(), clock)
    row = running()
    first = look(["en"])
    assert f'id="download-{row.pk}"' in first["en"]
    assert look(["en"])["en"].count(f'id="download-{row.pk}"') == 1
    look.arrived()
    assert f'id="download-{row.pk}"' not in look(["en"])["en"]


@pytest.mark.parametrize("broken", ["downloads.live.overview.current", "downloads.live.render_to_string"])
def test_a_database_that_cannot_be_read_loses_no_change(
    look: Look, clock: Clock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def locked(*_args: object) -> None:
        raise DatabaseError("database is locked")

    row = running()
    clock.now += 5
    with monkeypatch.context() as patch:
        patch.setattr("downloads.live.connections.close_all", lambda: None)
        patch.setattr(broken, locked)
        assert live.careful(look, ["en"]) == {}
    assert "database is locked" in caplog.text
    clock.now += 1
    html = live.careful(look, ["en"])["en"]
    assert f'id="download-{row.pk}"' in html
    assert RELIST in html
    assert TOTALS in html


def test_a_database_from_a_backup_makes_lists_fetch_themselves(look: Look, clock: Clock) -> None:
    running()
    clock.now += 5
    look(["en"])
    Change.objects.update(value=0)
    clock.now += 5
    assert RELIST in look(["en"])["en"]
    clock.now += 5
    assert RELIST not in look(["en"])["en"]
    row = running("new.mkv")
    clock.now += 5
    assert f'id="download-{row.pk}"' in look(["en"])["en"]
