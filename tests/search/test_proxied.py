"""Whoever hides behind a proxy hides from those whom a search asks, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from flasharr.simulator import Simulator
from hosts import network
from search import providers
from search.problems import NotThroughProxy
from tests.hosts import proxies
from tests.search.providers import titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Simulator]:
    with titles() as running:
        found = running.environment()
        config = {name: found.get(name, "") for name in settings.SEARCH_CONFIG}
        monkeypatch.setattr(settings, "SEARCH_CONFIG", config)
        monkeypatch.setattr(settings, "FLASHARR", {**settings.FLASHARR, "DATA_DIR": tmp_path})
        yield running


def ask_all() -> None:
    providers.tmdb().check()
    providers.posters().get("w92", "/movie-438631.png")
    for source in providers.sources():
        if source.needs_network:
            source.search("dune", 5)


@pytest.mark.parametrize("scheme", ["http", "socks5h"])
def test_titles_pictures_and_files_are_asked_through_it(simulator: Simulator, scheme: str) -> None:
    with proxies.running(scheme) as real:
        network.set_proxy(real.proxy)
        ask_all()
    assert real.asked
    assert {request.part for request in simulator.journal} == {"tmdb", "images", "timfshare"}


def test_one_that_is_set_later_is_not_gone_past(simulator: Simulator) -> None:
    providers.posters()
    providers.sources()
    with proxies.running("socks5h", refuses=True) as real:
        network.set_proxy(real.proxy)
        with pytest.raises(NotThroughProxy):
            providers.tmdb().check()
        with pytest.raises(NotThroughProxy):
            providers.posters().get("w92", "/movie-438631.png")
        for source in providers.sources():
            if source.needs_network:
                with pytest.raises(NotThroughProxy):
                    source.search("dune", 5)
    assert not list(simulator.journal)
