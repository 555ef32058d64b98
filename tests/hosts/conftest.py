from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flasharr.simulator import Simulator
from hosts.base import Credentials, HostContext, MemorySessions, Session
from hosts.guard import guarded_session
from hosts.sites.fshare import Fshare
from tests.hosts.pages import Pages


@pytest.fixture
def pages() -> Iterator[Pages]:
    """A web server on loopback that answers what a test tells it to."""
    with Pages() as running:
        yield running


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        running.add_file("FILE01", "Phim hay – tập 1.mkv", 300_000)
        yield running


@pytest.fixture
def context(simulator: Simulator) -> HostContext:
    """What Fshare needs, with the simulator's account and an empty session store."""
    config = simulator.environment()
    return HostContext(
        guarded_session(False, Fshare().trusted_origins(config)),
        config,
        Credentials(config["FSHARE_EMAIL"], config["FSHARE_PASSWORD"]),
        MemorySessions(),
        lambda: datetime.now(UTC),
    )


@pytest.fixture
def stranger(context: HostContext) -> HostContext:
    """The same without an account."""
    return replace(context, credentials=None, sessions=None)


@pytest.fixture
def fshare(pages: Pages) -> HostContext:
    """Signed in already, not VIP; every address answers 404 until a test says otherwise."""
    config = {
        "FSHARE_API_URL": pages.url + "/api",
        "FSHARE_WEB_URL": pages.url + "/web",
        "FSHARE_APP_KEY": "key+0123456789",
        "FSHARE_USER_AGENT": "Flasharr-TEST",
    }
    sessions = MemorySessions()
    sessions.save(Session("token", "session"))
    http = guarded_session(False, Fshare().trusted_origins(config))
    credentials = Credentials("Me@Example.com", "pass word")
    pages.answer("/api/api/user/login", 200, b'{"code":200,"token":"token2","session_id":"session2"}')
    pages.answer("/api/api/user/get", 200, b'{"email":"me@example.com","account_type":"Member","expire_vip":""}')
    pages.answer("/web/api/v3/files/folder", 502)
    return HostContext(http, config, credentials, sessions, lambda: datetime.now(UTC))
