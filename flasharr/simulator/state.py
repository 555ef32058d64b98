"""Everything a part of the simulator can reach."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import quote

from flasharr.simulator.addresses import Addresses
from flasharr.simulator.clock import Clock
from flasharr.simulator.faults import FaultBook
from flasharr.simulator.journal import Journal
from flasharr.simulator.sessions import Sessions
from flasharr.simulator.traffic import Traffic
from flasharr.simulator.world import World


@dataclass
class State:
    """`origin` is the address of the server without a slash at the end, known once it listens.

    `nodes` are the origins of the file servers that take turns; with none it is `origin`.
    """

    world: World
    faults: FaultBook
    clock: Clock = field(default_factory=Clock)
    journal: Journal = field(default_factory=Journal)
    origin: str = ""
    nodes: list[str] = field(default_factory=list)
    sessions: Sessions = field(init=False)
    addresses: Addresses = field(init=False)
    traffic: Traffic = field(init=False)
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    _turns: Iterator[int] = field(default_factory=count, repr=False)

    def __post_init__(self) -> None:
        self.sessions = Sessions(self.clock)
        self.addresses = Addresses(self.clock)
        self.traffic = Traffic(self.clock)
        self.load(self.world)

    def address_of(self, token: str, name: str) -> str:
        """A minted address, each time on the next file server."""
        origins = self.nodes or [self.origin]
        return f"{origins[next(self._turns) % len(origins)]}/cdn/dl/{token}/{quote(name, safe='')}"

    def load(self, world: World) -> None:
        """Begin with another world; the old one's sessions, addresses, faults and journal are dropped."""
        self.world = world
        self.sessions.end_all()
        self.addresses.clear()
        self.faults.clear()
        self.journal.clear()
        for account in world.accounts.values():
            self.journal.keep_secret(account.password)
        for secret in (*world.apps, world.titles.key, world.titles.token):
            self.journal.keep_secret(secret)
