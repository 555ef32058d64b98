from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from flasharr.simulator.simulator import Simulator
from hosts import accounts
from search.catalogue import actions, crawl
from search.catalogue.crawl import Pace
from search.catalogue.models import CatalogueEntry, FolderSubscription

ROOT = "https://www.fshare.vn/folder/ROOT01"


class Clock:
    """Stands still until it is moved. It is ahead of the real one, so that what is due now is due here."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC) + timedelta(minutes=1)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the tasks that would have been queued."""
    names: list[str] = []
    monkeypatch.setattr("search.catalogue.wake.async_task", lambda name, **_: names.append(name))
    monkeypatch.setattr("downloads.wake.async_task", lambda name, **_: names.append(name))
    return names


@pytest.fixture
def fshare(monkeypatch: pytest.MonkeyPatch, asked: list[str], transactional_db: None) -> Iterator[Simulator]:
    """Two folders, one in the other, with three films and two episodes."""
    with Simulator() as simulator:
        simulator.add_file("FILM01", "Bố Già (2021) 2160p WEB-DL.mkv", 5_000)
        simulator.add_file("FILM02", "Mắt Biếc 2019 1080p BluRay.mkv", 4_000)
        simulator.add_file("FILM03", "Đường Về Nhà 2022 720p.mkv", 3_000)
        simulator.add_file("EPIS01", "Thương Ngày Nắng Về S02E01.mkv", 2_000)
        simulator.add_file("EPIS02", "Thương Ngày Nắng Về S02E02.mkv", 2_000)
        simulator.add_folder("SEASON", "Mùa 2", ["EPIS01", "EPIS02"])
        simulator.add_folder("ROOT01", "Phim hay", ["SEASON", "FILM01", "FILM02", "FILM03"])
        monkeypatch.setattr(settings, "HOST_CONFIG", {**settings.HOST_CONFIG, **simulator.environment()})
        accounts.from_environment()
        yield simulator


@pytest.fixture
def visit(clock: Clock) -> Callable[[], int]:
    """Look into everything that is due at the clock's time."""
    return lambda: crawl.work(Pace(seconds=60, pause=0, now=clock))


@pytest.fixture
def followed(fshare: Simulator, visit: Callable[[], int]) -> FolderSubscription:
    """The simulator's folder, visited once."""
    row = actions.subscribe(ROOT)
    visit()
    row.refresh_from_db()
    return row


def alive() -> set[str]:
    return set(CatalogueEntry.objects.filter(dead_at=None).values_list("code", flat=True))


def dead() -> set[str]:
    return set(CatalogueEntry.objects.exclude(dead_at=None).values_list("code", flat=True))
