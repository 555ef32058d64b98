"""Who is signed in, who tried too often."""

from __future__ import annotations

import secrets
import string
import threading
from collections import Counter
from dataclasses import dataclass

from flasharr.simulator.clock import Clock
from flasharr.simulator.world import Rules

ID_ALPHABET = string.ascii_lowercase + string.digits


@dataclass
class Session:
    """A token for the body (40 hex digits) and an id for the cookie (26 letters and digits)."""

    email: str
    token: str
    session_id: str
    began: float
    used: float


class Sessions:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._misses: Counter[str] = Counter()
        self._locked_until: dict[str, float] = {}
        self._web: dict[str, str] = {}

    def begin_web(self, email: str) -> str:
        """Sign in on the website; the cookie's value."""
        identity = secrets.token_hex(16)
        with self._lock:
            self._web[identity] = email
        return identity

    def web_user(self, identity: str) -> str:
        with self._lock:
            return self._web.get(identity, "")

    def begin(self, email: str, rules: Rules) -> Session:
        now = self._clock.now()
        session_id = "".join(secrets.choice(ID_ALPHABET) for _ in range(26))
        session = Session(email, secrets.token_hex(20), session_id, now, now)
        with self._lock:
            if rules.single_session:
                self._drop(email)
            self._sessions[session_id] = session
            self._misses.pop(email, None)
        return session

    def find(self, session_id: str, rules: Rules) -> Session | None:
        """The live session of a cookie; using it keeps it alive where the rules say so."""
        now = self._clock.now()
        with self._lock:
            session = self._sessions.get(session_id)
            if session is None:
                return None
            if now - (session.used if rules.session_slides else session.began) > rules.session_ttl:
                del self._sessions[session_id]
                return None
            session.used = now
            return session

    def by_token(self, token: str, rules: Rules) -> Session | None:
        with self._lock:
            ids = [key for key, session in self._sessions.items() if session.token == token]
        return self.find(ids[0], rules) if ids else None

    def end(self, session_id: str) -> None:
        with self._lock:
            self._sessions.pop(session_id, None)

    def end_all(self, email: str = "") -> None:
        """Sign an account out everywhere, or everybody: another device, a new password."""
        with self._lock:
            self._drop(email.lower())

    def spoil_token(self, session_id: str) -> None:
        """Keep the session and change its token: the client's cookie stays good, its token does not."""
        with self._lock:
            if session := self._sessions.get(session_id):
                session.token = secrets.token_hex(20)

    def miss(self, email: str, rules: Rules) -> None:
        """A wrong password; the last one allowed locks the account for a while."""
        with self._lock:
            self._misses[email] += 1
            if self._misses[email] >= rules.lock_after:
                self._locked_until[email] = self._clock.now() + rules.lock_seconds
                del self._misses[email]

    def is_locked(self, email: str) -> bool:
        with self._lock:
            return self._locked_until.get(email, 0) > self._clock.now()

    def alive(self) -> int:
        with self._lock:
            return len(self._sessions)

    def _drop(self, email: str) -> None:
        self._sessions = {key: s for key, s in self._sessions.items() if email not in ("", s.email)}
