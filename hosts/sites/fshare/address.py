"""Fshare addresses: every spelling of a link is one code, and every code one canonical link."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from hosts.links import Link, LinkKind

HOST = "fshare"
DOMAINS = ("fshare.vn", "mega.1280.com")  # the second one is what Fshare was called long ago
CODE = re.compile(r"[A-Z0-9]{1,64}", re.IGNORECASE | re.ASCII)
PATH = re.compile(rf"/+(file|folder)/+({CODE.pattern})(?:/.*)?", re.IGNORECASE | re.DOTALL)
TOKEN = re.compile(r"[\w.-]{1,128}", re.ASCII)


def link_of(url: str) -> Link | None:
    """The canonical link, the share token kept: a token-gated share does not open without it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    domain = (parts.hostname or "").rstrip(".").removeprefix("www.")
    match = PATH.fullmatch(unquote(parts.path))
    if parts.scheme.lower() not in ("http", "https") or domain not in DOMAINS or not match:
        return None
    tokens = [value for name, value in parse_qsl(parts.query) if name.lower() == "token"]
    return link_to(LinkKind(match[1].lower()), match[2], tokens[0] if tokens else "")


def link_to(kind: LinkKind, code: str, token: str = "") -> Link:
    """The link to a code; a token that cannot be one is left out."""
    code = code.upper()
    query = f"?token={token}" if TOKEN.fullmatch(token) else ""
    return Link(HOST, kind, code, f"https://www.fshare.vn/{kind}/{code}{query}")


def token_of(link: Link) -> str:
    return link.url.partition("?token=")[2]


def without_token(link: Link) -> Link:
    return link_to(link.kind, link.code)
