"""A socket ends with the session that opened it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client

from downloads import audience as watching
from downloads.audience import audience
from tests.downloads.test_live import PATIENCE, play, socket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_workers")]

PASSWORD = "a long passphrase 1"
NEW = {"old_password": PASSWORD, "new_password1": "another passphrase 2", "new_password2": "another passphrase 2"}


@pytest.fixture(autouse=True)
def nobody_stays() -> Iterator[None]:
    yield
    assert not audience.sockets
    assert audience.task is None


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.1)


@pytest.fixture
def neighbour() -> Client:
    """Somebody else, to whom nothing happens."""
    return another(User.objects.create_user("bert", password=PASSWORD))


def another(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


async def code_of(watcher: WebsocketCommunicator) -> int:
    """What the socket is closed with; anything that comes before is the queue's."""
    while (message := await watcher.receive_output(PATIENCE))["type"] != "websocket.close":
        pass
    await watcher.disconnect()
    return int(message["code"])


def ends(client: Client, event: Callable[[], object], neighbour: Client) -> None:
    """The client's sockets are closed by the event, the neighbour's stays."""
    remaining = neighbour.session.session_key

    async def scenario() -> None:
        watchers = [socket(client), socket(client), socket(neighbour)]
        for watcher in watchers:
            assert (await watcher.connect())[0]
        await database_sync_to_async(event)()
        assert [await code_of(watcher) for watcher in watchers[:2]] == [4401, 4401]
        assert [one.session_key for one in audience.sockets] == [remaining]
        await watchers[2].disconnect()

    play(scenario)


def test_signing_out_closes_the_sockets_of_that_session_alone(reader: Client, neighbour: Client) -> None:
    ends(reader, lambda: reader.post("/logout/"), neighbour)


def test_the_same_user_elsewhere_goes_on(reader: Client) -> None:
    ends(reader, lambda: reader.post("/logout/"), another(User.objects.get()))


def test_a_new_password_closes_the_sockets_of_every_browser(reader: Client, neighbour: Client) -> None:
    ends(another(User.objects.get(username="an")), lambda: reader.post("/settings/password/", NEW), neighbour)


@pytest.mark.parametrize("change", [{"is_active": False}, None], ids=["deactivated", "removed"])
def test_a_user_who_is_shut_out_stops_watching(
    reader: Client, neighbour: Client, change: dict[str, object] | None
) -> None:
    user = User.objects.get(username="an")

    def shut_out() -> None:
        if change is None:
            user.delete()
        else:
            user.is_active = False
            user.save()

    ends(reader, shut_out, neighbour)


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize(
    "event",
    [
        lambda key: Session.objects.filter(pk=key).delete(),
        lambda key: Session.objects.filter(pk=key).update(expire_date="2020-01-01T00:00:00Z"),
        lambda key: User.objects.filter(username="an").update(password="changed elsewhere"),
    ],
    ids=["removed", "expired", "password changed elsewhere"],
)
def test_what_ends_a_session_unseen_is_found_by_the_next_look(
    reader: Client, neighbour: Client, event: Callable[[str], object]
) -> None:
    key = reader.session.session_key
    assert key
    ends(reader, lambda: event(key), neighbour)


@pytest.mark.usefixtures("often")
def test_a_database_that_cannot_be_asked_closes_nothing(
    reader: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = 0

    def busy(request: object) -> object:
        nonlocal asked
        asked += 1
        raise OperationalError("database is locked")

    async def scenario() -> None:
        watcher = socket(reader)
        await watcher.connect()
        monkeypatch.setattr(watching, "get_user", busy)
        while asked < 3:  # `play` ends it
            await asyncio.sleep(0.01)
        assert len(audience.sockets) == 1
        await watcher.disconnect()

    play(scenario)
    assert "Cannot see whether sessions have ended: database is locked" in caplog.text


def test_a_session_that_is_not_there_has_ended(reader: Client, neighbour: Client) -> None:
    keys = {str(client.session.session_key) for client in (reader, neighbour)}
    assert watching.ended(keys) == set()
    assert watching.ended({*keys, "never-there"}) == {"never-there"}
