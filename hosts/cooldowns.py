"""Pauses of hosts that outlive the workers: who asked for an hour of peace gets it although Flasharr was restarted."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from hosts.base import Problem
from hosts.breaker import Breaker, Standing
from hosts.models import CoolDown
from hosts.standing import restore

OLD = timedelta(days=1)  # what failed longer ago says nothing any more


class KeptBreaker(Breaker):
    """A Breaker that begins with the stored pauses and stores new ones. One process at a time may use it.

    What a user ends meanwhile (`end`) is noticed by `look`, which is cheap enough for every round.
    """

    def __init__(self, clock: Callable[[], float], chance: Callable[[], float] = random.random) -> None:
        super().__init__(clock, chance)
        self._stored: set[str] = set()

    def load(self) -> None:
        CoolDown.objects.filter(until__lt=timezone.now() - OLD).delete()
        for row in CoolDown.objects.all():
            self.restore(row.server, standing_of(row))
            self._stored.add(row.server)

    def look(self) -> None:
        """Forget the pauses that the user has ended meanwhile."""
        if self._stored:
            kept = set(CoolDown.objects.values_list("server", flat=True))
            for server in self._stored - kept:
                super().success(server)
            self._stored &= kept

    def success(self, host: str) -> None:
        super().success(host)
        if host in self._stored:
            self._stored.discard(host)
            CoolDown.objects.filter(server=host).delete()

    def failure(self, host: str, problem: Problem) -> None:
        super().failure(host, problem)
        for forgotten in self._stored - self._states.keys():
            self.success(forgotten)
        standing = self.standing(host)
        if problem.blames_host and standing is not None and standing.left:
            store(host, standing)
            self._stored.add(host)


def store(server: str, standing: Standing) -> None:
    problem = standing.problem
    CoolDown.objects.update_or_create(
        server=server,
        defaults={
            "failures": standing.failures,
            "until": timezone.now() + timedelta(seconds=standing.left) if standing.left else None,
            "pause": standing.left,
            "code": problem.code if problem else "",
            "sentence": problem.sentence if problem else "",
            "params": problem.params if problem else {},
        },
    )


def standing_of(row: CoolDown) -> Standing:
    """A clock that was set back makes no pause longer than it was."""
    if row.until is None:
        return Standing(row.failures)
    left = min((row.until - timezone.now()).total_seconds(), row.pause)
    return Standing(row.failures, max(0.0, left), restore(row.code, row.sentence, row.params, max(0.0, left)))


def current() -> list[CoolDown]:
    """The servers that are left alone now."""
    return list(CoolDown.objects.filter(until__gt=timezone.now()).order_by("server"))


def end(server: str) -> int:
    """The user wants a server to be asked again at once."""
    with transaction.atomic():
        return CoolDown.objects.filter(server=server).delete()[0]
