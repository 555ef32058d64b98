"""Find and normalise links in any text. PURE.

Every pass below is linear in the length of the text: runs are cut first, and no pattern looks back further
than a bounded number of characters.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from html import unescape
from urllib.parse import unquote


class LinkKind(StrEnum):
    FILE = "file"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Link:
    """A canonical link: two spellings of one file give equal `host` and `code`.

    `url` is the canonical address, share token kept. `code` is what identifies the file at the host.
    """

    host: str
    kind: LinkKind
    code: str
    url: str


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses in the order of the text. `refused` ones look like links and are not http(s).

    `checksums` are (which usable address it stands behind, counted from 1, 0 before all; as it is written).
    """

    usable: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    checksums: list[tuple[int, str]] = field(default_factory=list)


LONGEST = 4096
NOBODY = -1  # behind a refused address
SHOWN = 100  # characters of a refused address that are worth showing

ENTITY = re.compile(r"&(?:amp|quot|lt|gt|apos|nbsp|#\d{1,5}|#x[0-9a-f]{1,5});", re.IGNORECASE)
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
HALVES = re.compile("[\ud800-\udfff]")  # JSON may hold half a surrogate pair, which no address can
RUN = re.compile(r"[^\s\x00-\x20\x7f<>\"`|{}\\“”„«»。，、；！？（）「」『』【】《》]+")
NESTED = re.compile(r"(?<![=/?&#:])https?://", re.IGNORECASE)
GLUED = re.compile(r"(.+?)https?\Z", re.IGNORECASE)  # a word that runs into its link
# A family, its number, what parts it from the digits, and these; bounded, so that a search stays linear.
CHECKSUM = re.compile(
    r"(?<![^\s(\[|<>\"'`{},;])((?:md|sha|crc|blake|xxh|ripemd|tiger)-?[0-9][a-z0-9-]{0,8})"
    r"[:=][ \t]?([^\s()\[\]|<>\"'`{},;]{1,200})",
    re.IGNORECASE,
)
PAIRS = {")": "(", "]": "["}
TRAILING = ".,;:!?'*~…’‘([" + "".join(PAIRS)
HOST = r"[a-z0-9](?:[a-z0-9-]{0,62}\.){1,8}[a-z]{2,24}"


def find_urls(text: str, domains: Iterable[str] = ()) -> Urls:
    """Every address in a text: prose, HTML, Markdown, JSON, one per line, percent-encoded.

    Names in `domains` and those that begin with "www." are recognised without a scheme and get https.
    """
    found = Urls()
    start = _start(tuple(domains))
    plain = _plain(text)
    noted = deque(checksums_in(plain))
    holder = 0
    for run in RUN.finditer(plain):
        while noted and noted[0][0] < run.start():
            found.checksums.append((holder, noted.popleft()[1]))
        for url in _in_run(run[0], start):
            scheme, _, rest = url.partition(":")
            if scheme not in ("http", "https") or len(url) > LONGEST:
                found.refused.append(_shown(url))
                holder = NOBODY
            elif rest.strip("/"):
                found.usable.append(url)
                holder = len(found.usable)
    found.checksums.extend((holder, written) for _, written in noted)
    return found


def checksums_in(text: str) -> Iterator[tuple[int, str]]:
    """(position, as it is written) of everything in a text that is meant as a checksum, right or wrong."""
    for found in CHECKSUM.finditer(text):
        yield found.start(), f"{found[1]}:{found[2].rstrip('.')}"


def _plain(text: str) -> str:
    """The text without the wrappings of HTML and JSON."""
    text = ENTITY.sub(lambda match: unescape(match[0]), HALVES.sub("\ufffd", text))
    return INVISIBLE.sub("", text).replace("\\/", "/")


@lru_cache(maxsize=4)
def _start(domains: tuple[str, ...]) -> re.Pattern[str]:
    """What an address begins with. Schemes are at most 20 characters, so that a search stays linear."""
    bare = "|".join(re.escape(domain) for domain in domains) or "(?!)"
    return re.compile(
        rf"""
        (?P<encoded>https?%3a%2f%2f)
        | (?<![a-z0-9+.-]) (?P<scheme>[a-z][a-z0-9+.-]{{0,19}}):// (?=[^/\s])
        | https?://
        | (?<![a-z0-9+.-]) (?P<flat>javascript:(?=.) | vbscript:(?=.) | data:(?=[a-z]+/|[,;])
            | magnet:\? | file:/ | blob:(?=.) | ed2k:)
        | (?<![\w:/.-]) // (?P<relative>{HOST}(?=[:/]))
        | (?<![\w./@%-]) (?P<bare>(?:www\.)?(?:{bare})/ | www\.{HOST}/)
        """,
        re.IGNORECASE | re.VERBOSE,
    )


def _in_run(run: str, start: re.Pattern[str]) -> Iterator[str]:
    """The addresses in characters without a space, their schemes in lower case."""
    position = 0
    while begin := start.search(run, position):
        body_from = begin.start("relative") if begin["relative"] else begin.start()
        if glued := GLUED.match(begin["scheme"] or ""):
            body_from += glued.end(1)
        nested = NESTED.search(run, begin.end())
        position = nested.start() if nested else len(run)
        body = run[body_from:position]
        before = run[body_from - 1] if body_from else ""
        if begin["encoded"]:
            body = unquote(body.partition("&")[0])
        yield _with_scheme(_trim(_cut(body, before)), begin)


def _with_scheme(url: str, begin: re.Match[str]) -> str:
    if begin["relative"] or begin["bare"]:
        return "https://" + url
    scheme, colon, rest = url.partition(":")
    return scheme.lower() + colon + rest


def _cut(url: str, before: str) -> str:
    """The address without what follows the bracket or quote that it stands in."""
    if before == "'":
        return url.partition("'")[0]
    url = url.partition("[/")[0]  # the closing tag of BBCode
    for closing, opening in PAIRS.items():
        if before == opening or (before == "=" and closing == "]"):
            depth = 0
            for index, character in enumerate(url):
                depth += (character == opening) - (character == closing)
                if depth < 0:
                    return url[:index]
    return url


def _trim(url: str) -> str:
    """The address without the punctuation of the sentence around it; balanced brackets are its own."""
    balance = {closing: url.count(closing) - url.count(opening) for closing, opening in PAIRS.items()}
    end = len(url)
    while end and url[end - 1] in TRAILING:
        last = url[end - 1]
        if last in PAIRS:
            if balance[last] <= 0:
                break
            balance[last] -= 1
        elif last in PAIRS.values():
            balance[")" if last == "(" else "]"] += 1
        end -= 1
    return url[:end]


def _shown(url: str) -> str:
    return url if len(url) <= SHOWN else url[: SHOWN - 1] + "…"
