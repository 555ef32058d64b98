"""Direct addresses that the API minted and the file servers honour."""

from __future__ import annotations

import secrets
import string
import threading
from dataclasses import dataclass

from flasharr.simulator.clock import Clock
from flasharr.simulator.world import Rules

TOKEN_ALPHABET = string.ascii_letters + string.digits + "+-"
TOKEN_LENGTH = 80


@dataclass
class Address:
    token: str
    code: str
    email: str
    minted: float
    client: str = ""
    uses: int = 0
    ended: bool = False


class Addresses:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._addresses: dict[str, Address] = {}

    def mint(self, code: str, email: str, client: str = "") -> Address:
        token = "".join(secrets.choice(TOKEN_ALPHABET) for _ in range(TOKEN_LENGTH))
        address = Address(token, code, email, self._clock.now(), client)
        with self._lock:
            self._addresses[token] = address
        return address

    def find(self, token: str) -> Address | None:
        with self._lock:
            return self._addresses.get(token)

    def use(self, address: Address, rules: Rules, client: str, counts: bool = True) -> bool:
        """Whether the address is still good for a client; a good use is counted."""
        with self._lock:
            is_old = self._clock.now() - address.minted > rules.link_ttl
            is_spent = bool(rules.link_uses) and address.uses >= rules.link_uses
            is_strange = rules.ip_bound and client != address.client
            if address.ended or is_old or is_spent or is_strange:
                return False
            address.uses += counts
            return True

    def expire(self, code: str = "") -> None:
        """End every address of a file, or all of them, at once."""
        with self._lock:
            for address in self._addresses.values():
                address.ended = address.ended or code.upper() in ("", address.code)

    def end(self, token: str) -> None:
        with self._lock:
            if address := self._addresses.get(token):
                address.ended = True

    def move(self, token: str) -> None:
        """Bind an address to another client, as if this one had got a new IP address."""
        with self._lock:
            if address := self._addresses.get(token):
                address.client = "elsewhere"

    def clear(self) -> None:
        with self._lock:
            self._addresses.clear()

    def age(self, address: Address) -> float:
        return self._clock.now() - address.minted
