"""Where connections may go: decided on the very address that is connected to, for every one of them. PURE.

A name is resolved once and the checked address is the one used, so a name that changes its answer (DNS
rebinding) gains nothing, and a redirect is a new connection and therefore a new check.
"""

from __future__ import annotations

import socket
import sys
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import allowed_gai_family
from urllib3.util.timeout import Timeout

from hosts import tunnel
from hosts.addresses import is_metadata, is_private
from hosts.base import LinkRefused, gettext_noop
from hosts.heads import HurriedResponse
from hosts.proxy import Proxy, ProxyLoginRefused

Origin = tuple[str, int]
TIMEOUT = (10.0, 60.0)  # seconds: connect, read
MOST_REDIRECTS = 5
PRIVATE = gettext_noop(
    "{server} is an address in a private network. Downloads from there must be allowed by the operator "
    "(FLASHARR_ALLOW_PRIVATE_HOSTS)."
)
METADATA = gettext_noop("{server} is a cloud provider's internal service. It is never downloaded from.")
SCHEME = gettext_noop("The server redirects to an address that is neither http nor https.")

NO_ADDRESS = "The server redirects to what is no address."


class Guarded(HTTPConnection):
    """Connects to a checked address only. Raises LinkRefused, which no layer above wraps in anything else."""

    allow_private: ClassVar[bool] = False
    trusted: ClassVar[frozenset[Origin]] = frozenset()
    via: ClassVar[Proxy | None] = None
    response_class = HurriedResponse

    def _new_conn(self) -> socket.socket:
        if self.via is not None:
            return self._through(self.via)
        try:
            candidates = self._checked(self._resolve())
        except (socket.gaierror, UnicodeError) as error:
            reason = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(self.host, self, reason) from error
        failure: OSError = OSError("no address")
        for family, address in candidates:
            try:
                return self._open(family, address)
            except OSError as error:
                failure = error
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, f"Connection to {self.host} timed out") from failure
        raise NewConnectionError(self, f"Failed to establish a new connection: {failure}") from failure

    def _through(self, proxy: Proxy) -> socket.socket:
        """The proxy connects in our place, so an address is checked before it is handed over. What a name stands
        for is the proxy's to look up and to allow, except with socks5://, where it is looked up and checked here.
        """
        server = self.host.strip("[]")
        if not self._is_trusted:
            refuse_server(server, self.allow_private)
        seconds = Timeout.resolve_default_timeout(self.timeout)
        if self._is_forwarded:
            return tunnel.reach(proxy, seconds)
        try:
            if not proxy.resolves_names:
                server = str(self._checked(self._resolve())[0][1][0])
            return tunnel.connect(proxy, server, self.port, seconds)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"Connection to {self.host} timed out") from error
        except OSError as error:
            raise NewConnectionError(self, f"Failed to establish a new connection: {error}") from error

    @property
    def _is_trusted(self) -> bool:
        return (self.host.strip("[]").lower(), self.port) in self.trusted

    @property
    def _is_forwarded(self) -> bool:
        """Requests without TLS go to an HTTP proxy as a whole; many allow CONNECT for TLS only."""
        return self.via is not None and self.via.is_http and not isinstance(self, HTTPSConnection)

    def putrequest(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        if not self._is_forwarded or self.via is None:
            return super().putrequest(method, url, *args, **kwargs)
        super().putrequest(method, f"http://{netloc(self)}{url}", *args, **kwargs)
        if authorization := tunnel.basic(self.via):
            self.putheader("Proxy-Authorization", authorization)
        return None

    def _resolve(self) -> list[tuple[socket.AddressFamily, tuple[Any, ...]]]:
        name = self.host.strip("[]")
        found = socket.getaddrinfo(name, self.port, allowed_gai_family(), socket.SOCK_STREAM)
        return [(family, address) for family, _, _, _, address in found]

    def _checked(
        self, found: list[tuple[socket.AddressFamily, tuple[Any, ...]]]
    ) -> list[tuple[socket.AddressFamily, tuple[Any, ...]]]:
        if self._is_trusted:
            return found
        refusals = [refusal(str(address[0]), self.allow_private) for _, address in found]
        allowed = [candidate for candidate, refused in zip(found, refusals, strict=True) if not refused]
        if not allowed:
            raise LinkRefused(next(filter(None, refusals), None), server=self.host)
        return allowed

    def _open(self, family: socket.AddressFamily, address: tuple[Any, ...]) -> socket.socket:
        opened = socket.socket(family, socket.SOCK_STREAM)
        try:
            for option in self.socket_options or ():
                opened.setsockopt(*option)
            seconds = Timeout.resolve_default_timeout(self.timeout)
            opened.settimeout(seconds)
            opened.connect(address)
        except BaseException:
            opened.close()
            raise
        sys.audit("http.client.connect", self, self.host, self.port)
        return opened


class GuardedTLS(Guarded, HTTPSConnection):
    """The same below TLS: SNI and the certificate check go by the name, as HTTPSConnection does them."""


class GuardedAdapter(HTTPAdapter):
    """Builds guarded connections, and gives every request a timeout."""

    def __init__(self, allow_private: bool, trusted: frozenset[Origin], proxy: Proxy | None = None) -> None:
        rules = {"allow_private": allow_private, "trusted": trusted, "via": proxy}
        self._proxy = proxy
        plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": type("Plain", (Guarded,), rules)})
        secure = type("TLSPool", (HTTPSConnectionPool,), {"ConnectionCls": type("TLS", (GuardedTLS,), rules)})
        self._pools = {"http": plain, "https": secure}
        super().__init__(pool_maxsize=16)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = self._pools

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = TIMEOUT
        answer = super().send(request, *args, **kwargs)
        if answer.status_code == 407 and (proxy := self.forwarder(request.url or "")):
            answer.close()
            raise ProxyLoginRefused(proxy=proxy)
        return answer

    def forwarder(self, url: str) -> str:
        """The proxy that hands on what is asked of this address, and may answer in its place; "" without one."""
        is_plain = url.lower().startswith("http:")
        return self._proxy.server if self._proxy is not None and self._proxy.is_http and is_plain else ""


def forwarder(answer: requests.Response) -> str:
    """The proxy that may have given this answer, "" when only the server can have."""
    adapter = getattr(answer, "connection", None)
    return adapter.forwarder(answer.url) if isinstance(adapter, GuardedAdapter) else ""


class GuardedSession(requests.Session):
    """Keeps no cookies between requests, reads no environment and no netrc, and follows http(s) redirects only."""

    def __init__(self, allow_private: bool, trusted: frozenset[Origin], proxy: Proxy | None = None) -> None:
        super().__init__()
        self.trust_env = False
        self.max_redirects = MOST_REDIRECTS
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.adapters.clear()
        adapter = GuardedAdapter(allow_private, trusted, proxy)
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def get_adapter(self, url: str) -> requests.adapters.BaseAdapter:
        if urlsplit(url).scheme.lower() not in ("http", "https"):
            raise LinkRefused(SCHEME)
        return super().get_adapter(url)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where a response leads. The body of a redirect is never read: it may be endless.

        Raises InvalidURL, which is a RequestException, for what is no address.
        """
        try:
            target = super().get_redirect_target(resp)
            if target is not None:
                origin(urljoin(resp.url, target))
        except ValueError as error:  # bytes that are no UTF-8, brackets that hold no IPv6 address, port 99999
            resp.close()
            raise requests.exceptions.InvalidURL(NO_ADDRESS) from error
        if target is not None and not resp._content_consumed:  # type: ignore[attr-defined]
            resp._content = b""
            resp._content_consumed = True  # type: ignore[attr-defined]
            resp.raw.close()
            resp.close()
        return target

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        """Credentials go to the origin that they were given for: another port or scheme is another origin.

        This is the last step before a redirect is followed, so cookies of the hops before it stay back here too.
        """
        if origin(prepared_request.url or "") != origin(response.request.url or ""):
            prepared_request.headers.pop("Authorization", None)
            prepared_request.headers.pop("Cookie", None)


def guarded_session(
    allow_private: bool,
    trusted: frozenset[Origin] = frozenset(),
    user_agent: str | None = None,
    proxy: Proxy | None = None,
) -> requests.Session:
    """A session that cannot be led into a private network; `trusted` origins (host, port) are exempt.

    Cloud metadata services are refused even with `allow_private`. A refusal is raised as LinkRefused. All
    connections go through `proxy`, whose own address is trusted; what fails there is raised as ProxyProblem.
    """
    session = GuardedSession(allow_private, trusted, proxy)
    session.headers["User-Agent"] = user_agent or "Flasharr"
    return session


def refusal(address: str, allow_private: bool) -> str | None:
    """The sentence that refuses an IP address, None when it may be connected to."""
    ip = ip_address(address)
    if is_metadata(ip):
        return METADATA
    return PRIVATE if is_private(ip) and not allow_private else None


def refuse_literal(url: str, allow_private: bool) -> None:
    """Refuse an address that is private on the face of it, before anything is stored. Raises LinkRefused.

    It looks at IP literals (also in their number, octal and hexadecimal spellings) and at localhost; what a
    name stands for is checked when it is connected to.
    """
    refuse_server(urlsplit(url).hostname or "", allow_private)


def refuse_server(server: str, allow_private: bool) -> None:
    """The same for the name of a server."""
    server = server.rstrip(".").lower()
    if server == "localhost" or server.endswith(".localhost"):
        server_address = "127.0.0.1"
    else:
        try:
            server_address = str(ip_address(server))
        except ValueError:
            try:
                server_address = socket.inet_ntoa(socket.inet_aton(server))
            except (OSError, UnicodeError):
                return
    if sentence := refusal(server_address, allow_private):
        raise LinkRefused(sentence, server=server)


def netloc(connection: HTTPConnection) -> str:
    """Server and port as an address holds them."""
    server = connection.host.strip("[]")
    server = f"[{server}]" if ":" in server else server
    return server if connection.port == 80 else f"{server}:{connection.port}"


def origin(url: str) -> tuple[str, str, int]:
    """(scheme, host, port) of an address."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme.lower(), (parts.hostname or "").lower(), port


def origin_of(url: str) -> Origin:
    """(host, port) of an address: what `trusted` holds."""
    return origin(url)[1:]
