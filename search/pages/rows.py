"""What was found, in the groups in which a page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from downloads import actions as queue
from downloads.models import Download
from search import airing
from search.finder.found import Found
from search.finder.places import Place
from search.finder.search import Results
from search.library import Library, State
from search.pages.work import Work
from search.releases.tables.files import SUBTITLES
from search.titles import Episode

SHOWN = 4  # rows of a group before somebody asks for more
MOST = 60  # rows of a group that can be asked for
MOST_REFUSED = 40
EPISODES_AT_ONCE = 60


@dataclass(slots=True)
class Row:
    """A file with its row in the queue or the history; None when it is in neither, or only its row is left."""

    found: Found
    existing: Download | None = None

    @property
    def key(self) -> str:
        return ":".join(self.found.candidate.key)


@dataclass(slots=True)
class Group:
    """Files that are shown together. `more` is how many are not."""

    key: str
    label: str
    rows: list[Row]
    more: int = 0
    is_open: bool = False


@dataclass(slots=True)
class EpisodeRow:
    """`is_sure`: all sources have been asked, so what is missing now is missing."""

    episode: Episode
    group: Group
    state: State
    is_sure: bool


@dataclass(slots=True)
class Files:
    """All that a title page shows of a search."""

    results: Results
    best: Row | None = None
    groups: list[Group] = field(default_factory=list)
    episodes: list[EpisodeRow] = field(default_factory=list)
    more_episodes: int | None = None
    refused: list[Row] = field(default_factory=list)
    more_refused: int = 0

    @property
    def total(self) -> int:
        return len(self.results.accepted)

    def rows(self) -> list[Row]:
        groups = [*self.groups, *(one.group for one in self.episodes)]
        best = [self.best] if self.best else []
        return [*best, *(row for group in groups for row in group.rows), *self.refused]


@dataclass(frozen=True, slots=True)
class View:
    """`opened` is the key of a group that is shown whole; of a season the first `upto` episodes are shown."""

    opened: str = ""
    upto: int = EPISODES_AT_ONCE


def arrange(work: Work, results: Results, here: Library, best: Found | None, view: View) -> Files:
    opened, upto = view.opened, view.upto
    files = Files(results, Row(best) if best else None)
    accepted = results.accepted
    if work.season is None:
        files.groups = by_quality([one for one in accepted if one is not best], opened)
    else:
        episodes = airing.numbered(work.season)
        files.episodes = by_episode(episodes[:upto], work, results, here, opened)
        files.more_episodes = upto + EPISODES_AT_ONCE if len(episodes) > upto else None
        known = {(one.season, one.number) for one in episodes}
        others = [one for one in accepted if one.is_pack or not (one.is_video and one.places & known)]
        files.groups = by_kind(others, opened)
    refused = results.refused if results.is_complete else []  # who waits for files need not wait for these
    files.refused = [Row(one) for one in refused[:MOST_REFUSED]]
    files.more_refused = max(0, len(refused) - MOST_REFUSED)
    mark_existing(files.rows())
    return files


def by_quality(found: Sequence[Found], opened: str) -> list[Group]:
    """Films by their resolution, the group with the best file first; what is no film comes last."""
    films = [one for one in found if one.is_video and not one.is_pack]
    groups = grouped(films, lambda one: one.release.resolution or "unknown", opened)
    for group in groups:
        group.label = _("Resolution not told") if group.key == "unknown" else group.key
    return groups + by_kind([one for one in found if not one.is_video or one.is_pack], opened)


def by_kind(found: Sequence[Found], opened: str) -> list[Group]:
    groups = grouped(found, kind, opened)
    labels = {
        "packs": _("Whole seasons and packs"),
        "beyond": _("Episodes that TMDB does not list yet"),
        "subtitles": _("Subtitles"),
        "archives": _("Archives"),
        "loose": _("Files whose episode is not told"),
    }
    for group in groups:
        group.label = labels[group.key]
    return sorted(groups, key=lambda group: list(labels).index(group.key))


def kind(one: Found) -> str:
    if one.release.container in SUBTITLES:
        return "subtitles"
    if one.is_pack:
        return "packs"
    if not one.is_video:
        return "archives"
    return "beyond" if one.places else "loose"


def by_episode(
    episodes: Sequence[Episode], work: Work, results: Results, here: Library, opened: str
) -> list[EpisodeRow]:
    """Every one of them, also those that nobody offers."""
    holding: dict[Place, list[Found]] = defaultdict(list)
    packed: set[Place] = set()
    for one in results.accepted:
        if one.is_video and not one.is_pack:
            for place in one.places:
                holding[place].append(one)
        packed |= one.places
    aired, shown = work.aired, []
    for episode in episodes:
        place = episode.season, episode.number
        group = cut(f"e{episode.number}", holding[place], opened, 1)
        group.label = _("Episode {number}").format(number=episode.number)
        shown.append(EpisodeRow(episode, group, here.state(place, aired, packed), results.is_complete))
    return shown


def grouped(found: Iterable[Found], key: Callable[[Found], str], opened: str) -> list[Group]:
    together: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        together[key(one)].append(one)
    return [cut(name, some, opened, SHOWN) for name, some in together.items()]


def cut(key: str, found: Sequence[Found], opened: str, shown: int) -> Group:
    most = MOST if key == opened else shown
    return Group(key, key, [Row(one) for one in found[:most]], max(0, len(found) - most), key == opened)


def mark_existing(rows: Sequence[Row]) -> None:
    """Give each row its download, in one query however many rows there are."""
    codes = {row.found.candidate.code for row in rows}
    known = Download.objects.filter(removed_at=None, code__in=codes) if codes else ()
    here = {(one.host, one.code): one for one in known if not queue.file_is_gone(one)}
    for row in rows:
        row.existing = here.get(row.found.candidate.key)
