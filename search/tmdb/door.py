"""Requests to TMDB: the key, its limits, and what its refusals mean. PURE.

The key is in no cache key, no exception and no repr. TMDB takes the short (v3) key only in the address, so addresses
are not shown either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import requests

from search.kept import Kept
from search.pace import Pace
from search.problems import SourceDown, SourceUnreadable, TitleUnknown, TmdbKeyMissing, TmdbKeyRefused
from search.shelf import Store
from search.wire import Answer, Wire

LABEL = "TMDB"
ROOT = "https://api.themoviedb.org/3"
PER_SECOND = 20  # TMDB allows about forty; other programs of the user ask it too
HOUR = 3600.0
KEY_REFUSED = (3, 7, 10, 14, 32, 33, 35, 45)  # TMDB's own status codes
UNAVAILABLE = (9, 11, 24, 43, 44, 46)

PACE = Pace(PER_SECOND)  # for all that ask from this process


class Door:
    def __init__(self, http: requests.Session, config: Mapping[str, str], store: Store, pace: Pace = PACE) -> None:
        token, key = config.get("TMDB_ACCESS_TOKEN", ""), config.get("TMDB_API_KEY", "")
        if key.count(".") == 2:  # the long token in the place of the short key: they lie side by side on TMDB's page
            token, key = token or key, ""
        self._root = (config.get("TMDB_API_URL") or ROOT).rstrip("/")
        self._secret = {"api_key": key} if key and not token else {}
        self._headers = {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        self.has_key = bool(token or key)
        self._wire, self._kept, self._pace = Wire(LABEL, http), Kept(store), pace

    def get(self, path: str, hours: float, needs: str, **query: str | int) -> dict[str, Any]:
        """The JSON object at `path`, kept for so long. Raises SourceProblem.

        Under `needs` it must have a number or a list, or it is none.
        """
        if not self.has_key:
            raise TmdbKeyMissing
        given = _encoded(query)
        value = self._kept.get(self._key(path, given), hours * HOUR, lambda: self._ask(path, given, needs))
        return value if isinstance(value, dict) else {}

    def has(self, path: str, **query: str | int) -> bool:
        """Whether `get` would answer without asking."""
        return self._kept.has(self._key(path, _encoded(query)))

    def check(self) -> None:
        """Ask whether the key is good, whatever is kept. Raises SourceProblem."""
        if not self.has_key:
            raise TmdbKeyMissing
        self._ask("/authentication", "", "success")

    def _key(self, path: str, given: str) -> str:
        return f"tmdb {self._root} {path}?{given}"

    def _ask(self, path: str, given: str, needs: str) -> dict[str, Any]:
        self._pace.wait()
        secret = urlencode(self._secret)
        query = "&".join(filter(None, (given, secret)))
        answer = self._wire.ask("GET", f"{self._root}{path}?{query}", self._headers)
        if answer.status == 200 and isinstance(answer.value, dict) and isinstance(answer.value.get(needs), int | list):
            return answer.value
        raise self._refusal(answer)

    def _refusal(self, answer: Answer) -> Exception:
        code = answer.value.get("status_code") if isinstance(answer.value, dict) else None
        if answer.status in (401, 403) and (code in KEY_REFUSED or answer.value is not None):
            return TmdbKeyRefused()
        if answer.status == 404 and code is not None:
            return TitleUnknown(source=LABEL)
        return self._wire.problem(SourceDown if code in UNAVAILABLE else SourceUnreadable)


def _encoded(query: Mapping[str, str | int]) -> str:
    return urlencode(sorted((name, str(value)) for name, value in query.items() if value != ""))
