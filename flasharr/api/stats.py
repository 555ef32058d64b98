from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest
from ninja import Router, Schema

from downloads import queries
from flasharr import standing
from flasharr.api.access import Needs
from flasharr.keys import Scope

router = Router(tags=["stats"])


class SpaceOut(Schema):
    path: str
    free: int | None
    total: int | None


class StatsOut(Schema):
    """Counts of downloads; `speed` in bytes a second, `remaining` in bytes, `eta` in seconds.

    `speeds` are the last two minutes, one sample a second. `engine_alive` is false when work waits and no
    worker does it.
    """

    open: int
    active: int
    waiting: int
    paused: int
    failed: int
    completed: int
    speed: int
    remaining: int
    eta: int | None
    engine_alive: bool
    free_space: list[SpaceOut]
    speeds: list[int]


@router.get("", auth=Needs(Scope.READ), response=StatsOut)
def index(request: HttpRequest) -> dict[str, object]:
    totals = queries.totals()
    return {
        **asdict(totals),
        "open": totals.open,
        "eta": totals.eta,
        "engine_alive": standing.engine_alive(),
        "free_space": standing.spaces(),
        "speeds": queries.speeds(),
    }
