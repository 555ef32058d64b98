"""What each page of the search costs for one reader once its answers are there.

    python -m tests.benchmarks.every_page [--times 20]

TimFshare answers every question with 5,000 rows. 50 titles are on the watchlist, 20 folders with 2,000 files are
followed. Each page is fetched over HTTP from a web server in a process of its own, until the last byte; nothing is
drawn. `python -m tests.benchmarks.search_pages` prints the same table.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

import requests

from flasharr.simulator import Simulator
from flasharr.simulator.titles.catalogue import read_catalogue
from tests.benchmarks.web import read, reader, served
from tests.search.providers import titles

AIM = 150  # ms
FOLDERS, FILES = 20, 100
FILM, SERIES = "/title/movie/438631/", "/title/tv/127532/"
PAGES = {
    "search, titles": "/search/?q=the",
    "search, names of 5,000 files": "/search/?kind=files&now=1&q=dune",
    "discover, shelves": "/discover/",
    "discover, a list": "/discover/?list=films",
    "film": FILM,
    "film, its files": f"{FILM}files/",
    "film, whole": f"{FILM}?all=1",
    "series": SERIES,
    "series, its files": f"{SERIES}files/",
    "series, whole": f"{SERIES}?all=1",
    "plan of a film": f"{FILM}plan/",
    "plan of a season": f"{SERIES}plan/",
    "plan of a whole series": f"{SERIES}plan/?every=1",
    "collection": "/collection/9200001/",
    "watchlist": "/watchlist/",
    "calendar": "/calendar/",
    "folders": "/folders/",
    "folders, searched": "/folders/?q=dune",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    with titles() as simulator, served(simulator) as cookies:
        every_page(simulator, cookies, times)


def every_page(simulator: Simulator, cookies: dict[str, str], times: int) -> None:
    """Print a row for each page: its times, the best one, its queries of the database and its size."""
    fill()
    simulator.fault("many_rows", call="timfshare", count=None)
    session = reader(cookies)
    for address in PAGES.values():
        read(session, address)
    before = len(simulator.journal)
    print(f"one reader, {times} times each, load average {os.getloadavg()[0]:.1f}")
    print(f"{'page':30} median   best  worst ms    kB")
    for name, address in PAGES.items():
        spent, size = measured(session, address, times)
        late = "  more than aimed at" if statistics.median(spent) > AIM else ""
        print(f"{name:30} {statistics.median(spent):6.0f} {min(spent):6.0f} {max(spent):6.0f}   {size // 1000:6}{late}")
    print(f"requests to providers meanwhile: {len(simulator.journal) - before}")
    simulator.clear_faults()


def measured(session: requests.Session, address: str, times: int) -> tuple[list[float], int]:
    """Milliseconds of each fetch, and the bytes of the last one."""
    spent, size = [], 0
    for _ in range(times):
        began = time.perf_counter()
        size = len(read(session, address).encode())
        spent.append(1000 * (time.perf_counter() - began))
    return spent, size


def fill() -> None:
    """A watchlist and followed folders."""
    from search.watchlist.models import Wish
    from tests.search.catalogue.rows import make_entries, make_subscription

    catalogue = read_catalogue()
    for medium, works in (("tv", catalogue.series[:20]), ("movie", catalogue.films[:30])):
        Wish.objects.bulk_create(
            Wish(medium=medium, tmdb_id=one.id, name=one.name, year=one.first.year, next_check_at=None) for one in works
        )
    for folder in range(FOLDERS):
        names = [f"Dune.2021.S{folder:02}E{number:02}.1080p.WEB-DL.mkv" for number in range(FILES)]
        make_entries(make_subscription(), names)


if __name__ == "__main__":
    main()
