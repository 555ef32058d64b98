from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from flasharr.simulator import Simulator
from flasharr.simulator.assertions import ALWAYS
from tests.simulator.watching import Seen, fetch, fetch_json

CODE = "FILE00000001"
SIZE = 300_000


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        running.journal.excused = set(ALWAYS)  # what asks here is no well-behaved client but a probe
        running.add_file(CODE, "Phim hay – tập 1.mkv", SIZE)
        yield running


@dataclass
class Member:
    """A well-behaved client of the API, signed in or not."""

    simulator: Simulator
    token: str = ""
    session_id: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    expects_stall: bool = False

    def login(self, **changes: str) -> Seen:
        given = self.simulator.environment()
        fields = {
            "user_email": given["FSHARE_EMAIL"],
            "password": given["FSHARE_PASSWORD"],
            "app_key": given["FSHARE_APP_KEY"],
            **changes,
        }
        seen = self.post("/api/user/login", fields)
        if seen.status == 200 and b'"token"' in seen.body:
            self.token, self.session_id = seen.json()["token"], seen.json()["session_id"]
        return seen

    def download(self, code: str = CODE, **fields: Any) -> Seen:
        url = f"https://www.fshare.vn/file/{code}"
        return self.post("/api/session/download", {"token": self.token, "url": url, "zipflag": 0, **fields})

    def post(self, path: str, fields: dict[str, Any]) -> Seen:
        return fetch_json(f"{self.simulator.url}/api{path}", fields, headers=self._headers(), stalls=self.expects_stall)

    def get(self, path: str) -> Seen:
        return fetch(f"{self.simulator.url}/api{path}", self._headers())

    def _headers(self) -> dict[str, str]:
        headers = {"User-Agent": self.simulator.environment()["FSHARE_USER_AGENT"], **self.headers}
        return {**headers, "Cookie": f"session_id={self.session_id}"} if self.session_id else headers


@pytest.fixture
def member(simulator: Simulator) -> Member:
    return Member(simulator)


@pytest.fixture
def signed_in(member: Member) -> Member:
    member.login()
    return member
