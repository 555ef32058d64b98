"""How long a reader of the title page waits for its files, and what the page costs once it is warm.

    python -m tests.benchmarks.search_pages [--titles 50] [--users 4] [--parts cold warm queries pages]

The web server is a process of its own, as `up` starts it; TMDB and TimFshare are played here, with 200 and 800 ms
before each answer. The page is read as htmx reads it: the page, then the fragment of its files until that says it is
whole. What a browser needs to draw it is not in the times.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from urllib.parse import urlencode

import requests

from flasharr.simulator import Simulator
from flasharr.simulator.titles.catalogue import Work, read_catalogue
from tests.benchmarks.every_page import every_page
from tests.benchmarks.search import PACES
from tests.benchmarks.web import read, reader, served
from tests.search.providers import titles

PARTS = ("cold", "warm", "queries", "pages")
COLD = 8  # films, and as many series
LONGEST = 20.0  # seconds
AIM = 1.2  # seconds until the first file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=50)
    parser.add_argument("--users", type=int, default=4)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    options = parser.parse_args()
    with titles() as simulator, served(simulator) as cookies:
        print(f"load average {os.getloadavg()[0]:.1f} at the start")
        if "cold" in options.parts:
            cold(simulator, cookies)
        if "warm" in options.parts:
            warm(simulator, cookies, options.titles, options.users)
        if "queries" in options.parts:
            candidates(simulator, cookies)
        print(f"load average {os.getloadavg()[0]:.1f} at the end")
        if "pages" in options.parts:
            every_page(simulator, cookies, 20)


def films_and_series() -> tuple[list[str], list[str]]:
    """The addresses of their pages."""
    catalogue = read_catalogue()
    return [f"/title/movie/{one.id}/" for one in catalogue.films], [f"/title/tv/{one.id}/" for one in catalogue.series]


def opened(session: requests.Session, address: str) -> tuple[float, float, float]:
    """Seconds until the page, its first file, and all of them; without any file the first is the last."""
    began, first, page = time.monotonic(), 0.0, read(session, address)
    came = time.monotonic() - began
    while True:
        now = time.monotonic() - began
        if not first and 'class="name"' in page:
            first = now
        fragment = re.search(r'<section id="candidates"[^>]*aria-busy="(\w+)"[^>]*hx-get="([^"]+)"', page)
        assert fragment, page[:500]
        if fragment[1] == "false" or now > LONGEST:
            return came, first or now, now
        page = read(session, unescape(fragment[2]))


def cold(simulator: Simulator, cookies: dict[str, str]) -> None:
    """Titles never asked for: opened by their number alone, and from a card of a search that showed their name."""
    rules = simulator.world.rules
    rules.timfshare_latency, rules.tmdb_latency = PACES["TimFshare"], PACES["TMDB"]
    catalogue = read_catalogue()
    session = reader(cookies)
    read(session, "/search/")
    kinds: tuple[tuple[str, Sequence[Work]], ...] = (("movie", catalogue.films), ("tv", catalogue.series))
    for kind, works in kinds:
        for how, some in (("number", works[:COLD]), ("card", works[COLD : 2 * COLD])):
            times, asked = [], []
            for work in some:
                if how == "card":
                    read(session, f"/search/?{urlencode({'q': work.name})}")
                before = len(simulator.journal)
                times.append(opened(session, f"/title/{kind}/{work.id}/"))
                asked.append(len(simulator.journal) - before)
            before = len(simulator.journal)
            for work in some:
                opened(session, f"/title/{kind}/{work.id}/")
                opened(session, f"/title/{kind}/{work.id}/?fresh=1")
            again = len(simulator.journal) - before
            report(f"{kind:5} by its {how:6}", [work.name for work in some], times, asked, again)
    rules.timfshare_latency = rules.tmdb_latency = 0.0


def report(
    heading: str, names: list[str], times: list[tuple[float, float, float]], asked: list[int], again: int
) -> None:
    for name, values in zip(("page", "first file", "complete"), zip(*times, strict=True), strict=True):
        print(f"{heading} {name:11} median {statistics.median(values):.2f} s, worst {max(values):.2f} s")
    print(f"{heading} requests    median {statistics.median(asked):g}, most {max(asked)}; the second time {again}")
    if late := [name for name, (_, first, _) in zip(names, times, strict=True) if first > AIM]:
        print(f"{heading} first file later than {AIM} s: {', '.join(late)}")


def warm(simulator: Simulator, cookies: dict[str, str], count: int, users: int) -> None:
    films, series = films_and_series()
    addresses = [*series[: count // 3], *films][:count]
    with ThreadPoolExecutor(users) as executor:
        for _ in executor.map(lambda address: opened(reader(cookies), address), addresses):
            pass
        before = len(simulator.journal)
        times: dict[str, list[float]] = {"page": [], "files": []}

        def look(seed: int) -> None:
            session, mine = reader(cookies), random.Random(seed).sample(addresses, len(addresses))
            for address in mine:
                for kind, path in (("page", address), ("files", f"{address}files/")):
                    began = time.monotonic()
                    read(session, path)
                    times[kind].append(time.monotonic() - began)

        for _ in executor.map(look, range(users)):
            pass
    print(f"{len(addresses)} titles, {users} users at once, {len(simulator.journal) - before} requests to providers")
    for kind, values in times.items():
        ordered = sorted(values)
        p95 = ordered[int(len(ordered) * 0.95)]
        print(f"warm {kind:6} p50 {1000 * statistics.median(values):.0f} ms, p95 {1000 * p95:.0f} ms")


def candidates(simulator: Simulator, cookies: dict[str, str]) -> None:
    """Queries of the database for pages with few candidates and with as many as a source may bring."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.cookies.load(cookies)
    films, series = films_and_series()
    for some, address in (("few", films[0]), ("few", series[0]), ("5,000", films[-2]), ("5,000", series[-2])):
        if some != "few":
            simulator.fault("many_rows", call="timfshare", count=None)
        for path, headers in ((address, {}), (f"{address}files/", {"HX-Request": "true"})):
            client.get(f"{path}?all=1&fresh=1", headers=headers)
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(f"{path}?all=1", headers=headers)
            print(f"{path:28} {some:>5} rows an answer: {len(captured)} queries, {len(answer.content) // 1000} kB")


if __name__ == "__main__":
    main()
