"""Every write to and read of accounts. Views, API, commands and the engine come through here."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import requests
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hosts import network, notices, registry, sessions, vault
from hosts.base import (
    AccountInfo,
    AccountMissing,
    AppRefused,
    Credentials,
    Host,
    HostContext,
    LoginRefused,
    MemorySessions,
    Problem,
    VipNeeded,
    gettext_noop,
)
from hosts.choice import IDLE, Candidate, Load, choose
from hosts.guard import Origin, guarded_session
from hosts.models import MOST_TRANSFERS, Account
from hosts.notices import Notice
from hosts.pacing import Pacer
from hosts.proxy import Proxy
from hosts.signals import account_usable
from hosts.standing import concerns_account

INCOMPLETE = gettext_noop("Enter the e-mail address and the password of your {host} account.")
DISABLED = gettext_noop("The {host} account is switched off. Switch it on under Settings, Accounts.")
REMOVED = gettext_noop("The {host} account was removed while it was being checked.")
LEARNT = ("kind", "is_vip", "vip_until", "is_lifetime", "checked_at", "next_check_at")
STANDING = ("standing", "standing_sentence", "standing_params", "standing_since", "cool_down_until")


class Unfit(Problem):
    """A setting of an account that cannot be; nothing was changed."""

    code = "unfit"
    permanent = True
    sentence = gettext_noop("Transfers at once: a number from 1 to {most}.")


def add(host_name: str, email: str, password: str) -> Account:
    """Sign in with the credentials and keep the account; one with this e-mail gets the new password.

    Raises Problem, and then nothing was saved or changed.
    """
    host, email = registry.by_name(host_name), email.strip().lower()
    if "@" not in email or not password:
        raise LoginRefused(INCOMPLETE, host=host.label)
    here = Account.objects.filter(host=host.name, email=email).first()
    with sessions.account_lock(here.pk) if here else nullcontext():
        return _tried_and_kept(host, Credentials(email, password))


def _tried_and_kept(host: Host, credentials: Credentials) -> Account:
    trial = MemorySessions()
    info = host.check_account(_context(host, credentials, trial))
    with transaction.atomic():
        account, _ = Account.objects.update_or_create(
            host=host.name,
            email=credentials.email,
            defaults={"sealed_password": vault.seal(credentials.password), "is_enabled": True},
        )
        sessions.DatabaseSessionStore(account).save(trial.load())
        clear_standing(account)
        _learn(account, info)
    account.refresh_from_db()
    return account


def check(account: Account) -> AccountInfo:
    """Ask the host about an account, because the user wants to know: a stored standing is no obstacle.

    Raises Problem; when it concerns the account it is its standing from now on. A host that does not answer says
    nothing about the account: then its standing is what it was.
    """
    host = registry.by_name(account.host)
    before = {name: getattr(account, name) for name in STANDING}
    clear_standing(account)
    try:
        info = host.check_account(context_for(host, account))
    except Problem as problem:
        record(account, problem)
        if not concerns_account(problem):
            Account.objects.filter(pk=account.pk, standing="").update(**before)
        Account.objects.filter(pk=account.pk).update(checked_at=timezone.now())
        with suppress(Account.DoesNotExist):
            account.refresh_from_db()
        raise
    _learn(account, info)
    return info


def remove(account: Account) -> None:
    """Forget an account; its session is given back when the host can be reached."""
    host = registry.by_name(account.host)
    with suppress(Problem):  # the account goes whatever the host says
        host.sign_out(context_for(host, account))
    account.delete()


def usable(host_name: str) -> Account:
    """An account that may be used now. Raises AccountMissing, or the Problem that keeps all of them away."""
    account = pick(host_name, {})
    assert account is not None  # without loads none has too much to do
    return account


def pick(host_name: str, loads: Mapping[int, Load]) -> Account | None:
    """The account for one more transfer, None while all have enough to do. `loads` are by account number.

    Raises AccountMissing, or the Problem that keeps all of them away.
    """
    label = registry.by_name(host_name).label
    accounts = list(Account.objects.filter(host=host_name))
    if not accounts:
        raise AccountMissing(host=label)
    enabled = {account.pk: account for account in accounts if account.is_enabled}
    if not enabled:
        raise AccountMissing(DISABLED, host=label)
    chosen = choose(
        [
            Candidate(pk, account.is_vip, account.max_transfers, loads.get(pk, IDLE), account.problem)
            for pk, account in enabled.items()
        ]
    )
    return enabled[chosen.pk] if chosen else None


def given(host_name: str, account_id: int | None) -> Account:
    """The account that a transfer was given, as it stands now; any one when it was given none.

    Raises the Problem that keeps it from being used by now.
    """
    if account_id is None:
        return usable(host_name)
    label = registry.by_name(host_name).label
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise AccountMissing(host=label)
    if not account.is_enabled:
        raise AccountMissing(DISABLED, host=label)
    if problem := account.problem:
        raise problem
    return account


def record(account: Account, problem: Problem) -> None:
    """Remember a problem that concerns the account: until it is over, or the user acts, nobody uses it.

    One that was met with a password other than the stored one is old news.
    """
    sessions.record(account.pk, account.sealed_password, problem)
    with suppress(Account.DoesNotExist):  # removed while its transfers were still running
        account.refresh_from_db()


def clear_standing(account: Account) -> None:
    """The user acted, or all went well: the account may be used again."""
    account.standing = account.standing_sentence = ""
    account.standing_params, account.standing_since, account.cool_down_until = {}, None, None
    Account.objects.filter(pk=account.pk).update(**{name: getattr(account, name) for name in STANDING})


def change_password(account: Account, password: str) -> None:
    """Sign in with another password and keep it. Raises Problem, and then the old one stays."""
    add(account.host, account.email, password)


def set_max_transfers(account: Account, most: int) -> None:
    """How many transfers may run with it at once. Raises Unfit."""
    if not 1 <= most <= MOST_TRANSFERS:
        raise Unfit(most=MOST_TRANSFERS)
    account.max_transfers = most
    account.save(update_fields=["max_transfers"])
    tell_if_usable(account)


def current_notices(now: datetime | None = None) -> list[Notice]:
    """What the user should know about the accounts now."""
    return notices.about(Account.objects.all(), now or timezone.now())


def set_enabled(account: Account, enabled: bool) -> None:
    account.is_enabled = enabled
    account.save(update_fields=["is_enabled"])
    tell_if_usable(account)


def context_for(host: Host, account: Account | None = None, sleep: Callable[[float], None] = time.sleep) -> HostContext:
    """What `host` needs to work, with `account` or the one that is usable now, if any.

    `sleep` is how to wait for the moment of a request; what it raises ends the call. Raises vault.SealBroken when the
    password of a given account cannot be read.
    """
    if account is None and host.needs_account:
        with suppress(Problem):  # much works without; what does not says so itself
            return context_for(host, usable(host.name), sleep)
    if account is None:
        return _context(host, sleep=sleep)
    credentials = Credentials(account.email, vault.unseal(account.sealed_password))
    return _context(host, credentials, sessions.DatabaseSessionStore(account), sleep)


def from_environment() -> Account | None:
    """The account that FSHARE_EMAIL and FSHARE_PASSWORD name, made when it is missing; no network.

    A password that was changed under Accounts stays; one that does not work is replaced.
    """
    email, password = settings.HOST_CONFIG["FSHARE_EMAIL"], settings.HOST_CONFIG["FSHARE_PASSWORD"]
    if not email or not password:
        return None
    account, made = Account.objects.get_or_create(
        host="fshare", email=email.strip().lower(), defaults={"sealed_password": vault.seal(password)}
    )
    if not made and _password_failed(account) and not _has_password(account, password):
        account.sealed_password = vault.seal(password)
        account.save(update_fields=["sealed_password"])
        clear_standing(account)
    return account


def start_afresh() -> None:
    """At a start the environment may hold another app key: what was refused for the old one is tried again."""
    for account in Account.objects.all():
        if account.standing in (AppRefused.code, AccountMissing.code):
            clear_standing(account)
        tell_if_usable(account)


def _learn(account: Account, info: AccountInfo) -> None:
    """Raises AccountMissing for an account that was removed while its host was asked."""
    account.kind, account.is_vip = info.kind, info.is_vip
    account.vip_until, account.is_lifetime = info.vip_until, info.is_lifetime
    account.checked_at = now = timezone.now()
    account.next_check_at = sessions.next_check(now, is_daily=True)
    if info.vip_until and now < info.vip_until < now + sessions.DAILY:
        account.next_check_at = sessions.next_check(now, (info.vip_until - now).total_seconds())
    if not Account.objects.filter(pk=account.pk).update(**{name: getattr(account, name) for name in LEARNT}):
        raise AccountMissing(REMOVED, host=registry.by_name(account.host).label)
    for other in Account.objects.filter(host=account.host, standing=AppRefused.code).exclude(pk=account.pk):
        clear_standing(other)  # the app key was accepted
    if not info.is_vip:
        record(account, VipNeeded(host=registry.by_name(account.host).label))
    tell_if_usable(account)


def tell_if_usable(account: Account) -> None:
    if account.is_enabled and account.problem is None:
        account_usable.send(Account, host=account.host)


def _password_failed(account: Account) -> bool:
    return account.standing in (LoginRefused.code, vault.SealBroken.code) or not _has_password(account)


def _has_password(account: Account, password: str | None = None) -> bool:
    """Whether the stored password can be read, and is `password` when one is given."""
    try:
        stored = vault.unseal(account.sealed_password)
    except vault.SealBroken:
        return False
    return password is None or stored == password


def _context(
    host: Host,
    credentials: Credentials | None = None,
    store: MemorySessions | sessions.DatabaseSessionStore | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> HostContext:
    config = settings.HOST_CONFIG
    private_too, trusted = settings.FLASHARR["ALLOW_PRIVATE_HOSTS"], host.trusted_origins(config)
    http = _http(os.getpid(), private_too, trusted, network.proxy())
    pace = Pacer(Path(settings.FLASHARR["DATA_DIR"]) / "locks", host.interval(config), sleep=sleep)
    return HostContext(http, config, credentials, store, timezone.now, pace)


@lru_cache(maxsize=16)
def _http(process: int, allow_private: bool, trusted: frozenset[Origin], proxy: Proxy | None) -> requests.Session:
    """One session a process and host, so that connections are kept alive; a fork or another proxy gets its own."""
    return guarded_session(allow_private, trusted, proxy=proxy)
