"""The user's proxy, kept sealed. Whoever opens a connection for the user asks here first."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import requests
from django.conf import settings

from hosts import vault
from hosts.base import HostDown, gettext_noop
from hosts.guard import guarded_session, origin_of
from hosts.models import Network
from hosts.proxy import LOST, NotAProxy, Proxy, parse

NOT_THROUGH = gettext_noop("The proxy answers, but {host} cannot be reached through it.")


def proxy() -> Proxy | None:
    """None without one. One that cannot be read any more is `LOST`, which nothing gets through: going past it
    unasked would show an address that the user meant to hide."""
    sealed = Network.current().sealed_proxy
    if not sealed:
        return None
    try:
        return parse(vault.unseal(sealed))
    except (vault.SealBroken, NotAProxy):
        return LOST


def set_proxy(wanted: Proxy | None) -> None:
    sealed = vault.seal(wanted.url) if wanted else ""
    Network.objects.update_or_create(pk=1, defaults={"sealed_proxy": sealed})


def check(url: str) -> tuple[str, int]:
    """Ask the server of an operator's address through the proxy: its name, and after how many milliseconds it
    answered. Raises Problem."""
    server = urlsplit(url).hostname or "?"
    trusted = frozenset({origin_of(url)})
    began = time.monotonic()
    try:
        with guarded_session(settings.FLASHARR["ALLOW_PRIVATE_HOSTS"], trusted, proxy=proxy()) as http:
            answer = http.head(url, allow_redirects=False)
    except requests.RequestException as error:
        raise HostDown(NOT_THROUGH, host=server) from error
    if answer.status_code in (502, 503, 504):
        raise HostDown(NOT_THROUGH, host=server)
    return server, round((time.monotonic() - began) * 1000)
