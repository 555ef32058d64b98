from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.test import Client

from downloads import actions, queries
from downloads.consumers import since
from downloads.live import ticker
from downloads.models import Download
from downloads.states import Status
from flasharr.asgi import application
from tests.downloads.conftest import make_download

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_workers")]

PATIENCE = 30.0  # seconds; ends a test that would hang
Scenario = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
def nobody_watches() -> Iterator[None]:
    """No ticker is left over, neither from another test nor for the next one."""
    assert not ticker.watchers
    yield
    assert not ticker.watchers
    assert not working()


def working() -> bool:
    return ticker.task is not None


def socket(
    client: Client, path: str = "/ws/queue/en/", origin: str = "http://testserver", host: str = "testserver"
) -> WebsocketCommunicator:
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    headers = [(b"host", host.encode()), (b"cookie", cookies.encode())]
    return Watcher(application, path, headers + ([(b"origin", origin.encode())] if origin else []))


class Watcher(WebsocketCommunicator):  # type: ignore[misc]
    async def connect(self, timeout: float = PATIENCE) -> tuple[bool, int | str | None]:
        connected: tuple[bool, int | str | None] = await super().connect(timeout)
        return connected


def play(scenario: Scenario) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(scenario(), 2 * PATIENCE)

    asyncio.run(bounded())


async def received(watcher: WebsocketCommunicator, wanted: str) -> str:
    """The first message that holds `wanted`."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        message: str = await watcher.receive_from(timeout=PATIENCE)
        if wanted in message:
            return message
    raise AssertionError(f"{wanted} never came")


def test_a_stranger_is_sent_away() -> None:
    async def scenario() -> None:
        stranger = socket(Client())
        await stranger.connect()
        assert (await stranger.receive_output(PATIENCE))["code"] == 4401
        await stranger.disconnect()

    play(scenario)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://evil.example", "testserver"),
        ("http://testserver:8080", "testserver"),
        ("null", "testserver"),
        ("", "testserver"),
        ("", ""),
    ],
)
def test_a_page_of_another_site_cannot_listen(reader: Client, origin: str, host: str) -> None:
    async def scenario() -> None:
        intruder = socket(reader, origin=origin, host=host)
        connected, _code = await intruder.connect()
        assert not connected

    play(scenario)


@pytest.mark.parametrize("path", ["/ws/", "/ws/queue/xx/", "/nowhere"])
def test_other_addresses_are_refused(reader: Client, path: str) -> None:
    async def scenario() -> None:
        connected, _code = await socket(reader, path).connect()
        assert not connected

    play(scenario)


def test_a_change_reaches_every_watcher_and_silence_follows(reader: Client) -> None:
    row = make_download(name="film.mkv")

    async def scenario() -> None:
        watchers = [socket(reader, f"/ws/queue/en/?since={known}") for _ in range(2)]
        for watcher in watchers:
            assert (await watcher.connect())[0]
        await database_sync_to_async(actions.pause)(Download.objects.filter(pk=row.pk))
        for watcher in watchers:
            assert "Paused by you." in await received(watcher, f'id="download-{row.pk}"')
        while not await watchers[0].receive_nothing(1.2):  # the totals may follow; endless chatter ends in `play`
            await watchers[0].receive_from(PATIENCE)
        for watcher in watchers:
            await watcher.disconnect()

    known = queries.version()
    play(scenario)


def test_a_page_that_missed_changes_fetches_its_list_again(reader: Client) -> None:
    known = queries.version()
    row = make_download()
    actions.pause(Download.objects.filter(pk=row.pk))

    async def scenario() -> None:
        first = socket(reader, f"/ws/queue/en/?since={known}")
        await first.connect()
        assert 'id="stale"' in await received(first, f'id="download-{row.pk}"')
        second = socket(reader, f"/ws/queue/en/?since={known}")
        await second.connect()
        assert 'id="stale"' in await second.receive_from(PATIENCE)
        for watcher in (first, second):
            await watcher.disconnect()

    play(scenario)


def test_a_page_in_another_language_gets_its_own_fragments(reader: Client) -> None:
    row = make_download(Status.PAUSED)
    known = queries.version()

    async def scenario() -> None:
        watcher = socket(reader, f"/ws/queue/vi/?since={known}")
        await watcher.connect()
        await database_sync_to_async(actions.resume)(Download.objects.filter(pk=row.pk))
        await received(watcher, f'id="download-{row.pk}"')
        await watcher.disconnect()

    play(scenario)


def test_the_ticker_works_only_while_somebody_watches(reader: Client) -> None:
    async def scenario() -> None:
        one, two = socket(reader), socket(reader)
        await one.connect()
        await two.connect()
        task = ticker.task
        assert task is not None
        await one.disconnect()
        assert not task.done()
        await two.disconnect()
        assert not working()
        await asyncio.wait([task], timeout=PATIENCE)
        assert task.cancelled()

    play(scenario)


def test_what_could_not_be_sent_comes_when_sending_works_again(
    reader: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    row = make_download(name="film.mkv")
    layer = get_channel_layer()
    send = layer.group_send
    failures: list[str] = []

    async def unsteady(group: str, message: dict[str, str]) -> None:
        if f'id="download-{row.pk}"' in message["html"] and not failures:
            failures.append(group)
            raise ConnectionError("the layer went away")
        await send(group, message)

    monkeypatch.setattr(layer, "group_send", unsteady)
    monkeypatch.setattr("downloads.live.RESTART_AFTER", 0.01)
    known = queries.version()

    async def scenario() -> None:
        watcher = socket(reader, f"/ws/queue/en/?since={known}")
        await watcher.connect()
        await database_sync_to_async(actions.pause)(Download.objects.filter(pk=row.pk))
        assert "Paused by you." in await received(watcher, f'id="download-{row.pk}"')
        await watcher.disconnect()

    play(scenario)
    assert failures
    assert "Live updates stopped" in caplog.text


def test_a_newcomer_does_not_cut_off_those_who_wait_for_a_broken_ticker(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_download(name="film.mkv")
    layer = get_channel_layer()
    send, broken = layer.group_send, [True]

    async def unsteady(group: str, message: dict[str, str]) -> None:
        if broken:
            raise ConnectionError("the layer went away")
        await send(group, message)

    monkeypatch.setattr(layer, "group_send", unsteady)
    monkeypatch.setattr("downloads.live.RESTART_AFTER", 60.0)
    known = queries.version()

    async def scenario() -> None:
        first = socket(reader, f"/ws/queue/en/?since={known}")
        await first.connect()
        await database_sync_to_async(actions.pause)(Download.objects.filter(pk=row.pk))
        while working():
            await asyncio.sleep(0.05)
        broken.clear()
        newest = await database_sync_to_async(queries.version)()
        newcomer = socket(reader, f"/ws/queue/en/?since={newest}")
        await newcomer.connect()
        await received(first, f'id="download-{row.pk}"')
        for watcher in (first, newcomer):
            await watcher.disconnect()

    play(scenario)


@pytest.mark.parametrize(
    ("query", "version"), [(b"since=7", 7), (b"", 0), (b"since=x", 0), (b"since=\xff", 0), (b"other=1&since=3", 3)]
)
def test_the_version_in_the_address_is_read_with_care(query: bytes, version: int) -> None:
    assert since(query) == version
