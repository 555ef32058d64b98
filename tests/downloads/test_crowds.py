"""A server has so many connections for us in all: who gets them, what the others are told, and who goes ahead."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from downloads import actions, queries
from downloads.capacity import Capacity, shares
from downloads.engine.errors import ServerBusy
from downloads.engine.transfer import Finished, Progress, Stage, Stopped
from downloads.models import Download, Preferences, Priority
from downloads.states import Status
from hosts import allowance, vault
from hosts.cooldowns import KeptBreaker
from hosts.models import Account, CoolDown
from tests.downloads.conftest import make_download
from tests.downloads.test_orchestrator import Engine, direct, engine, status_of

__all__ = ["engine"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(db: None) -> None:
    Account.objects.create(host="fshare", email="an@example.com", sealed_password=vault.seal("x"), is_vip=True)
    Preferences.objects.create(pk=1, max_active=5)


def fshare(tmp_path: Path, **fields: object) -> Download:
    return make_download(Status.QUEUED, root=str(tmp_path), **fields)


def given(engine: Engine) -> list[int]:
    return [hand.allowed for hand in engine.hands.values() if not hand.thread.ended]


@pytest.mark.parametrize(
    ("total", "transfers", "expected"),
    [(3, 1, [3]), (3, 2, [2, 1]), (3, 3, [1, 1, 1]), (5, 3, [2, 2, 1]), (1, 2, [1, 1]), (3, 0, [])],
)
def test_shares(total: int, transfers: int, expected: list[int]) -> None:
    assert shares(total, transfers) == expected


def test_connections_are_shared_anew_as_transfers_come_and_go(engine: Engine, tmp_path: Path) -> None:
    first = fshare(tmp_path)
    engine.tick()
    assert given(engine) == [3]
    fshare(tmp_path)
    engine.tick()
    assert given(engine) == [2, 1]
    fshare(tmp_path)
    engine.tick()
    assert given(engine) == [1, 1, 1]
    engine.hands[first.pk].end(Finished(tmp_path / "a", 1, None))
    engine.tick()
    assert given(engine) == [2, 1]


def test_a_transfer_begins_when_the_others_have_given_a_connection_back(engine: Engine, tmp_path: Path) -> None:
    first, second = fshare(tmp_path), fshare(tmp_path)
    Preferences.objects.update(max_active=1)
    engine.tick()
    engine.hands[first.pk].connections = 3
    Preferences.objects.update(max_active=5)
    engine.tick()
    assert not engine.hands[second.pk].turn.is_set()
    engine.hands[first.pk].connections = 2
    engine.tick()
    assert engine.hands[second.pk].turn.is_set()


def test_a_full_server_tells_its_rows_and_lets_others_pass(engine: Engine, tmp_path: Path) -> None:
    rows = [fshare(tmp_path) for _ in range(5)]
    other = direct(tmp_path)
    engine.tick()
    assert [status_of(row) for row in rows] == ["resolving"] * 3 + ["queued"] * 2
    assert status_of(other) == "resolving"
    assert [row.reason and row.reason.message for row in rows[3:]] == [
        "Fshare serves 3 connections at once. This file's turn comes."
    ] * 2
    engine.hands[rows[0].pk].end(Finished(tmp_path / "a", 1, None))
    engine.tick()
    assert [status_of(row) for row in rows[3:]] == ["resolving", "queued"]
    assert rows[3].reason is None


def test_a_file_that_is_only_checked_leaves_its_connection_to_the_next(engine: Engine, tmp_path: Path) -> None:
    rows = [fshare(tmp_path) for _ in range(4)]
    engine.tick()
    engine.hands[rows[0].pk].progress = Progress(Stage.VERIFYING, "a", 1, 1)
    engine.tick()
    assert status_of(rows[3]) == "resolving"


def test_what_rows_were_told_follows_the_users_number(engine: Engine, tmp_path: Path) -> None:
    rows = [fshare(tmp_path) for _ in range(4)]
    allowance.allow("fshare", 1)
    engine.tick()
    assert [status_of(row) for row in rows] == ["resolving"] + ["queued"] * 3
    assert rows[3].reason_params == {"host": "Fshare", "count": 1}
    allowance.allow("fshare", 2)
    engine.tick()
    assert status_of(rows[1]) == "resolving"
    assert status_of(rows[3]) == "queued"
    assert rows[3].reason_params == {"host": "Fshare", "count": 2}
    allowance.allow("fshare", None)
    Preferences.objects.update(max_active=2)
    engine.tick()
    rows[3].refresh_from_db()
    assert rows[3].reason_code == "", "now it waits for a slot like any other"


def test_priority_and_order_hold_across_servers(engine: Engine, tmp_path: Path) -> None:
    allowance.allow("fshare", 1)
    Preferences.objects.update(max_active=2)
    low = fshare(tmp_path, code="low", priority=Priority.LOW)
    first = fshare(tmp_path, code="first")
    later = fshare(tmp_path, code="later")
    other = direct(tmp_path, code="other", priority=Priority.LOW)
    engine.tick()
    assert (status_of(first), status_of(other)) == ("resolving", "resolving")
    top = fshare(tmp_path, code="top", priority=Priority.HIGH)
    actions.reorder(later, "bottom")
    engine.hands[first.pk].end(Finished(tmp_path / "a", 1, None))
    engine.tick()
    assert (status_of(top), status_of(later), status_of(low)) == ("resolving", "queued", "queued")
    fourth = fshare(tmp_path, code="fourth")
    assert actions.reorder(fourth, "top")
    engine.hands[top.pk].end(Finished(tmp_path / "b", 1, None))
    engine.tick()
    assert (status_of(fourth), status_of(later)) == ("resolving", "queued")


def test_a_refusal_narrows_the_server_for_a_while(engine: Engine, tmp_path: Path) -> None:
    rows = [fshare(tmp_path) for _ in range(3)]
    engine.tick()
    for row in rows[:2]:
        engine.hands[row.pk].connections = 1
    engine.hands[rows[2].pk].end(ServerBusy(server="download01", status=471))
    engine.tick()
    assert given(engine) == [1, 1]
    engine.tick(timedelta(hours=1))
    assert status_of(rows[2]) == "queued"
    assert rows[2].reason_params == {"host": "Fshare", "count": 2}


def test_a_refused_server_is_tried_with_more_again_later() -> None:
    now = [0.0]
    capacity = Capacity(lambda: now[0])
    assert capacity.of(("a", None), 4) == 4
    capacity.refused(("a", None), 2)
    assert capacity.of(("a", None), 4) == 2
    capacity.forget(set())
    now[0] += 31
    assert capacity.of(("a", None), 4) == 3
    now[0] += 61
    assert capacity.of(("a", None), 4) == 4
    capacity.refused(("a", None), 0, retry_after=3600)
    now[0] += 3000
    assert capacity.of(("a", None), 4) == 1
    now[0] += 601
    assert capacity.of(("a", None), 4) == 2
    assert capacity.of(("a", None), 6) == 6, "the user's new number is tried at once"
    assert capacity.of(("a", 7), 4) == 4, "each account has its own"


def test_a_server_that_is_asked_no_more_is_forgotten_in_the_end() -> None:
    now = [0.0]
    capacity = Capacity(lambda: now[0])
    capacity.of(("a", None), 3)
    capacity.refused(("a", None), 1)
    for _ in range(4):
        now[0] += 601
        capacity.forget(set())
    assert capacity._widths == {}


def test_each_account_has_its_own_connections(engine: Engine, tmp_path: Path) -> None:
    Account.objects.create(host="fshare", email="be@example.com", sealed_password=vault.seal("x"), is_vip=True)
    Preferences.objects.update(max_active=10)
    allowance.allow("fshare", 2)
    rows = [fshare(tmp_path) for _ in range(5)]
    engine.tick()
    assert [status_of(row) for row in rows] == ["resolving"] * 4 + ["queued"]
    assert sorted(row.account_email for row in rows[:4]) == ["an@example.com"] * 2 + ["be@example.com"] * 2
    assert given(engine) == [1, 1, 1, 1]
    assert rows[4].reason_params == {"host": "Fshare", "count": 4}
    for row in rows[:4]:
        engine.hands[row.pk].connections = 1
    ended = rows[0]
    engine.hands[ended.pk].end(ServerBusy(server="download01", status=471))
    engine.tick()
    [partner] = [row for row in rows[1:4] if row.account_email == ended.account_email]
    others = [row for row in rows[1:4] if row.account_email != ended.account_email]
    assert engine.hands[partner.pk].allowed == 1
    assert [engine.hands[row.pk].allowed for row in others] == [1, 1], "the other account is as good as before"
    assert status_of(rows[4]) == "queued"


def test_what_a_server_refuses_later_is_put_down_and_goes_on_when_it_may(engine: Engine, tmp_path: Path) -> None:
    now = [0.0]
    engine.orchestrator.capacity = Capacity(lambda: now[0])
    rows = [fshare(tmp_path) for _ in range(3)]
    engine.tick()
    engine.orchestrator.capacity.refused(("fshare", rows_account(rows[0])), 1)
    engine.tick()
    hands = [engine.hands[row.pk] for row in rows]
    assert [hand.stop.is_set() for hand in hands] == [False, True, True], "the oldest goes on"
    for hand in hands[1:]:
        hand.end(Stopped(0))
    engine.tick()
    assert [status_of(row) for row in rows] == ["resolving", "queued", "queued"]
    assert [row.attempts for row in rows] == [0, 0, 0]
    assert rows[2].reason
    assert rows[2].reason.message == "Fshare serves 1 connections at once. This file's turn comes."
    now[0] += 31
    engine.tick()
    assert [status_of(row) for row in rows] == ["resolving", "resolving", "queued"]


def rows_account(row: Download) -> int | None:
    row.refresh_from_db()
    return row.account_id


def test_ten_thousand_rows_of_a_full_server_are_told_once_and_never_read_again(engine: Engine, tmp_path: Path) -> None:
    Download.objects.bulk_create(
        Download(host="fshare", server="fshare", code=f"{n}", url="x", name="x", root=str(tmp_path), size=1,
                 position=n, part_id=f"part{n}")
        for n in range(10_000)
    )  # fmt: skip
    last = direct(tmp_path, position=20_000)
    engine.tick()
    assert status_of(last) == "resolving"
    assert Download.objects.filter(status=Status.QUEUED, reason_code="host_full").count() == 9_997
    seen = queries.version()
    with CaptureQueriesContext(connection) as caught:
        engine.tick()
    assert not Download.objects.filter(version__gt=seen, status=Status.QUEUED).exists()
    for query in caught.captured_queries:
        if query["sql"].startswith("SELECT") and "downloads_download" in query["sql"]:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
                plan = " ".join(row[3] for row in cursor.fetchall())
            assert "SCAN downloads_download" not in plan, (query["sql"], plan)
            assert "FOR ORDER BY" not in plan, (query["sql"], plan)


def test_a_pause_that_a_host_asked_for_outlives_the_engine(engine: Engine, tmp_path: Path) -> None:
    first, second = fshare(tmp_path), fshare(tmp_path)
    Preferences.objects.update(max_active=1)
    engine.tick()
    engine.hands[first.pk].end(ServerBusy(server="cdn", status=503, retry_after=3600))
    engine.tick()
    assert (status_of(second), second.reason_code) == ("waiting", "server_busy")
    actions.retry(Download.objects.all())
    engine.orchestrator.put_down()
    again = Engine()
    again.tick()
    assert status_of(second) == "waiting"
    assert second.reason
    assert second.reason.message == "cdn answered 503. It will be tried again."
    assert second.reason.until
    assert timedelta(minutes=59) < second.reason.until - again.time <= timedelta(hours=1)
    CoolDown.objects.all().delete()
    actions.retry(Download.objects.all())
    again.tick()
    assert status_of(first) == "resolving", "the user ended the pause"


def test_a_clock_that_was_set_back_makes_no_pause_longer(engine: Engine) -> None:
    engine.orchestrator.breaker.failure("fshare", ServerBusy(server="cdn", status=503, retry_after=60))
    row = CoolDown.objects.get()
    assert row.until
    CoolDown.objects.update(until=row.until + timedelta(days=300))
    breaker = KeptBreaker(lambda: 0.0)
    breaker.load()
    until = breaker.open_until("fshare")
    assert until is not None
    assert 59 < until <= 60


def test_a_server_that_failed_days_ago_is_not_kept() -> None:
    now = [0.0]
    breaker = KeptBreaker(lambda: now[0])
    breaker.failure("gone.example", ServerBusy(server="gone.example", status=503, retry_after=60))
    now[0] += 2 * 24 * 3600
    breaker.failure("new.example", ServerBusy(server="new.example", status=503, retry_after=60))
    assert list(CoolDown.objects.values_list("server", flat=True)) == ["new.example"]


def test_a_dead_server_holds_its_own_rows_only(engine: Engine, tmp_path: Path) -> None:
    row = direct(tmp_path)
    engine.tick()
    engine.hands[row.pk].end(ServerBusy(server="files.example", status=503, retry_after=600))
    engine.tick()
    same = direct(tmp_path, code="same")
    other = make_download(host="direct", url="http://other.example/a", root=str(tmp_path))
    engine.tick()
    assert (status_of(same), status_of(other)) == ("waiting", "resolving")
    CoolDown.objects.get(server="files.example")
