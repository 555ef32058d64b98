"""What one press would fetch: the film, or the files of the seasons that are wanted, each with its reasons.

found = preview(title, seasons=[1, 2], profile=None)     # Django, network: waits for the sources
actions.grab(found)                                      # all that is ticked
actions.grab(found, ["fshare:ABC", ...])                 # what the user ticked instead
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from downloads import actions as queue
from downloads import overview
from downloads.actions import NewDownload
from downloads.models import Download
from downloads.preview import key
from search import airing, library, providers, searches
from search.finder.found import Found
from search.finder.places import Place
from search.finder.search import Results, Wanted
from search.grab import unusable
from search.grab.naming import Shelves
from search.grab.packs import link_of
from search.grab.plan import Pick, Plan, best, plan, with_subtitles
from search.grab.problems import NoSuchSeason
from search.library import Library
from search.quality import queries as quality
from search.quality.models import QualityProfile
from search.releases.library import Style
from search.releases.tables.files import SUBTITLES
from search.sources.base import Part
from search.titles import Title

LONGEST_WAIT = 25.0  # seconds; the sources have shorter limits of their own


@dataclass(frozen=True, slots=True)
class Line:
    """One file that may be fetched, and where it goes below the download folder.

    `filler`: it comes from another set than the rest. `existing` is its row when it is in the queue or the history.
    """

    found: Found
    places: tuple[Place, ...]
    directory: str
    filename: str
    filler: bool = False
    existing: Download | None = None

    @property
    def key(self) -> str:
        """What a form sends back for it: "host:code"."""
        return ":".join(self.found.candidate.key)

    @property
    def path(self) -> str:
        """Of a folder, where its files go."""
        return self.directory if self.found.candidate.is_folder else f"{self.directory}/{self.filename}"


@dataclass(frozen=True, slots=True)
class GrabPreview:
    """What would be fetched and what is known about the rest.

    `missing` has aired and nobody offers it, `had` is in the queue or the library, `coming` has not aired. `found` is
    everything that was looked at, the best first, refused ones last. `free` is None when the disk does not say.
    `failing` are the sources that did not answer, by name.
    """

    title: Title
    seasons: tuple[int, ...]
    profile: QualityProfile
    lines: tuple[Line, ...]
    plan: Plan
    library: Library
    found: tuple[Found, ...]
    missing: tuple[Place, ...] = ()
    had: tuple[Place, ...] = ()
    coming: tuple[Place, ...] = ()
    free: int | None = None
    failing: Mapping[str, Part] = field(default_factory=dict)
    is_complete: bool = True

    @property
    def aired(self) -> int:
        """How many episodes there are by now."""
        return self.plan.wanted + len(self.had)

    @property
    def covered(self) -> int:
        """How many episodes the lines bring, with those that are here."""
        return self.plan.covered + len(self.had)

    @property
    def size(self) -> int:
        """Bytes of all lines whose size is known."""
        return sum(line.found.candidate.size or 0 for line in self.lines if line.existing is None)

    @property
    def unsized(self) -> int:
        return sum(line.found.candidate.size is None for line in self.lines)

    @property
    def is_sure(self) -> bool:
        """All sources have answered: what is missing, nobody offers."""
        return self.is_complete and not self.failing

    @property
    def too_big(self) -> bool:
        return self.free is not None and self.size > self.free

    @property
    def refused(self) -> int:
        return sum(not one.accepted for one in self.found)

    @property
    def batch_name(self) -> str:
        name = library.library_name(self.title)
        whole = f"{name} ({self.title.card.year})" if self.title.card.year else name
        numbers = ", ".join(f"S{season:02d}" for season in self.seasons)
        return f"{whole} {numbers}" if numbers and len(self.seasons) <= 8 else whole

    def line(self, wanted: str) -> Line | None:
        return next((line for line in self.lines if line.key == wanted), None)


def preview(
    title: Title,
    seasons: Sequence[int] = (),
    profile: QualityProfile | None = None,
    *,
    episodes: Collection[Place] | None = None,
    again: bool = False,
    here: Library | None = None,
    wait: float = LONGEST_WAIT,
) -> GrabPreview:
    """For a film, or for seasons of a series (none named: all but the specials).

    `episodes` narrows to some of them; `again` also plans what is here already. `here` is given by who looked before. A
    search that is not over after `wait` seconds is told by `is_complete`. Raises SourceProblem when TMDB does not tell
    the episodes, NoSuchSeason.
    """
    row = profile or quality.default()
    numbers = seasons_of(title, seasons)
    title = airing.with_episodes(title, numbers, providers.tmdb())
    here = here or library.of(title)
    aired = airing.aired(title, numbers, timezone.localdate()) if title.is_series else frozenset()
    needed = aired & set(episodes) if episodes is not None else aired
    results = search(title, numbers if title.is_series else (), row, needed, wait)
    made = planned(title, results, needed, here, again)
    return GrabPreview(
        title,
        numbers if title.is_series else (),
        row,
        lines_of(title, with_subtitles(made.picks, results.found), row, here),
        made,
        here,
        results.found,
        made.missing,
        made.had,
        tuple(sorted(set(airing.episodes(title)) - aired)) if title.is_series else (),
        overview.free_space(),
        results.failing,
        results.is_complete,
    )


def seasons_of(title: Title, wanted: Sequence[int]) -> tuple[int, ...]:
    """Each once, so that nobody is asked for seasons that are none; all but the specials when none is named.

    Raises NoSuchSeason.
    """
    if not title.is_series or not wanted:
        return airing.regular(title)
    known = {season.number for season in title.seasons}
    if unknown := sorted(set(wanted) - known):
        raise NoSuchSeason(title=title.card.name, season=str(unknown[0])[:20])
    return tuple(sorted(set(wanted)))


def search(
    title: Title, seasons: Sequence[int], profile: QualityProfile, needed: Collection[Place], wait: float
) -> Results:
    """One search for a film, one for each season, together."""
    pure, until = quality.pure(profile), time.monotonic() + wait
    wanted = [Wanted(title, season, None, frozenset(p for p in needed if p[0] == season)) for season in seasons]
    running = [searches.of(one, pure) for one in wanted or [Wanted(title)]]
    done = [one.wait(max(0.0, until - time.monotonic()), for_all=True) for one in running]
    return joined(done)


def joined(results: Sequence[Results]) -> Results:
    found = {one.candidate.key: one for part in results for one in part.found}
    return Results(
        tuple(sorted(found.values(), key=lambda one: one.order)),
        tuple(part for one in results for part in one.parts),
        frozenset().union(*(one.missing for one in results)),
        all(one.is_complete for one in results),
    )


def planned(title: Title, results: Results, needed: Collection[Place], here: Library, again: bool) -> Plan:
    """What could not be fetched before is not chosen again."""
    spurned = here.failed | unusable.known()
    usable = [one for one in results.found if one.candidate.key not in spurned]
    if title.is_series:
        return plan(usable, needed, () if again else here.had)
    chosen = None if here.has_film and not again else best(usable) or _folder(usable)
    return Plan((Pick(chosen, ()),) if chosen else ())


def _folder(found: Iterable[Found]) -> Found | None:
    """A folder that is called like the film, when there is no single file."""
    return next((one for one in found if one.accepted and one.candidate.is_folder), None)


def lines_of(title: Title, picks: Iterable[Pick], profile: QualityProfile, here: Library) -> tuple[Line, ...]:
    """Videos get their paths first: a subtitle goes beside its own."""
    picks = list(picks)
    links = [NewDownload(link_of(pick.found.candidate)) for pick in picks]
    rows = {key(row.link): row for row in queue.live_rows(links) if not queue.file_is_gone(row)}
    shelves = Shelves(title, Style(profile.naming), here)
    subtitles_last = sorted(range(len(picks)), key=lambda number: picks[number].found.release.container in SUBTITLES)
    lines = {
        number: _line(picks[number], shelves, rows.get(":".join(picks[number].found.candidate.key)))
        for number in subtitles_last
    }
    return tuple(lines[number] for number in range(len(picks)))


def _line(pick: Pick, shelves: Shelves, existing: Download | None) -> Line:
    if existing is not None:
        return Line(
            pick.found, pick.places, existing.directory, existing.filename or existing.name, pick.filler, existing
        )
    path = shelves.path(pick.found.release, pick.places or sorted(pick.found.places))
    return Line(pick.found, pick.places, path.parent.as_posix(), path.name, pick.filler)
