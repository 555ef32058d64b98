"""How many connections at once a server of a host may have from us: the host's own number, or the user's."""

from __future__ import annotations

from hosts import registry
from hosts.models import HostLimit

UNKNOWN = 1


def connections() -> dict[str, int]:
    """By the host's name. One query, cheap enough for every round of the engine."""
    own = {host.name: host.max_connections for host in registry.HOSTS}
    return own | dict(HostLimit.objects.values_list("host", "connections"))


def allow(host_name: str, most: int | None) -> None:
    """Set the user's number; None goes back to the host's own. Raises KeyError and ValidationError."""
    host = registry.by_name(host_name)
    if most is None:
        HostLimit.objects.filter(host=host.name).delete()
        return
    limit = HostLimit.objects.filter(host=host.name).first() or HostLimit(host=host.name)
    limit.connections = most
    limit.clean_fields(exclude=["id"])
    limit.save()
