"""What clients did: every request with its end, and questions that tests like to ask."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

from flasharr.simulator.visit import Visit

OPEN = "open"
COMPLETE = "complete"
CLIENT_GONE = "client gone"
MOST_BODY = 64 * 1024
SHORTEST_SECRET = 6


@dataclass
class Request:
    """`time` is the simulator's clock in epoch seconds. `bytes_sent` counts body bytes handed to the kernel.

    `ended` is open, complete, client gone, or the ending of a fault: reset, stalled, ended early.
    `age` is the age in seconds of the minted address it used, None for other requests. `retry_after` is what the
    answer asked for in seconds.
    """

    method: str
    path: str
    part: str
    call: str
    code: str
    account: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    time: float
    faults: tuple[str, ...] = ()
    status: int = 0
    bytes_sent: int = 0
    ended: str = OPEN
    seconds: float = 0.0
    age: float | None = None
    retry_after: float | None = None
    client: str = ""
    node: int = 0
    began: float = field(default_factory=monotonic, repr=False)

    @property
    def range(self) -> str:
        return self.headers.get("range", "")


class Journal:
    """Iterable, sized, thread-safe; requests in the order in which they came.

    `excused` names the rules of assertions.ALWAYS that a test breaks on purpose.
    """

    def __init__(self) -> None:
        self.excused: set[str] = set()
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._requests: list[Request] = []
        self._secrets: set[str] = set()
        self._open: Counter[str] = Counter()
        self._most: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Request]:
        return iter(self.requests)

    def __len__(self) -> int:
        return len(self.requests)

    def __getitem__(self, index: int) -> Request:
        return self.requests[index]

    @property
    def requests(self) -> list[Request]:
        with self._lock:
            return list(self._requests)

    def open(self, visit: Visit, now: float, faults: tuple[str, ...]) -> Request:
        request = Request(
            method=visit.method,
            path=visit.target,
            part=visit.part,
            call=visit.call,
            code=visit.code,
            account=visit.account,
            headers={name.lower(): value for name, value in visit.headers.items()},
            body=visit.body[:MOST_BODY],
            time=now,
            faults=faults,
            client=visit.client,
            node=visit.node,
        )
        with self._lock:
            self._requests.append(request)
            for key in _counted(request):
                self._open[key] += 1
                self._most[key] = max(self._most[key], self._open[key])
        return request

    def close(self, request: Request, ended: str) -> None:
        """Say how a request ended; saying it again corrects it."""
        with self._lock:
            if request.ended == OPEN:
                request.seconds = monotonic() - request.began
                for key in _counted(request):
                    self._open[key] -= 1
            request.ended = ended
            self._idle.notify_all()

    def clear(self) -> None:
        """Forget what is over; requests still being answered keep counting as open."""
        with self._lock:
            self._requests = [request for request in self._requests if request.ended == OPEN]
            self._most = Counter(self._open)

    def wait_idle(self, seconds: float = 5.0) -> bool:
        """Wait until no request is being answered; False when that takes longer.

        What a client read to its end is closed before its last byte is sent. Only after a stall, or when the client
        hung up, does the end come to be known a moment later.
        """
        with self._idle:
            return self._idle.wait_for(lambda: all(r.ended != OPEN for r in self._requests), seconds)

    def keep_secret(self, secret: str) -> None:
        """Remember a credential that must not turn up at the file servers.

        A very short one would be found by chance in any address and is not looked for.
        """
        if len(secret) >= SHORTEST_SECRET:
            with self._lock:
                self._secrets.add(secret)

    @property
    def secrets(self) -> list[str]:
        """Every credential so far: passwords, app keys, and the token and id of each session."""
        with self._lock:
            return sorted(self._secrets)

    # questions

    def logins(self, account: str = "") -> list[Request]:
        return [r for r in self if r.call == "login" and account.lower() in ("", r.account.lower())]

    def requests_to(self, path: str) -> list[Request]:
        """Requests whose path begins with this one: /api/api/user/login, /cdn/ ..."""
        return [request for request in self if request.path.startswith(path)]

    def calls(self, call: str, code: str = "") -> list[Request]:
        """Requests by name of the call (download, v3, dl ...) and, if given, by file or folder code."""
        return [r for r in self if r.call == call and code.upper() in ("", r.code.upper())]

    def secrets_leaked_to_cdn(self) -> list[str]:
        """One line for every credential that reached a file server; empty is good."""
        return [f"{request.method} {request.path}: {leak}" for request in self for leak in self._leaks(request)]

    def open_now(self, code: str = "", account: str = "", client: str = "") -> int:
        """File transfers being answered right now, of one file, one account, one IP address or all."""
        with self._lock:
            return self._open[f"client {client}" if client else _key(code, account)]

    def max_concurrent(self, code: str = "", account: str = "") -> int:
        with self._lock:
            return self._most[_key(code, account)]

    def bytes_sent(self, code: str = "") -> int:
        """Body bytes sent by the file servers."""
        return sum(r.bytes_sent for r in self if r.part == "cdn" and code.upper() in ("", r.code.upper()))

    def _leaks(self, request: Request) -> list[str]:
        if request.part != "cdn":
            return []
        leaks = [f"{name} header" for name in ("cookie", "authorization") if name in request.headers]
        text = " ".join([request.path, *request.headers.values(), request.body.decode("latin-1")])
        return leaks + [f"secret {secret[:4]}..." for secret in self.secrets if secret in text]


def _key(code: str, account: str) -> str:
    return f"code {code.upper()}" if code else f"account {account.lower()}" if account else "all"


def _counted(request: Request) -> list[str]:
    """The counters that a transfer of file bytes belongs to."""
    if request.part != "cdn" or request.method != "GET":
        return []
    keys = ["all", f"client {request.client}"]
    keys += [_key(request.code, "")] if request.code else []
    return [*keys, _key("", request.account)] if request.account else keys
