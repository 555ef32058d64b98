"""Any http or https address: the file is what it answers with. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import requests
from urllib3.exceptions import ProtocolError

from hosts.base import (
    Entry,
    Host,
    HostContext,
    HostDown,
    LinkDead,
    LinkRefused,
    Source,
    gettext_noop,
)
from hosts.links import Link, LinkKind
from hosts.sites.disposition import file_name

CREDENTIALS = gettext_noop("The address holds a user name or password. Those are not supported in a link.")
TIMEOUT = (10.0, 30.0)  # seconds: connect, silence
LONGEST_SERVER = 255  # characters; no name of a server has more
PORTS = {"http": 80, "https": 443}


class Direct(Host):
    name = "direct"
    label = "Direct link"
    is_one_service = False
    max_connections = 4

    def match(self, url: str) -> Link | None:
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:  # a port or IPv6 address that is none
            return None
        if parts.scheme.lower() not in PORTS or not parts.hostname:
            return None
        if parts.username is not None or parts.password is not None:
            raise LinkRefused(CREDENTIALS)
        canonical = _canonical(parts, port)
        return Link(self.name, LinkKind.FILE, canonical, canonical) if canonical else None

    def describe(self, link: Link, context: HostContext) -> Entry:
        """Ask with HEAD, which uses up no single-use link.

        Many servers answer GET only. So a HEAD that is refused, or not answered once connected, leaves the size
        unknown and says nothing about the file; 404 and 410 raise LinkDead and are a hint, not a proof.
        """
        try:
            answer = _head(link, context.http)
        except requests.RequestException as error:
            if _was_connected(error):
                return Entry(link, name_of(link.url))
            raise HostDown(host=urlsplit(link.url).hostname or "") from error
        with answer:
            if answer.status_code in (404, 410):
                raise LinkDead
            if answer.status_code >= 300:
                return Entry(link, name_of(link.url))
            named = file_name(answer.headers.get("Content-Disposition")) or _last_part(answer.url)
            size = None if "Content-Encoding" in answer.headers else _length(answer)
            return Entry(link, named or name_of(link.url), size)

    def resolve(self, link: Link, context: HostContext, password: str = "") -> Source:
        """The link is the source; its size is learnt from the first answer."""
        return Source(link.url, name_of(link.url))

    def server_of(self, link: Link) -> str:
        return urlsplit(link.url).netloc[:LONGEST_SERVER]

    def front(self, link: Link, config: Mapping[str, str]) -> str:
        parts = urlsplit(link.url)
        return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))


def _head(link: Link, http: requests.Session) -> requests.Response:
    server = urlsplit(link.url).hostname or ""
    try:
        return http.head(link.url, allow_redirects=True, headers={"Accept-Encoding": "identity"}, timeout=TIMEOUT)
    except requests.TooManyRedirects as error:
        raise LinkRefused(gettext_noop("{server} redirects in circles."), server=server) from error
    except requests.exceptions.InvalidURL as error:
        raise LinkRefused(gettext_noop("{server} redirects to something that is no address."), server=server) from error


def _was_connected(error: requests.RequestException) -> bool:
    """Whether the server took the request and then kept silent, hung up or made no sense."""
    inner = error.args[0] if error.args else None
    return isinstance(error, requests.ReadTimeout) or isinstance(inner, ProtocolError)


def name_of(url: str) -> str:
    """The last part of the path, else the server's name."""
    return _last_part(url) or unquote(urlsplit(url).path).strip("/") or urlsplit(url).hostname or url


def _last_part(url: str) -> str:
    """The last part of the path when it looks like a file's name, else ""."""
    part = unquote(urlsplit(url).path.rpartition("/")[2])
    return part if "." in part.strip(".") else ""


def _length(answer: requests.Response) -> int | None:
    text = answer.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _canonical(parts: SplitResult, port: int | None) -> str:
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._[]")
        query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    except UnicodeError:
        return ""
    netloc = f"[{host}]" if ":" in host else host
    if port not in (None, PORTS[scheme]):
        netloc += f":{port}"
    return urlunsplit((scheme, netloc, path, query, ""))
