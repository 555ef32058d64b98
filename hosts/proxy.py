"""A proxy that everything goes through: its address, and what can be wrong with it. PURE.

ProxyProblem                blames neither the host nor the file
├── ProxyDown               refused, unreachable, silent, no proxy at all   for a while
├── ProxyLoginRefused       user name or password                           until the user acts
├── ProxyLost               sealed with another secret key                  until the user acts
└── ProxyRefused            does not let us connect to this server          for a while
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from hosts.base import Cure, Problem, gettext_noop

SCHEMES = ("http", "socks5", "socks5h")
LONGEST = 1000
LONGEST_CREDENTIAL = 255  # bytes; what SOCKS can say
NAME = re.compile(r"[A-Za-z0-9.:_-]{1,255}")


class ProxyProblem(Problem):
    code = "proxy"
    cure = Cure.PROXY


class ProxyDown(ProxyProblem):
    code = "proxy_down"
    sentence = gettext_noop("The proxy {proxy} cannot be used: {detail}. It will be tried again.")


class ProxyLoginRefused(ProxyProblem):
    code = "proxy_login_refused"
    needs_user = True
    sentence = gettext_noop(
        "The proxy {proxy} refuses its user name or password. Correct them under Settings, Network."
    )


class ProxyLost(ProxyProblem):
    code = "proxy_lost"
    needs_user = True
    sentence = gettext_noop(
        "The saved proxy cannot be read: this installation's secret key has changed. "
        "Enter it again under Settings, Network."
    )


class ProxyRefused(ProxyProblem):
    code = "proxy_refused"
    sentence = gettext_noop("The proxy {proxy} does not allow connections to {server}. It will be tried again.")


class NotAProxy(ValueError):
    """A text that is no address of a proxy we can use."""


@dataclass(frozen=True, slots=True)
class Proxy:
    scheme: str
    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def is_http(self) -> bool:
        return self.scheme == "http"

    @property
    def resolves_names(self) -> bool:
        """Whether names are looked up by the proxy; with socks5:// they are looked up here."""
        return self.scheme != "socks5"

    @property
    def server(self) -> str:
        """Name and port, for sentences."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def address(self) -> str:
        """To show: without what the user signs in with."""
        return f"{self.scheme}://{self.server}"

    @property
    def url(self) -> str:
        """To keep, sealed: `parse` gives the same proxy again."""
        secret = f"{quote(self.username, safe='')}:{quote(self.password, safe='')}@" if self.username else ""
        return f"{self.scheme}://{secret}{self.server}"


LOST = Proxy("socks5h", "", 0)
"""Stands for a proxy that cannot be read."""


def parse(text: str) -> Proxy:
    """scheme://[user:password@]name:port. Raises NotAProxy, whose text never holds what was given."""
    text = text.strip()
    if len(text) > LONGEST or not text.isprintable():
        raise NotAProxy("It is too long, or holds what cannot be seen.")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAProxy("The address cannot be read.") from None
    is_plain = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme.lower() not in SCHEMES or not port or not is_plain:
        raise NotAProxy("A scheme, a name and a port are needed, and nothing behind them.")
    if not NAME.fullmatch(host):
        raise NotAProxy("The name holds what no name has.")
    return signed(Proxy(parts.scheme.lower(), host, port), unquote(parts.username or ""), unquote(parts.password or ""))


def signed(proxy: Proxy, username: str, password: str) -> Proxy:
    """The proxy with what to sign in with. Raises NotAProxy for what cannot be sent."""
    too_long = any(len(text.encode("utf-8", "replace")) > LONGEST_CREDENTIAL for text in (username, password))
    if too_long or (password and not username) or ":" in username or "\0" in username + password:
        raise NotAProxy("A user name without a colon and a password, of at most 255 bytes each.")
    return Proxy(proxy.scheme, proxy.host, proxy.port, username, password)
