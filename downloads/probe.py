"""Knocking at servers to learn whether the network is there, in a thread of its own and one at a time."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import requests
from django.conf import settings

from hosts import network, registry
from hosts.base import Problem
from hosts.guard import guarded_session
from hosts.links import Link
from hosts.proxy import Proxy
from hosts.reach import reach_of

TIMEOUT = (5.0, 10.0)  # seconds: connect, answer


class Probe:
    """Asks one server after another with a HEAD until one answers, whatever it says. `answered` is None until then."""

    def __init__(self, links: Sequence[Link]) -> None:
        self.answered: bool | None = None
        self._links = links
        self._proxy = network.proxy()
        self._thread = threading.Thread(target=self._run, name="probe", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        answered = False
        try:
            answered = any(answers(link, self._proxy) for link in self._links)
        finally:
            self.answered = answered


def answers(link: Link, proxy: Proxy | None = None) -> bool:
    """Whether the server of a link can be reached."""
    try:
        host = registry.by_name(link.host)
        config = settings.HOST_CONFIG
        allow_private, trusted = settings.FLASHARR["ALLOW_PRIVATE_HOSTS"], host.trusted_origins(config)
        with guarded_session(allow_private, trusted, proxy=proxy) as http:
            http.head(host.front(link, config), timeout=TIMEOUT, allow_redirects=False).close()
    except requests.RequestException as error:
        return reach_of(error) is None
    except (Problem, KeyError, ValueError):
        return False
    return True
