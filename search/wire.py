"""One bounded request, tried again where that may help. PURE.

Nothing that is raised or logged names the address: it may hold a key.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Timer
from typing import Any

import requests
from urllib3.exceptions import ReadTimeoutError

from hosts.base import LinkRefused
from hosts.proxy import ProxyProblem
from hosts.retry_after import seconds
from search.problems import (
    NotThroughProxy,
    SourceBusy,
    SourceDown,
    SourceProblem,
    SourceRefused,
    SourceSilent,
    SourceUnreadable,
)

LARGEST = 8 * 1024 * 1024
LEAST_PAUSE = 0.3
LONGEST_PATIENCE = 3.0  # seconds that are worth waiting while somebody looks on


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` is the decoded body, None when it is no JSON. `wait` is Retry-After in seconds."""

    status: int
    value: Any
    wait: float | None


@dataclass(frozen=True, slots=True)
class Raw:
    """`kind` is the media type in lower case without parameters."""

    status: int
    kind: str
    body: bytes
    wait: float | None


@dataclass(frozen=True)
class Wire:
    """How one service is asked. `timeout` is (connect, silence), `longest` a whole answer, in seconds."""

    label: str
    http: requests.Session = field(repr=False)
    timeout: tuple[float, float] = (4.0, 10.0)
    longest: float = 15.0
    tries: int = 3
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def ask(self, method: str, url: str, headers: Mapping[str, str]) -> Answer:
        """An answer in JSON that is neither 429 nor 5xx. Raises SourceProblem after the last try."""
        raw = self.fetch(method, url, headers)
        try:
            value = json.loads(raw.body)
        except (ValueError, RecursionError):
            value = None
        return Answer(raw.status, value, raw.wait)

    def fetch(self, method: str, url: str, headers: Mapping[str, str]) -> Raw:
        """The same for any kind of answer."""
        for attempt in range(1, self.tries + 1):
            try:
                return self._once(method, url, headers)
            except (SourceBusy, SourceDown) as problem:
                pause = problem.retry_after
                if pause is None:
                    pause = LEAST_PAUSE * 2**attempt * (0.5 + self.chance())
                if attempt == self.tries or pause > LONGEST_PATIENCE or isinstance(problem, SourceSilent):
                    raise
            self.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def problem(self, kind: type[SourceProblem], **more: Any) -> SourceProblem:
        return kind(source=self.label, **more)

    def _once(self, method: str, url: str, headers: Mapping[str, str]) -> Raw:
        try:
            with self.http.request(
                method, url, headers=headers, timeout=self.timeout, stream=True, allow_redirects=False
            ) as response:
                return self._judged(response)
        except ProxyProblem:
            raise self.problem(NotThroughProxy) from None
        except requests.RequestException as failure:
            raise self.problem(
                SourceSilent if _is_silence(failure) else SourceDown
            ) from None  # its text has the address
        except (LinkRefused, ValueError):
            raise self.problem(SourceRefused) from None

    def _judged(self, response: requests.Response) -> Raw:
        wait = seconds(response.headers.get("Retry-After"), datetime.now(UTC))
        if response.status_code == 429:
            raise self.problem(SourceBusy, retry_after=wait)
        if response.status_code >= 500:
            raise self.problem(SourceDown, retry_after=wait)
        if 300 <= response.status_code < 400:
            raise self.problem(SourceUnreadable)
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Raw(response.status_code, kind, self._read(response), wait)

    def _read(self, response: requests.Response) -> bytes:
        body = bytearray()
        ended = time.monotonic() + self.longest
        # A timeout bounds each silence only: who sends a byte now and then is cut off by a clock of its own.
        clock = Timer(self.longest, _hang_up, [response])
        clock.daemon = True
        clock.start()
        try:
            for chunk in response.iter_content(64 * 1024):
                body += chunk
                if len(body) > LARGEST:
                    raise self.problem(SourceUnreadable)
        finally:
            clock.cancel()
        if time.monotonic() >= ended:
            raise self.problem(SourceSilent)
        return bytes(body)


def _is_silence(failure: requests.RequestException) -> bool:
    """Silence in the middle of an answer comes as a broken connection."""
    return isinstance(failure, requests.Timeout) or isinstance(next(iter(failure.args), None), ReadTimeoutError)


def _hang_up(response: requests.Response) -> None:
    with suppress(OSError, RuntimeError):  # the answer ended at this very moment
        response.raw.shutdown()
