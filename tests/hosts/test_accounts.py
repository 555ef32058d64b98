from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from flasharr.simulator import Simulator
from hosts import accounts, registry, vault
from hosts.base import (
    AccountLocked,
    AccountMissing,
    AppRefused,
    Credentials,
    HostDown,
    LoginRefused,
    Problem,
    TooManySessions,
    VipNeeded,
)
from hosts.models import Account

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL, PASSWORD = "demo@example.com", "demo-password"
FILE = "https://www.fshare.vn/file/FILE01"


@pytest.fixture(autouse=True)
def fshare(simulator: Simulator, settings: Any, tmp_path: Any) -> Simulator:
    """The configured Fshare is the simulator; no account comes from the environment."""
    settings.HOST_CONFIG = {**simulator.environment(), "FSHARE_EMAIL": "", "FSHARE_PASSWORD": ""}
    settings.FLASHARR = {**settings.FLASHARR, "DATA_DIR": tmp_path, "ALLOW_PRIVATE_HOSTS": False}
    return simulator


@pytest.fixture
def account() -> Account:
    return accounts.add("fshare", EMAIL, PASSWORD)


def resolve(account: Account) -> None:
    match = registry.find(FILE)
    assert match is not None
    match[0].resolve(match[1], accounts.context_for(match[0], account))


def test_an_account_is_checked_with_the_host_and_kept_sealed(simulator: Simulator) -> None:
    account = accounts.add("fshare", f"  {EMAIL.upper()} ", PASSWORD)
    account.refresh_from_db()
    assert (account.email, account.kind, account.is_vip, account.problem) == (EMAIL, "Vip", True, None)
    assert account.vip_until is not None
    assert account.checked_at is not None
    stored = " ".join(str(value) for value in Account.objects.values().get().values())
    assert PASSWORD not in stored
    assert vault.unseal(account.sealed_password) == PASSWORD
    resolve(account)
    assert len(simulator.journal.logins()) == 1


def test_wrong_credentials_are_not_kept(simulator: Simulator) -> None:
    with pytest.raises(LoginRefused):
        accounts.add("fshare", EMAIL, "wrong")
    assert Account.objects.count() == 0
    assert len(simulator.journal.logins()) == 1


@pytest.mark.parametrize(("email", "password"), [("", "x"), ("nobody", "x"), (EMAIL, "")])
def test_incomplete_credentials_are_refused_without_asking(simulator: Simulator, email: str, password: str) -> None:
    with pytest.raises(LoginRefused, match="Enter the e-mail"):
        accounts.add("fshare", email, password)
    assert len(simulator.journal) == 0


def test_an_app_key_is_needed_before_anything_else(simulator: Simulator, settings: Any) -> None:
    settings.HOST_CONFIG = {**settings.HOST_CONFIG, "FSHARE_APP_KEY": ""}
    with pytest.raises(AccountMissing, match="FSHARE_APP_KEY"):
        accounts.add("fshare", EMAIL, PASSWORD)
    assert (Account.objects.count(), len(simulator.journal)) == (0, 0)


def test_adding_again_changes_the_password(simulator: Simulator, account: Account) -> None:
    simulator.world.accounts[EMAIL].password = "new password"
    accounts.record(account, LoginRefused(host="Fshare"))
    with pytest.raises(LoginRefused):
        accounts.add("fshare", EMAIL, "a wrong one")
    account.refresh_from_db()
    assert vault.unseal(account.sealed_password) == PASSWORD
    assert accounts.add("fshare", EMAIL, "new password").pk == account.pk
    account.refresh_from_db()
    assert vault.unseal(account.sealed_password) == "new password"
    assert account.problem is None


def test_a_refused_sign_in_is_remembered_and_not_repeated(simulator: Simulator, account: Account) -> None:
    simulator.world.accounts[EMAIL].password = "changed elsewhere"
    simulator.state.sessions.end_all()
    for _ in range(3):
        with pytest.raises(LoginRefused):
            resolve(account)
    assert len(simulator.journal.logins()) == 2
    account.refresh_from_db()
    assert isinstance(account.problem, LoginRefused)
    with pytest.raises(LoginRefused):
        accounts.usable("fshare")


def test_a_password_that_was_changed_during_a_lock_is_taken_after_it(simulator: Simulator, account: Account) -> None:
    """The host refuses the right one too as long as the lock lasts, and says when to enter it."""
    simulator.state.sessions.end_all()
    simulator.world.accounts[EMAIL].password = "another-password"
    for _ in range(3):
        with pytest.raises(Problem):
            accounts.change_password(account, "a-wrong-password")
    with pytest.raises(AccountLocked, match="when the 10 minutes are over"):
        accounts.change_password(account, "another-password")
    simulator.clock.advance(601)
    accounts.change_password(account, "another-password")
    account.refresh_from_db()
    assert account.problem is None


def test_a_check_asks_again_because_the_user_wants_it(simulator: Simulator, account: Account) -> None:
    accounts.record(account, LoginRefused(host="Fshare"))
    info = accounts.check(account)
    assert info.is_vip
    account.refresh_from_db()
    assert account.problem is None
    assert accounts.usable("fshare") == account


@pytest.mark.parametrize(
    ("row", "kind"), [("424", AccountLocked), ("409", AccountLocked), ("405", LoginRefused), ("500", AppRefused)]
)
def test_a_check_that_fails_is_the_standing(
    simulator: Simulator, account: Account, row: str, kind: type[Problem]
) -> None:
    simulator.world.accounts[EMAIL].login_error = row
    simulator.state.sessions.end_all()
    with pytest.raises(kind):
        accounts.check(account)
    account.refresh_from_db()
    assert type(account.problem) is kind
    assert (account.cool_down_until is not None) == (row == "424")
    before = len(simulator.journal.logins())
    with pytest.raises(kind):
        resolve(account)
    assert len(simulator.journal.logins()) == before


@pytest.mark.parametrize("standing", [None, LoginRefused(host="Fshare"), AccountLocked(host="Fshare")])
def test_a_host_that_is_down_leaves_the_standing_alone(
    simulator: Simulator, account: Account, standing: Problem | None
) -> None:
    if standing is not None:
        accounts.record(account, standing)
    since = account.standing_since
    simulator.fault("server_error", call="user")
    with pytest.raises(HostDown):
        accounts.check(account)
    account.refresh_from_db()
    assert type(account.problem) is type(standing)
    assert account.standing_since == since


def test_an_account_that_is_no_longer_vip_says_so(simulator: Simulator, account: Account) -> None:
    simulator.world.accounts[EMAIL].vip_until = time.time() - 60
    assert not accounts.check(account).is_vip
    with pytest.raises(VipNeeded, match="Fshare serves VIP accounts only"):
        accounts.usable("fshare")


def test_without_an_account_it_says_what_to_do() -> None:
    with pytest.raises(AccountMissing, match="No Fshare account"):
        accounts.usable("fshare")


def test_a_switched_off_account_is_not_used(account: Account) -> None:
    accounts.set_enabled(account, False)
    with pytest.raises(AccountMissing, match="switched off"):
        accounts.usable("fshare")


def test_the_second_account_stands_in_for_the_first(simulator: Simulator, account: Account) -> None:
    simulator.add_account("other@example.com", "other-password")
    other = accounts.add("fshare", "other@example.com", "other-password")
    accounts.record(account, LoginRefused(host="Fshare"))
    assert accounts.usable("fshare") == other
    accounts.record(other, TooManySessions(host="Fshare", retry_after=60))
    with pytest.raises(TooManySessions) as wait:
        accounts.usable("fshare")
    assert wait.value.retry_after == pytest.approx(60, abs=5)


def test_a_problem_of_a_replaced_password_leaves_the_mended_account_alone(account: Account) -> None:
    running = Account.objects.get()
    accounts.add("fshare", EMAIL, PASSWORD)
    accounts.record(running, LoginRefused(host="Fshare"))
    account.refresh_from_db()
    assert account.problem is None
    accounts.record(running, LoginRefused(host="Fshare"))
    account.refresh_from_db()
    assert isinstance(account.problem, LoginRefused)


@pytest.mark.parametrize(("status", "kind"), [(410, AccountLocked), (471, TooManySessions)])
def test_many_links_meet_a_locked_account_once(
    simulator: Simulator, account: Account, status: int, kind: type[Problem]
) -> None:
    simulator.fault("server_error", call="fileops", value=status, count=None)
    host, link = registry.find(FILE) or pytest.fail("no host")
    for _ in range(30):
        assert host.describe(link, accounts.context_for(host)).size == 300_000
    assert len(simulator.journal.calls("fileops")) == 1
    with pytest.raises(kind):
        accounts.usable("fshare")


def test_a_share_that_wants_its_token_says_nothing_about_the_account(simulator: Simulator, account: Account) -> None:
    simulator.world.rules.gated = "403"
    simulator.add_folder("TOP", "Top", ["FILE01"], token="1613735234")
    host, link = registry.find("https://www.fshare.vn/folder/TOP") or pytest.fail("no host")
    with pytest.raises(Problem):
        host.list_folder(link, accounts.context_for(host, account))
    assert accounts.usable("fshare") == account


def test_removing_signs_out_and_forgets(simulator: Simulator, account: Account) -> None:
    accounts.remove(account)
    assert Account.objects.count() == 0
    assert simulator.state.sessions.alive() == 0


def test_a_problem_of_an_account_that_was_removed_is_no_news(account: Account) -> None:
    running = Account.objects.get()
    accounts.remove(account)
    accounts.record(running, LoginRefused(host="Fshare"))
    assert Account.objects.count() == 0


def test_what_still_runs_does_not_sign_in_again_with_a_removed_account(simulator: Simulator, account: Account) -> None:
    host, link = registry.find(FILE) or pytest.fail("no host")
    running = accounts.context_for(host, Account.objects.get())
    accounts.remove(account)
    simulator.journal.clear()
    with pytest.raises(AccountMissing, match="No Fshare account"):
        host.resolve(link, running)
    assert simulator.journal.logins() == []
    assert simulator.state.sessions.alive() == 0


@pytest.mark.parametrize("fault", [None, "server_error"])
def test_an_account_that_is_removed_while_it_is_checked_says_so(
    simulator: Simulator, account: Account, fault: str | None
) -> None:
    simulator.world.rules.latency = 3.0
    if fault:
        simulator.fault(fault, call="user")
    before = len(simulator.journal.calls("user"))

    def check() -> None:
        try:
            accounts.check(Account.objects.get(pk=account.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        checking = pool.submit(check)
        while len(simulator.journal.calls("user")) == before:
            assert not checking.done()
        Account.objects.all().delete()
        with pytest.raises(HostDown if fault else AccountMissing, match=r"does not answer|was removed"):
            checking.result(20)


def test_removing_works_while_the_host_is_down(simulator: Simulator, account: Account) -> None:
    simulator.stop()
    accounts.remove(account)
    assert Account.objects.count() == 0


def test_a_changed_secret_key_is_a_sentence_and_the_account_can_go(account: Account, settings: Any) -> None:
    settings.SECRET_KEY = "another secret key"
    with pytest.raises(vault.SealBroken, match="Enter the password again"):
        accounts.check(account)
    account.refresh_from_db()
    assert isinstance(account.problem, vault.SealBroken)
    accounts.remove(account)
    assert Account.objects.count() == 0


def test_a_context_takes_the_account_that_is_usable(account: Account) -> None:
    host = registry.by_name("fshare")
    assert accounts.context_for(host).credentials == Credentials(EMAIL, PASSWORD)
    accounts.record(account, LoginRefused(host="Fshare"))
    assert accounts.context_for(host).credentials is None
    assert accounts.context_for(registry.by_name("direct")).credentials is None


def test_only_fshares_own_servers_may_be_private(simulator: Simulator) -> None:
    fshare = accounts.context_for(registry.by_name("fshare")).http
    direct = accounts.context_for(registry.by_name("direct")).http
    assert fshare.get(simulator.direct_url("FILE01")).status_code == 200
    with pytest.raises(Problem, match="private network"):
        direct.get(simulator.direct_url("FILE01"))


def test_the_environments_account_is_made_once_without_asking(simulator: Simulator, settings: Any) -> None:
    assert accounts.from_environment() is None
    settings.HOST_CONFIG = {**settings.HOST_CONFIG, "FSHARE_EMAIL": EMAIL.upper(), "FSHARE_PASSWORD": PASSWORD}
    account = accounts.from_environment()
    assert account == accounts.from_environment()
    assert (Account.objects.count(), len(simulator.journal)) == (1, 0)
    assert accounts.check(accounts.usable("fshare")).is_vip


def test_the_environment_replaces_a_password_that_fails_and_no_other(settings: Any, account: Account) -> None:
    settings.HOST_CONFIG = {**settings.HOST_CONFIG, "FSHARE_EMAIL": EMAIL, "FSHARE_PASSWORD": "from environment"}
    accounts.from_environment()
    account.refresh_from_db()
    assert vault.unseal(account.sealed_password) == PASSWORD
    accounts.record(account, LoginRefused(host="Fshare"))
    accounts.from_environment()
    account.refresh_from_db()
    assert vault.unseal(account.sealed_password) == "from environment"
    assert account.problem is None


def test_nothing_secret_is_logged(simulator: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    account = accounts.add("fshare", EMAIL, PASSWORD)
    resolve(account)
    session = accounts.context_for(registry.by_name("fshare")).sessions
    assert session is not None
    stored = session.load()
    assert stored is not None
    for secret in (PASSWORD, stored.token, stored.session_id, simulator.environment()["FSHARE_APP_KEY"]):
        assert secret not in caplog.text
    assert PASSWORD not in repr(account) + str(account)


def test_a_refused_app_key_is_tried_again_at_the_next_start() -> None:
    refused, locked = (
        Account.objects.create(
            host="fshare", email=f"{standing}@example.com", standing=standing, standing_params={"host": "Fshare"}
        )
        for standing in ("app_refused", "account_locked")
    )
    accounts.start_afresh()
    refused.refresh_from_db()
    locked.refresh_from_db()
    assert (refused.standing, locked.standing) == ("", "account_locked")
