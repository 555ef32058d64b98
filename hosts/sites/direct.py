"""Any http or https address: the file is what it answers with. PURE."""

from __future__ import annotations

from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import requests

from hosts.base import (
    Entry,
    Host,
    HostBusy,
    HostContext,
    HostDown,
    LinkDead,
    LinkRefused,
    Source,
    gettext_noop,
)
from hosts.links import Link, LinkKind
from hosts.retry_after import seconds
from hosts.sites.disposition import file_name

CREDENTIALS = gettext_noop("The address holds a user name or password. Those are not supported in a link.")
PORTS = {"http": 80, "https": 443}


class Direct(Host):
    name = "direct"
    label = "Direct link"
    is_one_service = False

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
        """Ask with HEAD, which uses up no single-use link; where it is refused, the size stays unknown."""
        server = urlsplit(link.url).hostname or ""
        try:
            answer = context.http.head(
                link.url, allow_redirects=True, headers={"Accept-Encoding": "identity"}, timeout=(10, 30)
            )
        except requests.TooManyRedirects as error:
            raise LinkRefused(gettext_noop("{server} redirects in circles."), server=server) from error
        except requests.RequestException as error:
            raise HostDown(host=server) from error
        with answer:
            wait = seconds(answer.headers.get("Retry-After"), context.now())
            if answer.status_code in (404, 410):
                raise LinkDead
            if answer.status_code in (429, 503):
                raise HostBusy(host=server, retry_after=wait)
            if answer.status_code >= 500 and answer.status_code != 501:
                raise HostDown(host=server, retry_after=wait)
            named = file_name(answer.headers.get("Content-Disposition")) or _last_part(answer.url)
            known = answer.ok and "Content-Encoding" not in answer.headers
            return Entry(link, named or name_of(link.url), _length(answer) if known else None)

    def resolve(self, link: Link, context: HostContext, password: str = "") -> Source:
        """The link is the source; its size is learnt from the first answer."""
        return Source(link.url, name_of(link.url))


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
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    netloc = f"[{host}]" if ":" in host else host
    if port not in (None, PORTS[scheme]):
        netloc += f":{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._[]")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return urlunsplit((scheme, netloc, path, query, ""))
