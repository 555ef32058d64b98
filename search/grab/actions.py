"""Every verb that turns found files into downloads. Pages, REST, the commands and the watchlist come through here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction

from downloads import actions as queue
from downloads.actions import Added, NewDownload, Together
from downloads.models import Batch
from hosts.base import Problem
from search import airing, library, providers
from search.finder.found import Found
from search.grab import problems, record, unusable
from search.grab.models import Chosen
from search.grab.packs import inside, link_of
from search.grab.plan import Pick, Plan
from search.grab.preview import GrabPreview, Line, lines_of, preview
from search.problems import SourceProblem
from search.quality import queries as quality
from search.quality.models import QualityProfile
from search.releases import OF_QUALITY, Profile
from search.titles import Title


@dataclass(frozen=True, slots=True)
class Grabbed:
    """What one press did. `added` has a row for each file, those that were there already marked `existing`."""

    added: list[Added]

    @property
    def new(self) -> int:
        return sum(one.is_new for one in self.added)

    @property
    def batch(self) -> Batch | None:
        return next((one.download.batch for one in self.added if not one.existing), None)


def grab(
    seen: GrabPreview, chosen: Iterable[str] | None = None, *, priority: int = 0, by_watchlist: bool = False
) -> Grabbed:
    """Fetch the lines of a preview, or the files of these keys ("host:code") of everything that was found.

    One batch, in one transaction; pressed twice it adds nothing twice. Raises GrabRefused, or the Problem of a host
    whose folder could not be looked into; then nothing was changed.
    """
    lines = seen.lines if chosen is None else _chosen(seen, list(dict.fromkeys(chosen)))
    if not lines:
        raise why_nothing(seen)
    files = _expanded(seen, lines)
    items = [
        NewDownload(
            link_of(line.found.candidate),
            line.found.candidate.name,
            line.found.candidate.size,
            line.directory,
            line.filename,
            priority=priority,
        )
        for line in files
    ]
    with transaction.atomic():
        added = queue.add(items, Together(seen.batch_name))
        _keep_reasons(seen, files, added, by_watchlist)
    return Grabbed(added)


def grab_film(title: Title, profile: QualityProfile | None = None) -> Grabbed:
    """The best file of a film. Raises GrabRefused, SourceProblem."""
    return grab(preview(title, profile=profile))


def grab_seasons(title: Title, seasons: Sequence[int] = (), profile: QualityProfile | None = None) -> Grabbed:
    """What is missing of these seasons, or of all. Raises GrabRefused, SourceProblem."""
    return grab(preview(title, seasons, profile))


def grab_file(
    title: Title, found: Found, profile: QualityProfile | None = None, others: Sequence[Found] = ()
) -> Grabbed:
    """One file that the user picked, whatever the profile thinks of it. `others` were looked at with it."""
    seasons = tuple(sorted({season for season, _ in found.places}))
    with suppress(SourceProblem):  # then without the names of its episodes
        title = airing.with_episodes(title, seasons, providers.tmdb())
    row, here = profile or quality.default(), library.of(title)
    picked = Pick(found, tuple(sorted(found.places)))
    lines = lines_of(title, [picked], row, here)
    return grab(GrabPreview(title, seasons, row, lines, Plan((picked,)), here, tuple(others) or (found,)))


def why_nothing(seen: GrabPreview) -> problems.GrabRefused:
    """What to say when there is nothing to fetch."""
    name = seen.title.card.name
    accepted = any(one.accepted for one in seen.found)
    if seen.had or (not seen.title.is_series and seen.library.has_film):
        return problems.AllHere(title=name)
    if not accepted and any(one.verdict.reasons[0].code in OF_QUALITY for one in seen.found if one.verdict.reasons):
        return problems.NothingSuits(title=name, profile=seen.profile.name)
    if not accepted and seen.failing:
        return problems.SourcesSilent(title=name, source=next(iter(seen.failing)))
    return problems.NothingOffered(title=name)


def _chosen(seen: GrabPreview, keys: Sequence[str]) -> tuple[Line, ...]:
    """The lines of these keys; what no line has is taken from all that was found. Raises NotOffered."""
    by_key = {":".join(one.candidate.key): one for one in seen.found}
    if unknown := sum(key not in by_key and seen.line(key) is None for key in keys):
        raise problems.NotOffered(count=unknown)
    lines = {key: line for key in keys if (line := seen.line(key))}
    others = [Pick(by_key[key], tuple(sorted(by_key[key].places))) for key in keys if key not in lines]
    if not others:
        return tuple(lines.values())
    picks = [*(Pick(line.found, line.places, line.filler) for line in lines.values()), *others]
    return lines_of(seen.title, picks, seen.profile, seen.library)


def _expanded(seen: GrabPreview, lines: Iterable[Line]) -> list[Line]:
    """Folders replaced by their files. Raises Problem."""
    lines = list(lines)
    if not any(line.found.candidate.is_folder for line in lines):
        return lines
    pure = quality.pure(seen.profile)
    picks: list[Pick] = []
    for line in lines:
        if not line.found.candidate.is_folder:
            picks.append(Pick(line.found, line.places, line.filler))
            continue
        for one in _inside(line, seen, pure):
            picks.append(Pick(one, tuple(sorted(one.places)), line.filler))
    unique = {pick.found.candidate.key: pick for pick in reversed(picks)}
    return list(lines_of(seen.title, reversed(unique.values()), seen.profile, seen.library))


def _inside(line: Line, seen: GrabPreview, pure: Profile) -> list[Found]:
    """Raises Problem; a folder that cannot be used is remembered, so that the next plan does without it."""
    try:
        return inside(line.found, seen.title, pure, line.places or line.found.places)
    except Problem as problem:
        if unusable.is_about_the_offer(problem):
            offer = line.found.candidate
            unusable.remember(offer.host, offer.code, offer.name, problem.sentence, problem.params)
        raise


def _keep_reasons(seen: GrabPreview, lines: Sequence[Line], added: Sequence[Added], by_watchlist: bool) -> None:
    rows = {(one.download.host, one.download.code): one.download for one in added}
    notes = [
        record.chosen(seen, line, row, by_watchlist) for line in lines if (row := rows.get(line.found.candidate.key))
    ]
    Chosen.objects.bulk_create(notes, ignore_conflicts=True)
