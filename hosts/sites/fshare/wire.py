"""Requests to Fshare's two servers: what they demand in headers, what may be followed, how much is read."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from threading import Timer
from typing import Any
from urllib.parse import urlencode, urljoin

import requests

from hosts.base import AnswerUnreadable, HostContext, HostDown, Session, gettext_noop
from hosts.guard import origin, origin_of
from hosts.retry_after import seconds
from hosts.sites.fshare.address import HOST
from hosts.sites.fshare.answers import Answer, decoded, read_body
from hosts.sites.fshare.refusals import LABEL

API = "https://api.fshare.vn"
WEB = "https://www.fshare.vn"
INTERVAL = 0.5  # seconds between two requests, unless the operator says else
TIMEOUT = (10.0, 60.0)  # seconds: connect, silence
LONGEST = 120.0  # seconds for a whole answer, however slowly it trickles
LARGEST = 8 * 1024 * 1024
SHOWN = 20_000  # characters of an answer that are searched for known pages
ACCEPT = "application/json, text/plain, */*"  # the website answers XML to anything else
MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
CERTIFICATE = gettext_noop("The certificate of {host} could not be verified. It will be tried again.")


class Wire:
    """Speaks to the API with a session, and to the website without. Raises HostProblem."""

    def __init__(self, context: HostContext) -> None:
        self._http, self._now, self._pace = context.http, context.now, context.pace
        self._agent = context.config.get("FSHARE_USER_AGENT", "")
        self.api = (context.config.get("FSHARE_API_URL") or API).rstrip("/")
        self.web = (context.config.get("FSHARE_WEB_URL") or WEB).rstrip("/")

    def post(self, path: str, body: Mapping[str, Any], session: Session | None = None) -> Answer:
        return self._send("POST", self.api + path, json.dumps(body).encode(), session)

    def get(self, path: str, session: Session) -> Answer:
        return self._send("GET", self.api + path, None, session)

    def folder(self, **query: str | int) -> Answer:
        """The website's listing, which needs no sign-in; it also knows single files."""
        return self._send("GET", f"{self.web}/api/v3/files/folder?{urlencode(query)}", None, None)

    def _send(self, method: str, url: str, body: bytes | None, session: Session | None) -> Answer:
        headers = self._headers(url, body, session)
        for _ in range(MOST_REDIRECTS + 1):
            answer, target = self._exchange(method, url, body, headers)
            if answer is not None:
                return answer
            if self._is_page(target):
                # A page for people, such as "file not found": read it like anybody, without credentials.
                method, body, headers = "GET", None, self._headers(target, None, None)
            elif origin(target) != origin(url):
                raise AnswerUnreadable(gettext_noop("{host} redirects to a place that is not its own."), host=LABEL)
            url = target
        raise AnswerUnreadable(gettext_noop("{host} redirects in circles."), host=LABEL)

    def _exchange(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[Answer | None, str]:
        """One request at its time: its answer, or None and the address that it redirects to."""
        self._pace(f"{HOST} {':'.join(map(str, origin_of(url)))}")
        until = time.monotonic() + LONGEST
        try:
            with self._http.request(
                method, url, data=body, headers=headers, timeout=TIMEOUT, stream=True, allow_redirects=False
            ) as response:
                target = response.headers.get("Location", "")
                if response.status_code in REDIRECTS and target:
                    return None, urljoin(url, target)
                return self._read(response, until), ""
        except requests.exceptions.SSLError as error:
            raise HostDown(CERTIFICATE, host=LABEL) from error
        except ValueError as error:  # among them InvalidURL and what cannot be decoded
            raise AnswerUnreadable(host=LABEL) from error
        except requests.RequestException as error:
            raise HostDown(host=LABEL) from error

    def _is_page(self, url: str) -> bool:
        return _below(url, self.web) and not _below(url, self.api)

    def _headers(self, url: str, body: bytes | None, session: Session | None) -> dict[str, str]:
        headers = {"Accept": ACCEPT, "Referer": "https://fshare.vn/"}
        if self._agent:
            headers["User-Agent"] = self._agent
        if body is not None:
            headers["Content-Type"] = "application/json"
        if session is not None:
            headers["Cookie"] = f"session_id={session.session_id}"
        return headers

    def _read(self, response: requests.Response, until: float) -> Answer:
        """Raises HostDown when the answer is not there in time, AnswerUnreadable when it is too large."""
        body = bytearray()
        # A timeout bounds each silence only: who sends a byte now and then is cut off by a clock of its own.
        clock = Timer(until - time.monotonic(), _hang_up, [response])
        clock.daemon = True
        clock.start()
        try:
            for chunk in response.iter_content(64 * 1024):
                body += chunk
                if len(body) > LARGEST:
                    raise AnswerUnreadable(gettext_noop("{host} sent an answer that is far too long."), host=LABEL)
        finally:
            clock.cancel()
        if time.monotonic() >= until:
            raise HostDown(host=LABEL)
        wait = seconds(response.headers.get("Retry-After"), self._now())
        text = decoded(bytes(body), response.encoding)
        return Answer(response.status_code, read_body(text), text[:SHOWN], wait)


def _hang_up(response: requests.Response) -> None:
    with suppress(OSError, RuntimeError):  # the answer ended at this very moment
        response.raw.shutdown()


def _below(url: str, root: str) -> bool:
    return url == root or url.startswith(root + "/")
