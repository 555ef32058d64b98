"""What every file host is to the rest of Flasharr: plain values, one abstract class and one tree of errors.

    Problem                     anything that keeps a link from becoming a file
    ├── LinkProblem             about this link
    │   ├── LinkDead            removed or never there                      permanent
    │   ├── LinkRefused         not a link we may fetch (scheme, address)   permanent
    │   ├── PasswordNeeded      the share asks for a password               until the user gives one
    │   └── PasswordWrong       the password given was refused              until the user gives another
    ├── AccountProblem          about the account at the host
    │   ├── AccountMissing      no account (or app key) configured          until the user acts
    │   ├── LoginRefused        wrong e-mail, password or app key           until the user acts
    │   ├── AccountLocked       locked or banned by the host                until its time, or the user acts
    │   ├── VipNeeded           the host serves paying accounts only        until the user acts
    │   ├── SessionTaken        signed in elsewhere again and again         until the user acts
    │   ├── SessionExpired      sign in again, once (never reaches a row)
    │   ├── TooManySessions     the host's own limit on transfers           for a while
    │   └── QuotaReached        the host's daily limit                      for a while
    ├── HostProblem             about the host as a whole
    │   ├── HostBusy            asked us to slow down (429, 503)            for a while
    │   ├── HostDown            5xx, refused, timed out                     for a while
    │   ├── AppRefused          app key or User-Agent not accepted          until the user acts
    │   └── AnswerUnreadable    not what the protocol promises              for a while
    ├── ProxyProblem            about the user's proxy: drawn in hosts/proxy.py
    └── TransferProblem         about moving the bytes: drawn in downloads/engine/errors.py

Every problem answers three questions: is it permanent, when may we try again, and what can the user do.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import ClassVar, Protocol

import requests

from hosts.links import Link
from hosts.pacing import Pace, at_once
from hosts.sentences import encodable as encodable
from hosts.sentences import fill as fill
from hosts.sentences import gettext_noop as gettext_noop


class Cure(StrEnum):
    """What the user can do about a row that does not run; the page turns it into a button or a link."""

    NONE = ""
    RETRY = "retry"
    RESUME = "resume"
    PASSWORD = "password"  # noqa: S105 - the name of an action
    ACCOUNT = "account"
    SPACE = "space"
    SETTINGS = "settings"
    SCHEDULE = "schedule"
    PROXY = "proxy"


class Problem(Exception):
    """A reason why a link is not a file (yet).

    `sentence` is a template in English whose `{names}` are filled from `params`; the page translates the
    template, so the two are kept apart. `retry_after` is in seconds; None leaves the wait to the backoff.
    `permanent` problems are never retried by themselves; `needs_user` ones wait until the user acts.
    Those that `blames_host` say that other links of the host would fare the same (see hosts/breaker.py).
    """

    code: ClassVar[str] = "problem"
    permanent: ClassVar[bool] = False
    needs_user: bool = False
    blames_host: ClassVar[bool] = False
    cure: ClassVar[Cure] = Cure.RETRY
    sentence: str = gettext_noop("Something went wrong.")

    def __init__(self, sentence: str | None = None, *, retry_after: float | None = None, **params: str | int) -> None:
        if sentence is not None:
            self.sentence = sentence
        self.retry_after = retry_after
        self.params = params
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The whole sentence in English."""
        return fill(self.sentence, self.params)


class LinkProblem(Problem):
    code = "link"


class LinkDead(LinkProblem):
    code = "link_dead"
    permanent = True
    sentence = gettext_noop("The file is no longer on the host. Look for another copy.")


class LinkRefused(LinkProblem):
    code = "link_refused"
    permanent = True
    cure = Cure.NONE
    sentence = gettext_noop("This address may not be downloaded from.")


class PasswordNeeded(LinkProblem):
    code = "password_needed"
    needs_user = True
    cure = Cure.PASSWORD
    sentence = gettext_noop("The file is protected. Enter its password to go on.")


class PasswordWrong(PasswordNeeded):
    code = "password_wrong"
    sentence = gettext_noop("The host refused the password. Enter the right one to go on.")


class AccountProblem(Problem):
    code = "account"
    needs_user = True
    cure = Cure.ACCOUNT


class AccountMissing(AccountProblem):
    code = "account_missing"
    sentence = gettext_noop("No {host} account is set up. Add one under Settings, Accounts.")


class LoginRefused(AccountProblem):
    code = "login_refused"
    sentence = gettext_noop("{host} refused the e-mail, the password or the app key. Correct them under Accounts.")


class AccountLocked(AccountProblem):
    """A lock whose end is known (`retry_after`) ends by itself; any other one needs the user."""

    code = "account_locked"
    sentence = gettext_noop("{host} has locked the account. Unlock it on the website, then check it here.")

    def __init__(self, sentence: str | None = None, *, retry_after: float | None = None, **params: str | int) -> None:
        super().__init__(sentence, retry_after=retry_after, **params)
        self.needs_user = retry_after is None


class VipNeeded(AccountProblem):
    code = "vip_needed"
    sentence = gettext_noop(
        "{host} serves VIP accounts only and this one is not VIP now. Renew it, then check it here."
    )


class SessionTaken(AccountProblem):
    code = "session_taken"
    sentence = gettext_noop("The account keeps being signed out: another device uses it. Sign out there, then retry.")


class SessionExpired(AccountProblem):
    code = "session_expired"
    sentence = gettext_noop("The session at {host} has ended.")


class TooManySessions(AccountProblem):
    code = "too_many_sessions"
    needs_user = False
    sentence = gettext_noop(
        "{host} counts too many download sessions. Waiting; you can clear them on its website under Security."
    )


class QuotaReached(AccountProblem):
    code = "quota_reached"
    needs_user = False
    sentence = gettext_noop("The daily limit at {host} is used up. It goes on by itself when the host allows it.")


class HostProblem(Problem):
    code = "host"
    blames_host = True


class HostBusy(HostProblem):
    code = "host_busy"
    sentence = gettext_noop("{host} asks us to slow down.")


class HostDown(HostProblem):
    code = "host_down"
    sentence = gettext_noop("{host} does not answer. It will be tried again.")


class AppRefused(HostProblem):
    code = "app_refused"
    needs_user = True
    blames_host = False
    cure = Cure.ACCOUNT
    sentence = gettext_noop(
        "{host} does not accept the app key or the User-Agent. Get your own pair from its API page and enter both."
    )


class AnswerUnreadable(HostProblem):
    code = "answer_unreadable"
    sentence = gettext_noop("{host} sent an answer that makes no sense. It will be tried again.")


class TransferProblem(Problem):
    """The engine's branch: see downloads/engine/errors.py."""

    code = "transfer"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is behind a link, as far as it is known without fetching it.

    `size` is in bytes, None when unknown. `path` is the folder below the folder link ("" at its top),
    with "/" between parts; both are remote text that can be stored and shown, but is not safe to use as a path.
    """

    link: Link
    name: str
    size: int | None = None
    is_folder: bool = False
    path: str = ""
    needs_password: bool = False
    is_dead: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", encodable(self.name))
        object.__setattr__(self, "path", encodable(self.path))


@dataclass(frozen=True, slots=True)
class Source:
    """A direct address whose bytes are the file.

    `headers` go to that address only and never hold credentials. `size` is what the host promised, None when
    it promised nothing. `max_connections` is how many ranges may be fetched at once. `checksum` is
    "algorithm:hex" when the host or the user gave one.
    """

    url: str
    name: str
    size: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    max_connections: int = 1
    checksum: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", encodable(self.name))


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a user signs in with. Never logged: repr hides the secret."""

    email: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """What the host gave us for signing in. `renewed_at` is when it took the place of one that had ended, None as soon
    as a call was accepted with it, and for the first one."""

    token: str = field(repr=False)
    session_id: str = field(repr=False)
    renewed_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """An account's standing at its host. `vip_until` is aware, None when not VIP or when it never ends."""

    email: str
    kind: str
    is_vip: bool
    vip_until: datetime | None = None
    is_lifetime: bool = False


class SessionStore(Protocol):
    """Where a session lives between processes. `lock` makes the sign-in single-flight across all of them."""

    def load(self) -> Session | None: ...

    def save(self, session: Session | None) -> None: ...

    def accept(self, session: Session) -> None:
        """Note that a call was accepted with a session, unless another one has taken its place."""

    def record(self, problem: Problem) -> None:
        """Keep a problem that concerns the account, so that nobody asks in vain again; others leave no trace."""

    def lock(self) -> AbstractContextManager[None]: ...


class MemorySessions:
    """A SessionStore that lives as long as it is held: for trying credentials, and for use from a shell."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self._lock = Lock()

    def load(self) -> Session | None:
        return self._session

    def save(self, session: Session | None) -> None:
        self._session = session

    def accept(self, session: Session) -> None:
        if self._session == session:
            self._session = replace(session, renewed_at=None)

    def record(self, problem: Problem) -> None:
        """Whoever holds this store gets every problem raised anyway."""

    @contextmanager
    def lock(self) -> Iterator[None]:
        with self._lock:
            yield


@dataclass(frozen=True, slots=True)
class HostContext:
    """Everything a host needs from outside. `config` holds its settings by environment name; `pace` is called with a
    server's name before each request to it, and returns when the request may go. `is_described` when whoever wants an
    address knows the link's name and size: nobody need be asked for them."""

    http: requests.Session
    config: Mapping[str, str] = field(repr=False)
    credentials: Credentials | None = None
    sessions: SessionStore | None = None
    now: Callable[[], datetime] = field(default=lambda: datetime.now().astimezone())
    pace: Pace = at_once
    is_described: bool = False


class Host(ABC):
    """One file host. Stateless: every call gets its context, so one instance serves all threads."""

    name: ClassVar[str]
    label: ClassVar[str]
    needs_account: ClassVar[bool] = False
    is_one_service: ClassVar[bool] = True  # False when every link may be another server
    max_connections: ClassVar[int] = 1  # to one server at once, all files together, unless the user says else
    domains: ClassVar[tuple[str, ...]] = ()  # recognised without a scheme, with and without "www."

    @abstractmethod
    def match(self, url: str) -> Link | None:
        """The canonical link when `url` (already trimmed) belongs to this host, else None.

        Raises LinkRefused for an address that is this host's and must not be used.
        """

    @abstractmethod
    def describe(self, link: Link, context: HostContext) -> Entry:
        """Name, size and standing of a link, as cheaply as the host allows. Raises Problem."""

    @abstractmethod
    def resolve(self, link: Link, context: HostContext, password: str = "") -> Source:
        """Mint a direct address for a file link; it is used at once. Raises Problem."""

    def list_folder(self, link: Link, context: HostContext) -> list[Entry]:
        """What is directly in a folder, files and folders; hosts/folders.py walks on from there. Raises Problem."""
        raise LinkRefused(gettext_noop("{host} has no folders."), host=self.label)

    def read_page(self, page: str) -> Problem | None:
        """What a web page says that a file server sent instead of the file; None when that is nothing known."""
        return None

    def check_account(self, context: HostContext) -> AccountInfo:
        """Sign in when needed and report the account's standing. Raises Problem."""
        raise LinkRefused(gettext_noop("{host} has no accounts."), host=self.label)

    def sign_out(self, context: HostContext) -> None:  # noqa: B027 - most hosts have nothing to give back
        """Give the session back; never raises for a session that is already gone."""

    def server_of(self, link: Link) -> str:
        """Whom a link burdens: connections, failures and pauses are counted for each of these by itself."""
        return self.name

    def front(self, link: Link, config: Mapping[str, str]) -> str:
        """An address of the same server that can be knocked at, to learn whether it can be reached at all."""
        return link.url

    def trusted_origins(self, config: Mapping[str, str]) -> frozenset[tuple[str, int]]:
        """(host name, port) pairs that the operator configured; they may therefore be private addresses."""
        return frozenset()

    def interval(self, config: Mapping[str, str]) -> float:
        """Seconds between two requests to one server of this host."""
        return 0.0

    def missing_config(self, config: Mapping[str, str]) -> list[str]:
        """Names of settings without which this host cannot work."""
        return []
