"""Accounts as the pages and REST use them: what waited for an account goes on as soon as one is good."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from downloads import actions
from hosts import accounts, registry
from hosts.base import AccountInfo, Cure, Host
from hosts.models import Account


@dataclass(frozen=True, slots=True)
class Missing:
    """A host that cannot work yet, with the names of the settings that it lacks."""

    host: str
    settings: list[str]


def add(host_name: str, email: str, password: str) -> Account:
    """Raises Problem, and then nothing was saved."""
    account = accounts.add(host_name, email, password)
    actions.wake_host(host_name, [Cure.ACCOUNT])
    return account


def check(account: Account) -> AccountInfo:
    """Ask the host about an account. Raises Problem; when it concerns the account it is stored with it."""
    info = accounts.check(account)
    if account.problem is None:
        actions.wake_host(account.host, [Cure.ACCOUNT])
    return info


def hosts() -> list[Host]:
    """The hosts that one can have an account at."""
    return [host for host in registry.HOSTS if host.needs_account]


def missing() -> list[Missing]:
    """What is missing in the configuration, by host."""
    lacking = [Missing(host.label, host.missing_config(settings.HOST_CONFIG)) for host in registry.HOSTS]
    return [one for one in lacking if one.settings]
