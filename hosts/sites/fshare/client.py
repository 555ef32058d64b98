"""Calls with a session: signed in once for all threads and processes, renewed once when it has ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from hosts.base import (
    AccountMissing,
    AnswerUnreadable,
    HostBusy,
    HostContext,
    MemorySessions,
    Problem,
    Session,
    SessionExpired,
    SessionTaken,
    VipNeeded,
    gettext_noop,
)
from hosts.sites.fshare import refusals
from hosts.sites.fshare.answers import Answer
from hosts.sites.fshare.refusals import LABEL
from hosts.sites.fshare.wire import Wire

T = TypeVar("T")

MOMENT = timedelta(minutes=4)  # less than anybody waits who was told to slow down
NEEDED = ("FSHARE_APP_KEY", "FSHARE_USER_AGENT")
KEY_MISSING = gettext_noop(
    "{host} wants an app key and its User-Agent. Sign in at https://www.fshare.vn/api-doc, press “Lấy App Key”, and "
    "set what they mail you as FSHARE_APP_KEY and FSHARE_USER_AGENT."
)


class Client:
    def __init__(self, context: HostContext) -> None:
        self.wire = Wire(context)
        self._context = context
        self._store = context.sessions or MemorySessions()

    @property
    def can_sign_in(self) -> bool:
        return self._context.credentials is not None and not missing(self._context)

    def call(self, ask: Callable[[Session], T]) -> T:
        """What `ask` answers with a session that works; it raises SessionExpired for one that does not.

        A session that ends before anything was accepted with it is not renewed, by this call or by any other that
        meets it: one sign-in for each end. Raises Problem.
        """
        self._require_setup()
        session = self._store.load() or self._renew(None)
        try:
            return self._asked(ask, session)
        except SessionExpired as ended:
            renewed = self._renew(session, ended)
        try:
            return self._asked(ask, renewed)
        except StaleToken as ended:
            raise in_vain(ended) from ended
        except SessionExpired as ended:
            with self._store.lock():
                raise in_vain(ended) from ended

    def _asked(self, ask: Callable[[Session], T], session: Session) -> T:
        """What `ask` answers; a problem with the account is kept, so that the next call does not meet it again.

        VipNeeded is left to those who download: shares that want their token are refused by the same code.
        """
        try:
            answer = ask(session)
        except Problem as problem:
            if not isinstance(problem, VipNeeded):
                self._store.record(problem)
            raise
        if session.renewed_at is not None:
            self._store.accept(session)
        return answer

    def about_link(self, path: str, body: Mapping[str, str | int], password: str = "") -> Answer:
        """POST about a link. Raises Problem for whatever the answer refuses."""

        def ask(session: Session) -> Answer:
            return accepted(self.wire.post(path, {"token": session.token, **body}, session), password)

        return self.call(ask)

    def about_account(self) -> Answer:
        return self.call(lambda session: accepted(self.wire.get("/api/user/get", session), None))

    def sign_out(self) -> None:
        """End the stored session at the host and here, whatever the host answers. Raises HostProblem."""
        session = self._store.load()
        self._store.save(None)
        if session is not None:
            self.wire.get("/api/user/logout", session)

    def _renew(self, failed: Session | None, ended: SessionExpired | None = None) -> Session:
        """Sign in, unless somebody else did while we waited for our turn: then theirs is ours."""
        with self._store.lock():
            current = self._store.load()
            if current is not None and current != failed:
                return current
            if current is not None and ended is not None and self._is_new(current):
                raise in_vain(ended) from ended
            self._store.save(None)
            fresh = self._sign_in()
            if failed is not None:
                fresh = replace(fresh, renewed_at=self._context.now())
            self._store.save(fresh)
            return fresh

    def _is_new(self, session: Session) -> bool:
        """Whether it took the place of another a moment ago and nothing was accepted with it since."""
        at = session.renewed_at
        return at is not None and timedelta(0) <= self._context.now() - at < MOMENT

    def _sign_in(self) -> Session:
        credentials = self._context.credentials
        if credentials is None:
            raise AccountMissing(host=LABEL)
        answer = self.wire.post(
            "/api/user/login",
            {
                "user_email": credentials.email.strip().lower(),
                "password": credentials.password,
                "app_key": self._context.config["FSHARE_APP_KEY"],
            },
        )
        token, session_id = (answer.fields.get(name) for name in ("token", "session_id"))
        usable = all(isinstance(part, str) and part.isascii() and part.isprintable() for part in (token, session_id))
        if answer.status == 200 and answer.code in (None, 200) and usable and token and session_id:
            return Session(str(token), str(session_id))
        raise refusals.at_login(answer)

    def _require_setup(self) -> None:
        if missing(self._context):
            raise AccountMissing(KEY_MISSING, host=LABEL)
        if self._context.credentials is None:
            raise AccountMissing(host=LABEL)


class StaleToken(SessionExpired):
    """HTTP or code 400 with a JSON body: the token is not accepted while the session may well live."""


def in_vain(ended: SessionExpired) -> Problem:
    """What it means that a new session has ended at once."""
    if isinstance(ended, StaleToken):
        # Not the session's end but a refusal without a reason: this is how rate limiting shows.
        return HostBusy(host=LABEL, retry_after=300)
    return SessionTaken(host=LABEL)


def accepted(answer: Answer, password: str | None) -> Answer:
    """The answer when it refuses nothing. Raises Problem."""
    problem = refusals.at_call(answer, password)
    if isinstance(problem, SessionExpired) and 400 in (answer.code, answer.status):
        raise StaleToken(host=LABEL)
    if problem is not None:
        raise problem
    if answer.body is None:
        raise AnswerUnreadable(host=LABEL)
    return answer


def missing(context: HostContext) -> list[str]:
    return [name for name in NEEDED if not context.config.get(name)]
