"""Is the right file first? Every title of the simulated world, searched for through the real clients.

    python -m tests.benchmarks.search [--latency]

TMDB and TimFshare are played on loopback with 66 films and 26 series, remakes, sequels and names that only look right
among them. Which file is which title is known from the lists that the world is made of; names in them that were put
there to mislead are in MISLEADING, by their own words. With `--latency` the providers take 800 and 200 ms.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from flasharr.simulator import Simulator
from flasharr.simulator.titles.catalogue import Film, Series, Work, read_catalogue
from flasharr.simulator.titles.offers import _of_series, code_of
from hosts.guard import guarded_session, origin_of
from search import airing
from search.finder.search import Results, Search, Wanted
from search.releases import VIETNAMESE_FIRST
from search.shelf import Shelf
from search.sources.timfshare import TimFshare
from search.titles import Medium, Title, TitleRef
from tests.search.providers import MOST, asked, titles, tmdb

TODAY = date(2026, 6, 1)
PACES = {"TimFshare": 0.8, "TMDB": 0.2}  # seconds, with --latency
MISLEADING = re.compile(
    r"Full\.House|Reply\.1997|House\.of\.Cards|Squid\.Game\.The\.Challenge|I\.May\.Destroy|Dark\.Matter|Trailer|"
    r"Call\.Me\.by|Up\.in\.the|Last\.Airbender|Documentary|Frozen\.2010|Ngày Mai|Mai Mối|the\.Vampyre|Nosferatu\.1922|"
    r"Parasite\.1982|Her\.Smell|Hai Phượng Trắng|Italian\.Job|It\.Happened|It\.Follows|Godzilla\.1998|of\.Terror|"
    r"Making\.Of\.20|web drama|The Godfather|Psychopaths|Nutcracker|Rise\.of\.an|Avengers\.2012|Shogun\.1980"
)
TRUE_ELSEWHERE = {  # listed under another title, to mislead it
    r"The Godfather 1972": ("The Godfather", 1972),
    r"Shogun\.1980\.": ("Shōgun", 1980),
}


@dataclass
class Class:
    """What came of the titles of one kind. `asked` are requests to the source for each search."""

    searches: int = 0
    right_first: int = 0
    wrong: int = 0
    missed: int = 0
    expected: int = 0
    episodes: int = 0
    found: int = 0
    named_missing: int = 0
    asked: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class Bench:
    def __init__(self, simulator: Simulator, folder: Path, executor: ThreadPoolExecutor) -> None:
        self.simulator, self.executor = simulator, executor
        self.tmdb = tmdb(simulator, folder)
        http = guarded_session(False, frozenset([origin_of(simulator.url)]))
        self.source = TimFshare(http, simulator.environment(), Shelf(folder, MOST))
        self.classes: dict[str, Class] = defaultdict(Class)
        self.first: list[float] = []
        self.complete: list[float] = []

    def search(self, title: Title, season: int | None = None) -> Results:
        known = self.tmdb.season(title.ref.tmdb_id, season).episodes if season is not None else ()
        aired = frozenset((one.season, one.number) for one in known if one.has_aired(TODAY))
        began = time.monotonic()
        wanted = Wanted(title, season, None, aired)
        search = Search(wanted, VIETNAMESE_FIRST, [self.source], self.executor).start()
        search.wait(60)
        self.first.append(time.monotonic() - began)
        results = search.wait(60, for_all=True)
        self.complete.append(time.monotonic() - began)
        return results

    def film(self, film: Film, kind: str) -> None:
        title = self.tmdb.title(TitleRef(Medium.MOVIE, film.id))
        before = len(asked(self.simulator, "timfshare"))
        results = self.search(title)
        self.judge(kind, film, results, {code_of(name) for name in film.files}, before)

    def series(self, series: Series, kind: str) -> None:
        title = self.tmdb.title(TitleRef(Medium.TV, series.id))
        own = {offer.code for offer in _of_series(series, 1.0)}
        for season in title.seasons:
            title = airing.with_episodes(title, [season.number], self.tmdb)
            before = len(asked(self.simulator, "timfshare"))
            results = self.search(title, season.number)
            self.judge(kind, series, results, own, before, season.number)

    def judge(
        self, kind: str, work: Work, results: Results, own: set[str], before: int, season: int | None = None
    ) -> None:
        into = self.classes[kind]
        into.searches += 1
        into.asked.append(len(asked(self.simulator, "timfshare")) - before)
        name = f"{work.name}{f' S{season:02}' if season is not None else ''}"
        truth = {code for code in own if not self.misleads(code)}
        truth |= self.elsewhere(work)
        accepted = {one.candidate.code for one in results.accepted}
        wrong = [one for one in results.accepted if one.candidate.code not in truth]
        into.wrong += len(wrong)
        into.failures += [f"{name}: accepted {one.candidate.name}" for one in wrong]
        first = results.accepted[0] if results.accepted else None
        if season is None:
            into.expected += len(truth)
            into.missed += len(truth - accepted)
            into.failures += [f"{name}: missed {self.name(code)}" for code in truth - accepted]
            into.right_first += first.candidate.code in truth if first else not truth
            return
        here = {place for one in results.accepted for place in one.places}
        wanted = {place for place in here | results.missing if place[0] == season}
        into.episodes += len(wanted)
        into.found += len(wanted & here)
        into.named_missing += len(results.missing)
        into.right_first += first is None or first.candidate.code in truth

    def elsewhere(self, work: Work) -> set[str]:
        """Files of this title that are listed under another one."""
        patterns = [pattern for pattern, owner in TRUE_ELSEWHERE.items() if owner == (work.name, first_year(work))]
        files = self.simulator.world.files.values()
        return {file.code for file in files if any(re.search(pattern, file.name) for pattern in patterns)}

    def misleads(self, code: str) -> bool:
        return MISLEADING.search(self.name(code)) is not None

    def name(self, code: str) -> str:
        there = self.simulator.world.files.get(code) or self.simulator.world.folders.get(code)
        return there.name if there else code


def first_year(work: Work) -> int:
    if isinstance(work, Film):
        return work.first.year
    assert isinstance(work, Series)
    return min(season.first.year for season in work.seasons if season.number > 0)


def kinds(works: tuple[Work, ...]) -> Iterator[tuple[Work, str]]:
    """The kind of each title: what makes it hard to find."""
    names = [work.name for work in works]
    for work in works:
        if names.count(work.name) > 1:
            yield work, "remakes and namesakes"
        elif getattr(work, "collection", ""):
            yield work, "sequels"
        elif len(work.name) <= 4 or re.search(r"\d", work.name):
            yield work, "short names and numbers"
        elif work.language == "vi":
            yield work, "Vietnamese"
        elif work.language == "ja":
            yield work, "anime"
        else:
            yield work, "others"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--latency", action="store_true", help="let TimFshare take 800 ms and TMDB 200 ms")
    latency = parser.parse_args().latency
    with (
        titles() as simulator,
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(12) as executor,
    ):
        if latency:
            simulator.world.rules.timfshare_latency = PACES["TimFshare"]
            simulator.world.rules.tmdb_latency = PACES["TMDB"]
        bench = Bench(simulator, Path(folder), executor)
        catalogue = read_catalogue()
        for film, kind in kinds(tuple(catalogue.films)):
            assert isinstance(film, Film)
            bench.film(film, f"films: {kind}")
        for series, kind in kinds(tuple(catalogue.series)):
            assert isinstance(series, Series)
            bench.series(series, f"series: {kind}")
    report(bench)


def report(bench: Bench) -> None:
    print(f"{'class':34} searches  right first  wrong  missed  episodes found (named missing)  requests, most")
    for name, one in sorted(bench.classes.items()):
        files = f"{one.missed}/{one.expected}" if one.expected else "-"
        episodes = f"{one.found}/{one.episodes} ({one.named_missing})" if one.episodes else "-"
        print(
            f"{name:34} {one.searches:8}  {one.right_first:7}/{one.searches:<3}  {one.wrong:5}  {files:>6}  "
            f"{episodes:>30}  {statistics.median(one.asked):g}, {max(one.asked)}"
        )
    print(f"first results: median {statistics.median(bench.first):.2f} s, worst {max(bench.first):.2f} s")
    print(f"complete: median {statistics.median(bench.complete):.2f} s, worst {max(bench.complete):.2f} s")
    for one in bench.classes.values():
        for failure in one.failures:
            print("  ", failure)


if __name__ == "__main__":
    main()
