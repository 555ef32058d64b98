from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from multiprocessing.context import SpawnProcess
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from flasharr.simulator import Simulator
from flasharr.simulator.assertions import breaches
from hosts import accounts, registry, vault
from hosts.base import AccountLocked, HostDown, LoginRefused, Session, TooManySessions
from hosts.models import Account
from hosts.sessions import DatabaseSessionStore, file_lock, record
from tests.hosts.processes import hold_lock, resolve_file

pytestmark = pytest.mark.django_db(transaction=True)
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def account() -> Account:
    return Account.objects.create(host="fshare", email="me@example.com", sealed_password=vault.seal("secret"))


def test_a_session_is_stored_sealed(account: Account) -> None:
    store = DatabaseSessionStore(account)
    assert store.load() is None
    store.save(Session("the-token", "the-id"))
    account.refresh_from_db()
    assert "the-token" not in account.sealed_session
    assert account.session_changed_at is not None
    assert DatabaseSessionStore(account).load() == Session("the-token", "the-id")
    store.save(None)
    assert store.load() is None


def test_a_session_that_cannot_be_unsealed_counts_as_none(account: Account, settings: Any) -> None:
    store = DatabaseSessionStore(account)
    store.save(Session("the-token", "the-id"))
    settings.SECRET_KEY = "another one"
    assert store.load() is None


def test_a_session_of_an_account_that_is_gone_is_none(account: Account) -> None:
    store = DatabaseSessionStore(account)
    account.delete()
    assert store.load() is None
    store.save(Session("the-token", "the-id"))
    assert Account.objects.count() == 0


def test_a_refused_sign_in_stops_those_who_wait_behind_it(account: Account) -> None:
    store = DatabaseSessionStore(account)
    with pytest.raises(LoginRefused), store.lock():
        raise LoginRefused(host="Fshare")
    entered = False
    with pytest.raises(LoginRefused), store.lock():
        entered = True
    assert not entered
    account.refresh_from_db()
    assert account.standing == "login_refused"


def test_a_host_that_is_down_says_nothing_about_the_account(account: Account) -> None:
    store = DatabaseSessionStore(account)
    with pytest.raises(HostDown), store.lock():
        raise HostDown(host="Fshare")
    with store.lock():
        pass


def test_a_wait_is_over_when_its_time_has_come(account: Account) -> None:
    record(account.pk, account.sealed_password, TooManySessions(host="Fshare", retry_after=60))
    account.refresh_from_db()
    assert isinstance(account.problem, TooManySessions)
    assert account.problem.retry_after == pytest.approx(60, abs=5)
    record(account.pk, account.sealed_password, TooManySessions(host="Fshare", retry_after=0))
    account.refresh_from_db()
    assert account.problem is None


def test_a_lock_with_a_known_end_is_over_then_and_any_other_waits_for_its_user(account: Account) -> None:
    store = DatabaseSessionStore(account)
    store.record(AccountLocked(host="Fshare", retry_after=600))
    account.refresh_from_db()
    locked = account.problem
    assert isinstance(locked, AccountLocked)
    assert not locked.needs_user
    assert locked.retry_after == pytest.approx(600, abs=5)
    assert account.problem_at(timezone.now() + timedelta(seconds=601)) is None
    store.record(AccountLocked(host="Fshare"))
    account.refresh_from_db()
    later = account.problem_at(timezone.now() + timedelta(days=30))
    assert isinstance(later, AccountLocked)
    assert later.needs_user
    assert later.retry_after is None


def test_what_needs_the_user_has_no_end_of_its_own(account: Account) -> None:
    DatabaseSessionStore(account).record(LoginRefused(host="Fshare", retry_after=60))
    account.refresh_from_db()
    assert account.cool_down_until is None
    assert isinstance(account.problem, LoginRefused)


def test_a_problem_with_a_password_that_was_replaced_is_old_news(account: Account) -> None:
    store = DatabaseSessionStore(account)
    Account.objects.filter(pk=account.pk).update(sealed_password=vault.seal("another"))
    with pytest.raises(LoginRefused), store.lock():
        raise LoginRefused(host="Fshare")
    store.record(LoginRefused(host="Fshare"))
    account.refresh_from_db()
    assert account.problem is None
    DatabaseSessionStore(account).record(LoginRefused(host="Fshare"))
    account.refresh_from_db()
    assert isinstance(account.problem, LoginRefused)


def test_the_lock_of_a_killed_process_is_free(settings: Any, tmp_path: Any) -> None:
    settings.FLASHARR = {**settings.FLASHARR, "DATA_DIR": tmp_path}
    held = SPAWN.Event()
    holder = SPAWN.Process(target=hold_lock, args=(str(tmp_path), "account-1", held))
    holder.start()
    try:
        assert held.wait(60)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(take, "account-1")
            assert not waiting.done()
            os.kill(holder.pid or 0, signal.SIGKILL)
            assert waiting.result(60)
    finally:
        holder.kill()
        holder.join()


def take(name: str) -> bool:
    with file_lock(name):
        return True


def test_two_processes_sign_in_once(simulator: Simulator, settings: Any, tmp_path: Any, account: Account) -> None:
    given = simulator.environment()
    Account.objects.filter(pk=account.pk).update(
        email=given["FSHARE_EMAIL"], sealed_password=vault.seal(given["FSHARE_PASSWORD"])
    )
    simulator.world.rules.latency = 0.2  # long enough for everybody to want to sign in
    begin = SPAWN.Event()
    database = str(connection.settings_dict["NAME"])
    workers: list[SpawnProcess] = [
        SPAWN.Process(target=resolve_file, args=(database, str(tmp_path), given, begin, account.pk)) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    begin.set()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert len(simulator.journal.calls("download")) == 8
    assert len(simulator.journal.logins()) == 1


def test_a_new_password_and_a_worker_never_sign_in_at_the_same_time(
    simulator: Simulator, settings: Any, tmp_path: Any
) -> None:
    """Whoever comes second finds the session of the first."""
    given = simulator.environment()
    settings.HOST_CONFIG = {**settings.HOST_CONFIG, **given}
    settings.FLASHARR = {**settings.FLASHARR, "DATA_DIR": tmp_path}
    email, password = given["FSHARE_EMAIL"], given["FSHARE_PASSWORD"]
    account = Account.objects.create(host="fshare", email=email, sealed_password=vault.seal(password))
    host, link = registry.find("https://www.fshare.vn/file/FILE01") or pytest.fail("no host")
    simulator.world.rules.latency = 0.5
    begin = threading.Barrier(2)

    def resolve() -> None:
        context = accounts.context_for(host, account)
        begin.wait()
        host.resolve(link, replace(context, is_described=True))
        connection.close()

    def change() -> None:
        begin.wait()
        accounts.change_password(account, password)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(resolve), pool.submit(change)]:
            work.result(40)
    assert breaches(simulator.journal) == []


def test_two_accounts_sign_in_once_each(simulator: Simulator, settings: Any, tmp_path: Any, account: Account) -> None:
    """Neither waits for the other's lock, and neither gets the other's session."""
    emails = ("one@example.com", "two@example.com")
    Account.objects.all().delete()
    made = []
    for email in emails:
        simulator.add_account(email, "long-enough-word")
        sealed = vault.seal("long-enough-word")
        made.append(Account.objects.create(host="fshare", email=email, sealed_password=sealed))
    simulator.world.rules.latency = 0.2
    settings.HOST_CONFIG = {**settings.HOST_CONFIG, **simulator.environment()}
    settings.FLASHARR = {**settings.FLASHARR, "DATA_DIR": tmp_path}
    host, link = registry.find("https://www.fshare.vn/file/FILE01") or pytest.fail("no host")
    begin = threading.Barrier(8)

    def resolve(one: Account) -> None:
        begin.wait()
        try:
            host.resolve(link, accounts.context_for(host, one))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(resolve, made * 4))
    assert [len(simulator.journal.logins(email)) for email in emails] == [1, 1]
    assert sorted(call.account for call in simulator.journal.calls("download")) == sorted(emails * 4)
