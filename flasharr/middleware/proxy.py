"""Whose X-Forwarded-* headers count: those of the peers in FLASHARR_TRUSTED_PROXIES, nobody else's.

They are removed from every other request, so that settings may believe what is left of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
)

Network = IPv4Network | IPv6Network


class TrustedProxy:
    """Makes REMOTE_ADDR the client's own address when a trusted proxy hands the request over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        networks(tuple(settings.FLASHARR["TRUSTED_PROXIES"]))  # a wrong value is found at the start

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trusted = networks(tuple(settings.FLASHARR["TRUSTED_PROXIES"]))
        if is_trusted(request.META.get("REMOTE_ADDR", ""), trusted):
            chain = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            request.META["REMOTE_ADDR"] = client(request.META["REMOTE_ADDR"], chain, trusted)
        else:
            for name in FORWARDED:
                request.META.pop(name, None)
        return self.get_response(request)


@lru_cache(maxsize=4)
def networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    """The networks behind addresses and CIDR ranges. Raises ImproperlyConfigured."""
    try:
        return tuple(ip_network(text.strip(), strict=False) for text in texts if text.strip())
    except ValueError as error:
        raise ImproperlyConfigured(
            f"FLASHARR_TRUSTED_PROXIES must hold addresses or ranges such as 10.0.0.0/8: {error}."
        ) from error


def client(peer: str, chain: Sequence[str], trusted: tuple[Network, ...]) -> str:
    """Who began the chain, as far as trusted proxies vouch for it: what stands left of that is anybody's word."""
    for hop in reversed(chain):
        if not hop.strip():
            continue
        peer = hop.strip()
        if not is_trusted(peer, trusted):
            break
    return peer


def is_trusted(text: str, trusted: tuple[Network, ...]) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in trusted)
