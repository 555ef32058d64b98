"""What the account pages need to know about hosts."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from hosts import registry
from hosts.base import Host


@dataclass(frozen=True, slots=True)
class Missing:
    """A host that cannot work yet, with the names of the settings that it lacks."""

    host: str
    settings: list[str]


def hosts() -> list[Host]:
    """The hosts that one can have an account at."""
    return [host for host in registry.HOSTS if host.needs_account]


def missing() -> list[Missing]:
    """What is missing in the configuration, by host."""
    lacking = [Missing(host.label, host.missing_config(settings.HOST_CONFIG)) for host in registry.HOSTS]
    return [one for one in lacking if one.settings]
