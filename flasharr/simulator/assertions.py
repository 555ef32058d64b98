"""What a journal proves about a client: each function gives one line for every breach, so an empty list is good.

`breaches` holds what must be so whatever a client meets. A test that provokes one says which in `journal.excused`.
The others take what the test knows: how many connections are allowed, how large the file is, when the user acted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

from flasharr.simulator.journal import Journal, Request

FSHARE = ("api", "web")
OWN_KEY = re.compile(r"(?<=[?&])api_key=[^&]*")
REFUSED_FOR_GOOD = (405, 406, 409, 410, 424, 500)  # answers to signing in after which only the user can help


def breaches(journal: Journal) -> list[str]:
    """Everything that must never happen and did, each line beginning with the name of its rule."""
    return [f"{name}: {line}" for name, rule in ALWAYS.items() if name not in journal.excused for line in rule(journal)]


def one_agent(journal: Journal) -> list[str]:
    """The API and the website see one User-Agent, the configured one."""
    agents = {request.headers.get("user-agent", "") for request in journal if request.part in FSHARE}
    return [] if len(agents) <= 1 else [f"these were sent: {', '.join(sorted(agents))}"]


def agent_stays_home(journal: Journal) -> list[str]:
    """The User-Agent that belongs to the app key goes nowhere else."""
    agents = {request.headers.get("user-agent") for request in journal if request.call == "login"}
    others = (request for request in journal if request.part not in FSHARE)
    return [_at(request) for request in others if request.headers.get("user-agent") in agents]


def secrets_stay_home(journal: Journal) -> list[str]:
    """No credential reaches the website, the search or the posters; the catalogue is told its own key and no other."""
    secrets = journal.secrets
    return [
        f"{_at(request)}: secret {secret[:4]}..."
        for request in journal
        if request.part not in ("api", "cdn")
        for secret in secrets
        if secret in _said(request)
    ]


def website_gets_no_session(journal: Journal) -> list[str]:
    """The website's listing needs no sign-in, so it is told nothing of one."""
    told = ("cookie", "authorization")
    return [_at(request) for request in journal if request.part == "web" and any(n in request.headers for n in told)]


def right_referer(journal: Journal) -> list[str]:
    """Nothing refers to the API, which answers 400 to that; file servers are told nothing."""
    return [
        f"{_at(request)} refers to {referer}"
        for request in journal
        if (referer := request.headers.get("referer", ""))
        and (request.part == "cdn" or (request.part == "api" and "/api" in referer) or "api." in referer)
    ]


def one_login_at_a_time(journal: Journal) -> list[str]:
    """No account is signed in twice at the same moment."""
    logins = sorted(journal.logins(), key=lambda login: (login.account, login.began))
    return [
        f"{later.account} again after {later.began - earlier.began:.3f} s, while the first was being answered"
        for earlier, later in pairwise(logins)
        if earlier.account == later.account and later.began < earlier.began + earlier.seconds
    ]


ALWAYS: dict[str, Callable[[Journal], list[str]]] = {
    "secrets": Journal.secrets_leaked_to_cdn,
    "secrets elsewhere": secrets_stay_home,
    "agent": one_agent,
    "agent elsewhere": agent_stays_home,
    "session": website_gets_no_session,
    "referer": right_referer,
    "logins": one_login_at_a_time,
}


def more_logins_than(journal: Journal, expiries: int, account: str = "") -> list[str]:
    """The first sign-in, and one for each time that the session had ended."""
    count = len(journal.logins(account))
    return [f"{count} sign-ins for {expiries} expiries"] if count > 1 + expiries else []


def requests_after_refusal(journal: Journal) -> list[str]:
    """What was asked for an account after its sign-in was refused for good; clear the journal when the user acts."""
    refused: set[str] = set()
    lines = []
    for request in journal:
        if request.part == "api" and request.account in refused:
            lines.append(_at(request))
        if request.call == "login" and request.status in REFUSED_FOR_GOOD:
            refused.add(request.account)
    return lines


def retries_too_early(journal: Journal, calls: Iterable[str], most: int) -> list[str]:
    """At most `most` repetitions of a call about a code, each after a longer pause, and after Retry-After."""
    lines = []
    for call in calls:
        for code in {request.code for request in journal.calls(call)}:
            tries = journal.calls(call, code)
            gaps = [later.time - earlier.time for earlier, later in pairwise(tries)]
            if len(gaps) > most:
                lines.append(f"{call} {code}: {len(gaps)} repetitions")
            if any(later <= earlier for earlier, later in pairwise(gaps)):
                lines.append(f"{call} {code}: the pauses do not grow: {[round(gap, 1) for gap in gaps]}")
            for first, gap in zip(tries, gaps, strict=False):
                if first.retry_after is not None and gap < first.retry_after:
                    lines.append(f"{call} {code}: again after {gap:.1f} s instead of {first.retry_after:.0f}")
    return lines


def connections_above(journal: Journal, most: int, account: str = "") -> list[str]:
    """File transfers at the same time."""
    count = journal.max_concurrent(account=account)
    return [f"{count} connections, {most} allowed"] if count > most else []


def bytes_not_tiled(journal: Journal, code: str, size: int, overlap: int = 0) -> list[str]:
    """What was sent covers the file without a hole, and is no more than its size and `overlap` bytes."""
    sent = [(_start(request), _start(request) + request.bytes_sent) for request in _transfers(journal, code)]
    lines, reached = [], 0
    for start, end in sorted(sent):
        if start > reached:
            lines.append(f"nobody asked for {reached} to {start}")
        reached = max(reached, end)
    if reached < size:
        lines.append(f"nobody asked for {reached} to {size}")
    total = sum(end - start for start, end in sent)
    return [*lines, *([f"{total} bytes were sent for {size}"] if total > size + overlap else [])]


def addresses_minted_early(journal: Journal, seconds: float) -> list[str]:
    """Minted addresses whose first use came later than this."""
    first: dict[str, Request] = {}
    for request in journal:
        if request.age is not None:
            first.setdefault(request.path, request)
    return [f"{_at(it)} after {it.age:.1f} s" for it in first.values() if it.age is not None and it.age > seconds]


def intervals_below(journal: Journal, seconds: float, parts: Iterable[str] = FSHARE) -> list[str]:
    """Requests to Fshare that came sooner after the one before than this."""
    asked = sorted((request for request in journal if request.part in parts), key=lambda request: request.began)
    gaps = ((later, later.began - earlier.began) for earlier, later in pairwise(asked))
    return [f"{_at(request)} after {gap:.3f} s" for request, gap in gaps if gap < seconds]


def _transfers(journal: Journal, code: str) -> list[Request]:
    return [it for it in journal if it.part == "cdn" and it.method == "GET" and it.code == code and it.bytes_sent]


def _start(request: Request) -> int:
    """Where the answer to a request began: at its range's start when that was honoured."""
    begin = request.range.removeprefix("bytes=").partition("-")[0]
    return int(begin) if request.status == 206 and begin.isdigit() else 0


def _said(request: Request) -> str:
    """All of a request, without the key that belongs to whom it was sent."""
    own = ("authorization",) if request.part == "tmdb" else ()
    path = OWN_KEY.sub("", request.path) if request.part == "tmdb" else request.path
    headers = [value for name, value in request.headers.items() if name not in own]
    return " ".join([path, *headers, request.body.decode("latin-1")])


def _at(request: Request) -> str:
    return f"{request.method} {request.path.partition('?')[0]}"
