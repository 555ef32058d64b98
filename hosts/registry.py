"""Every host there is, and which of them a link belongs to. PURE: a new host is one line here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, urlsplit

from hosts.base import Host, LinkRefused, gettext_noop
from hosts.checksums import OF_A_FOLDER, STRAY, agreed
from hosts.guard import refuse_literal
from hosts.links import Link, LinkKind, find_urls
from hosts.sites.direct import Direct
from hosts.sites.fshare import Fshare

HOSTS: tuple[Host, ...] = (
    Fshare(),
    Direct(),  # takes whatever is left, so it comes last
)

SCHEME = gettext_noop("Only http and https addresses can be downloaded.")
TOO_LONG = gettext_noop("The address is too long.")
NOT_A_FILE = gettext_noop("This page of the host is neither a file nor a folder.")


@dataclass(frozen=True, slots=True)
class Found:
    """The links of a text in their order, each file once, and what looked like a link with why it is not.

    `checksums` are what stands beside the links, by host and code.
    """

    links: list[Link] = field(default_factory=list)
    refused: list[tuple[str, LinkRefused]] = field(default_factory=list)
    checksums: dict[tuple[str, str], str] = field(default_factory=dict)


def by_name(name: str) -> Host:
    """The host of a stored name. Raises KeyError for one that is not (any more) in HOSTS."""
    return next((host for host in HOSTS if host.name == name), None) or _missing(name)


def server_of(link: Link) -> str:
    """Whom a link burdens; "" when its host is not (any more) in HOSTS."""
    return next((host.server_of(link) for host in HOSTS if host.name == link.host), "")


def find(url: str) -> tuple[Host, Link] | None:
    """The host of an address and the canonical link; None when it is no link of any host.

    Raises LinkRefused when it is one that must not be used.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that enclose no IPv6 address
        return None
    for candidate in (url, *_carried(parts)):
        for host in HOSTS[:-1]:
            if link := host.match(candidate):
                return host, link
    if _domain(parts) in _domains():
        raise LinkRefused(NOT_A_FILE)
    link = HOSTS[-1].match(url)
    return (HOSTS[-1], link) if link else None


def links_in(text: str, allow_private: bool = True) -> Found:
    """Every link in a pasted text. Without `allow_private`, private IP literals and localhost are refused."""
    urls = find_urls(text, _domains())
    links: dict[tuple[str, str], Link] = {}
    checksums: dict[tuple[str, str], str] = {}
    beside = defaultdict(list)
    for place, text in urls.checksums:
        beside[place].append(text)
    refused = [(url, LinkRefused(TOO_LONG if url.startswith("http") else SCHEME)) for url in urls.refused]
    refused += [(text, LinkRefused(STRAY, checksum=text)) for text in beside[0]]
    for place, url in enumerate(urls.usable, start=1):
        try:
            match = find(url)
            if match is None:
                raise LinkRefused
            link = match[1]
            if match[0] is HOSTS[-1]:
                refuse_literal(link.url, allow_private)
            if beside[place]:
                checksums[link.host, link.code] = _checksum(link, checksums, beside[place])
        except LinkRefused as problem:
            refused.append((url, problem))
        else:
            links.setdefault((link.host, link.code), link)
    return Found(list(links.values()), refused, checksums)


def _checksum(link: Link, known: Mapping[tuple[str, str], str], written: Sequence[str]) -> str:
    """The best of those written beside a link, also earlier in the text. Raises LinkRefused."""
    if link.kind == LinkKind.FOLDER:
        raise LinkRefused(OF_A_FOLDER, checksum=written[0])
    before = known.get((link.host, link.code))
    return agreed([before, *written] if before else written)


def _carried(parts: SplitResult) -> list[str]:
    """Addresses inside the query of another one: how search engines and social sites wrap links."""
    values = [value for _, value in parse_qsl(parts.query)]
    return [value for value in values if value.lower().startswith(("http://", "https://"))]


def _domains() -> tuple[str, ...]:
    return tuple(domain for host in HOSTS for domain in host.domains)


def _domain(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".").removeprefix("www.")


def _missing(name: str) -> Host:
    raise KeyError(f"There is no host named {name!r}.")
