"""What is in a folder that was chosen: the files of it that are wanted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from downloads.gathering import look_into
from hosts.base import Entry
from hosts.links import Link, LinkKind
from search.catalogue.models import CatalogueEntry
from search.finder.found import Found, judge
from search.finder.places import Place
from search.grab.problems import NothingInside
from search.releases import Profile
from search.releases.tables.files import SUBTITLES
from search.releases.tables.profiles import Demands
from search.sources.base import Candidate
from search.titles import Title


def link_of(candidate: Candidate) -> Link:
    """With the share token that the followed folder may carry, which no search result does."""
    entry = CatalogueEntry.objects.filter(host=candidate.host, code=candidate.code).first()
    if entry is not None:
        return entry.link
    return Link(
        candidate.host, LinkKind.FOLDER if candidate.is_folder else LinkKind.FILE, candidate.code, candidate.url
    )


def inside(found: Found, title: Title, profile: Profile, places: Collection[Place]) -> list[Found]:
    """The best file of the folder for each wanted place, or of the film, with their subtitles.

    Raises NothingInside, or the Problem of whoever was asked.
    """
    group = look_into(link_of(found.candidate))
    if group.problem is not None:
        raise group.problem
    judged = [
        judge(_candidate(item.entry, found), title, replace(profile, demands=Demands()))
        for item in group.items
        if not item.entry.is_dead
    ]
    usable = sorted((one for one in judged if one.accepted), key=lambda one: one.order)
    videos = _videos(usable, places) if title.is_series else [one for one in usable if one.is_video][:1]
    if not videos:
        raise NothingInside(name=found.candidate.name)
    held = {place for one in videos for place in one.places}
    subtitles = [one for one in usable if one.release.container in SUBTITLES and (one.places <= held)]
    return [*videos, *subtitles]


def _candidate(entry: Entry, folder: Found) -> Candidate:
    above = "/".join(part for part in (folder.candidate.name, entry.path) if part)
    link = entry.link
    return Candidate(link.host, link.code, link.url, entry.name, entry.size, above, source=folder.candidate.source)


def _videos(usable: list[Found], places: Collection[Place]) -> list[Found]:
    chosen: dict[str, Found] = {}
    left = set(places)
    for one in usable:
        if one.is_video and one.places & left:
            chosen[one.candidate.code] = one
            left -= one.places
    return sorted(chosen.values(), key=lambda one: sorted(one.places))
