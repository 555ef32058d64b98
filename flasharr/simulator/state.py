"""Everything a part of the simulator can reach."""

from __future__ import annotations

from dataclasses import dataclass, field

from flasharr.simulator.addresses import Addresses
from flasharr.simulator.clock import Clock
from flasharr.simulator.faults import FaultBook
from flasharr.simulator.journal import Journal
from flasharr.simulator.sessions import Sessions
from flasharr.simulator.world import World


@dataclass
class State:
    """`origin` is the address of the server without a slash at the end, known once it listens."""

    world: World
    faults: FaultBook
    clock: Clock = field(default_factory=Clock)
    journal: Journal = field(default_factory=Journal)
    origin: str = ""
    sessions: Sessions = field(init=False)
    addresses: Addresses = field(init=False)

    def __post_init__(self) -> None:
        self.sessions = Sessions(self.clock)
        self.addresses = Addresses(self.clock)
        self.load(self.world)

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
