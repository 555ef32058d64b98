"""Boxes of the checklist of a faithful simulator: its file servers and lines. One short proof each."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unicodedata import normalize
from urllib.parse import urlsplit

import pytest
import requests

from flasharr.simulator import Simulator, lines
from flasharr.simulator.assertions import ALWAYS
from flasharr.simulator.cdn import DISPOSITIONS
from flasharr.simulator.cdn_faults import PAGES
from flasharr.simulator.certificates import KINDS as CERTIFICATES
from flasharr.simulator.certificates import Authority
from flasharr.simulator.clock import Clock
from flasharr.simulator.registry import KINDS
from tests.simulator.conftest import CODE, SIZE, Member
from tests.simulator.watching import Seen, fetch
from tests.stack import until

Box = Callable[[Member], None]
BOXES: dict[str, Box] = {}
NOON = 1_800_000_000.0 - 1_800_000_000 % 86_400 + 5 * 3600  # 12:00 in Vietnam
EMAIL = "demo@example.com"
WORDS = "Mưa Đầu Mùa"


def box(name: str) -> Callable[[Box], Box]:
    def put(proof: Box) -> Box:
        BOXES[name] = proof
        return proof

    return put


@pytest.fixture
def member() -> Iterator[Member]:
    """Signed in at a simulator with two more file servers and a clock that stands still."""
    with Simulator(nodes=2, clock=Clock(NOON)) as running:
        running.journal.excused = set(ALWAYS)
        running.world.accounts[EMAIL].vip_until = "Forever"
        running.add_file(CODE, "Phim hay – tập 1.mkv", SIZE)
        signed_in = Member(running)
        signed_in.login()
        yield signed_in


def minted(member: Member, code: str = CODE) -> str:
    return str(member.download(code).json()["location"])


def ranged(url: str, asked: str, **headers: str) -> Seen:
    return fetch(url, {"Range": f"bytes={asked}", **headers})


def statuses(member: Member, count: int) -> list[int]:
    """What so many transfers are answered, none of which is over before all have come; each reads to its end."""
    file, journal, url = member.simulator.world.files[CODE], member.simulator.journal, minted(member)
    file.speed, before = 1000, len(journal)
    is_queued = member.simulator.world.rules.over_cap == "queue"
    with ThreadPoolExecutor(count) as pool:
        transfers = []
        for number in range(1, count + 1):
            transfers.append(pool.submit(fetch, url))
            until(lambda number=number: len(journal) == before + number)  # type: ignore[misc]
            until(lambda number=number: journal[-1].status or (is_queued and number == count))  # type: ignore[misc]
        file.speed = 0
        return sorted(transfer.result().status for transfer in transfers)


@box("15.2 GET and HEAD, ranges of every kind, 416")
def _ranges(member: Member) -> None:
    url, file = minted(member), member.simulator.world.files[CODE]
    head = fetch(url, method="HEAD")
    assert (head.status, head.headers["content-length"], head.body) == (200, str(SIZE), b"")
    assert head.headers["content-type"] == "application/octet-stream"
    for profile in ("bytes", ""):
        file.accept_ranges = profile
        seen = ranged(url, "10-19")
        assert seen.headers.get("accept-ranges", "") == profile
        assert (seen.status, seen.headers["content-range"]) == (206, f"bytes 10-19/{SIZE}")
    assert [len(ranged(url, asked).body) for asked in ("-5", f"{SIZE - 7}-")] == [5, 7]
    beyond = ranged(url, f"{SIZE}-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{SIZE}")


@box("15.2 names and validators in every profile, If-Range")
def _headers(member: Member) -> None:
    url, file = minted(member), member.simulator.world.files[CODE]
    assert {"none", "ascii", "utf8", "rfc5987", "wrong", "traversal", "code"} == DISPOSITIONS.keys()
    for profile in DISPOSITIONS:
        file.disposition = profile
        assert ("content-disposition" in fetch(url, method="HEAD").headers) is (profile != "none")
    for profile in ("strong", "weak"):
        file.etag, file.last_modified = profile, True
        seen = fetch(url, method="HEAD").headers
        assert seen["etag"].startswith("W/") is (profile == "weak")
        assert "last-modified" in seen
    file.etag = "strong"
    tag = fetch(url, method="HEAD").headers["etag"]
    assert [ranged(url, "5-", **{"If-Range": it}).status for it in (tag, '"other"')] == [206, 200]


@box("15.2 lines that stay open or close; redirects to another server, or to TLS")
def _lines(member: Member) -> None:
    url = minted(member)
    parts = urlsplit(url)
    line = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    for _ in range(2):
        line.request("GET", parts.path, headers={"Range": "bytes=0-0"})
        assert line.getresponse().read()
    line.close()
    member.simulator.fault("connection_close")
    assert fetch(url).headers["connection"] == "close"
    other = member.simulator.state.nodes[0]
    member.simulator.fault("redirect", call="cdn", value={"status": 302, "to": other})
    moved = fetch(url).headers["location"]
    assert moved == other + parts.path
    assert len(fetch(moved).body) == SIZE


@box("15.2 caps on connections of an account and of an address: 503, 403, or a queue")
def _caps(member: Member) -> None:
    world = member.simulator.world
    account, rules = world.accounts[EMAIL], world.rules
    account.max_connections = 2
    for shape, expected in (("503", [200, 200, 503]), ("403", [200, 200, 403]), ("queue", [200, 200, 200])):
        rules.over_cap = shape
        assert statuses(member, 3) == expected
    account.max_connections, rules.ip_connections, rules.over_cap = 0, 1, "503"
    assert statuses(member, 2) == [200, 503]
    assert member.simulator.journal.max_concurrent(account=EMAIL) == 3


@box("15.2 speed of a connection and of an account")
def _speed(member: Member) -> None:
    world, url = member.simulator.world, minted(member)
    for thing in (world.files[CODE], world.accounts[EMAIL]):
        thing.speed = SIZE * 5
        began = time.monotonic()
        fetch(url)
        assert time.monotonic() - began > 0.15
        thing.speed = 0
    world.accounts[EMAIL].speed = SIZE * 5
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(fetch, [url, url]))
    assert time.monotonic() - began > 0.3


@box("15.4 a daily quota: a page or a crawl, until midnight in Vietnam")
def _quota(member: Member) -> None:
    account, url = member.simulator.world.accounts[EMAIL], minted(member)
    account.quota = SIZE
    assert len(fetch(url).body) == SIZE
    assert "vượt quá số lượt tải trong ngày" in fetch(url).body.decode()
    account.over_quota = "slow"
    seen = ranged(url, "0-39999")
    assert len(seen.body) == 40_000
    assert member.simulator.journal[-1].seconds > 0.1
    account.over_quota = "page"
    member.simulator.clock.advance(12 * 3600 - 1)
    member.login()
    assert fetch(minted(member)).headers["content-type"].startswith("text/html")
    member.simulator.clock.advance(1)
    assert len(fetch(minted(member)).body) == SIZE


@box("15.2 addresses that end: by time, by use, by HEAD, by another IP address")
def _ends(member: Member) -> None:
    rules, clock = member.simulator.world.rules, member.simulator.clock
    url = minted(member)
    rules.link_ttl = 60
    clock.advance(61)
    assert fetch(url).status == 403
    rules.link_uses = 1
    for counts, expected in ((False, [200, 200, 403]), (True, [200, 403, 403])):
        rules.head_counts = counts
        url = minted(member)
        assert [fetch(url, method=method).status for method in ("HEAD", "GET", "GET")] == expected
    rules.link_uses, rules.ip_bound = 0, True
    url = minted(member)
    parts = urlsplit(url)
    line = http.client.HTTPConnection(str(parts.hostname), parts.port, 5, ("127.0.0.2", 0))
    line.request("GET", parts.path)
    assert line.getresponse().status == 403
    line.close()
    assert fetch(url).status == 200
    member.simulator.fault("ip_changed")
    assert [fetch(url).status, fetch(url).status, fetch(minted(member)).status] == [403, 403, 200]


@box("15.4 servers that take turns, one of which fails, is gone, or is redirected to")
def _nodes(member: Member) -> None:
    simulator = member.simulator
    first, second = minted(member), minted(member)
    assert urlsplit(first).port != urlsplit(second).port
    simulator.fault("server_error", call="cdn", node=1, count=None)
    by_node = {urlsplit(url).port: fetch(url).status for url in (first, second)}
    assert sorted(by_node.values()) == [200, 502]
    dead = simulator.state.nodes[1]
    simulator.stop_node(2)
    simulator.clear_faults()
    gone, good = sorted((first, second), key=lambda url: not url.startswith(dead))
    with pytest.raises(ConnectionRefusedError):
        fetch(gone)
    simulator.fault("redirect", call="cdn", value={"to": dead})
    assert fetch(good).headers["location"].startswith(dead)
    assert fetch(good).status == 200


@box("15.4 every lie of a file server, at any byte, for any range, once or always")
def _lies(member: Member) -> None:
    needed = (
        "slow stall early_end reset length_too_large length_too_small chunked range_ignored wrong_content_range "
        "extra_bytes multipart changed_file not_satisfiable link_expired html_page busy rate_limited server_error "
        "corrupt ip_changed gzip_claimed wrong_bytes"
    )
    assert set(needed.split()) <= KINDS.keys()
    url = minted(member)
    member.simulator.fault("reset", at=150_000, count=None, when="resume")
    assert [ranged(url, "100-").ended, fetch(url).ended, ranged(url, "100-").ended] == ["reset", "complete", "reset"]


@box("15.4 pages instead of bytes: limit, not found, error, guest")
def _pages(member: Member) -> None:
    url = minted(member)
    for name in PAGES:
        member.simulator.fault("html_page", value=name)
        assert fetch(url).body.decode() == PAGES[name]
    assert PAGES.keys() == {"limit", "error", "missing", "guest"}


@box("15.4 sizes from nothing to 50 GiB, and names that hurt")
def _sizes(member: Member) -> None:
    for size in (0, 1, 2 * 2**20 - 1, 2 * 2**20 + 1, 2**32 + 1, 50 * 2**30):
        member.simulator.add_file("SIZE", "CON.txt", size)
        url = member.simulator.direct_url("SIZE")
        assert fetch(url, method="HEAD").headers["content-length"] == str(size)
        if size:
            assert len(ranged(url, "-1").body) == 1
    for name in (normalize("NFC", WORDS), normalize("NFD", WORDS), "🎬.mkv", "x" * 260, "CON.txt", "a/../../x", "dot."):
        member.simulator.add_file("NAME", name, 1)
        assert fetch(minted(member, "NAME")).status == 200


@box("15.3 lines that are refused, unanswered, silent, or lead nowhere")
def _dead_lines(member: Member) -> None:
    for line, problem in ((lines.refused, ConnectionRefusedError), (lines.unanswered, TimeoutError)):
        with line() as port, pytest.raises(problem):
            socket.create_connection(("127.0.0.1", port), timeout=0.3)
    with lines.silent() as port, socket.create_connection(("127.0.0.1", port), timeout=0.3) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with pytest.raises(TimeoutError):
            silent.recv(1)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo(lines.UNKNOWN_NAME, 80)


def test_certificates_are_right_or_wrong_as_promised(member: Member, tmp_path: Path) -> None:
    """15.3 TLS: good, expired, for another host, without its intermediate, self-signed."""
    authority, verdicts = Authority(tmp_path), {}
    plain = int(member.simulator.url.rpartition(":")[2])
    for kind in CERTIFICATES:
        with lines.tls_front(plain, authority.context(kind)) as port, requests.Session() as http_session:
            http_session.trust_env = False
            url = f"https://localhost:{port}/cdn/file/{CODE}/x"
            try:
                answer = http_session.get(url, verify=str(authority.root_file), timeout=60)
                verdicts[kind] = str(len(answer.content))
            except requests.exceptions.SSLError as error:
                verdicts[kind] = str(error)
    words = {
        "good": str(SIZE),
        "expired": "expired",
        "wrong_host": "mismatch",
        "no_intermediate": "unable to get local issuer",
        "self_signed": "self-signed",
    }
    assert {kind: word in verdicts[kind] for kind, word in words.items()} == dict.fromkeys(CERTIFICATES, True), verdicts


def test_the_clock_stands_still_until_it_is_moved(member: Member) -> None:
    assert member.simulator.clock.now() == NOON
    member.simulator.clock.advance(1.5)
    assert member.simulator.clock.now() == NOON + 1.5


@pytest.mark.parametrize("proof", BOXES.values(), ids=BOXES)
def test_the_box_is_there(member: Member, proof: Box) -> None:
    proof(member)
