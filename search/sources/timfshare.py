"""TimFshare's public search over names of files that people shared on Fshare. PURE.

It is asked as its own page asks: an empty POST with the page as referrer. There is no paging, so an answer may have
thousands of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import requests

from hosts.links import LinkKind
from hosts.pacing import Pace, at_once
from hosts.sites.fshare.address import link_of
from search.kept import Kept
from search.problems import SourceRefused, SourceUnreadable
from search.shelf import Store
from search.sources.base import MOST_QUERY, Candidate, Health, Source
from search.sources.watch import Watch
from search.wire import Answer, Wire

ROOT = "https://timfshare.com"
PATH = "/api/v1/string-query-search"
MOST_ROWS = 500  # of one answer that are looked at; they come best first
LONGEST_NAME = 1024
AGENT = "Mozilla/5.0 (compatible; Flasharr)"
KEEP, KEEP_EMPTY = 15 * 60.0, 2 * 60.0  # seconds


class TimFshare(Source):
    name = "timfshare"
    label = "TimFshare"

    def __init__(
        self,
        http: requests.Session,
        config: Mapping[str, str],
        store: Store,
        pace: Pace = at_once,
        watch: Watch | None = None,
    ) -> None:
        self._root = (config.get("TIMFSHARE_URL") or ROOT).rstrip("/")
        self._wire = Wire(self.label, http, tries=2)
        self._kept, self._pace = Kept(store), pace
        self._watch = watch or Watch(self.name, self.label)

    def search(self, query: str, limit: int) -> Sequence[Candidate]:
        text = " ".join(query.replace(".", " ").split())[:MOST_QUERY]
        if not text:
            return ()
        key = f"timfshare {self._root} {text.casefold()}"
        rows = self._kept.get(key, KEEP, lambda: self._watch.run(lambda: self._ask(text)), KEEP_EMPTY)
        return [found for row in rows if (found := _candidate(row))][:limit]

    def health(self) -> Health:
        return self._watch.health()

    def _ask(self, text: str) -> list[list[Any]]:
        """Rows of [address, name, size], each file once."""
        self._pace(self.name)
        parts = urlsplit(self._root)
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            "Origin": f"{parts.scheme}://{parts.netloc}",
            "Referer": f"{self._root}/search?key={quote(text)}",
        }
        answer = self._wire.ask("POST", f"{self._root}{PATH}?{urlencode({'query': text})}", headers)
        return list(_rows(self._data(answer)))

    def _data(self, answer: Answer) -> list[Any]:
        if answer.status in (401, 403, 405):
            raise self._wire.problem(SourceRefused)
        data = answer.value.get("data") if isinstance(answer.value, dict) else None
        if answer.status != 200 or not isinstance(data, list):
            raise self._wire.problem(SourceUnreadable)
        return data


def _rows(data: list[Any]) -> Iterator[list[Any]]:
    seen = set()
    for row in data[:MOST_ROWS]:
        if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not isinstance(row.get("url"), str):
            continue
        link, name = link_of(row["url"].strip()), " ".join(row["name"].split())[:LONGEST_NAME]
        if link and name and (link.kind, link.code) not in seen:
            seen.add((link.kind, link.code))
            yield [link.url, name, _size(row.get("size"))]


def _candidate(row: list[Any]) -> Candidate | None:
    link = link_of(row[0])
    if link is None:
        return None
    is_folder = link.kind is LinkKind.FOLDER
    return Candidate(
        host=link.host,
        code=link.code,
        url=link.url,
        name=row[1],
        size=None if is_folder else row[2],
        is_folder=is_folder,
        source=TimFshare.name,
    )


def _size(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:18])
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 < value < 2**60 else None
