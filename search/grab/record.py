"""What a row keeps of why its file was chosen."""

from __future__ import annotations

from downloads.models import Download
from search.finder.found import Found
from search.grab.models import Chosen
from search.grab.preview import GrabPreview, Line
from search.releases.tables.files import ARCHIVES, SUBTITLES


def chosen(seen: GrabPreview, line: Line, row: Download, by_watchlist: bool = False) -> Chosen:
    """Not stored yet."""
    found = line.found
    return Chosen(
        download=row,
        medium=seen.title.ref.medium,
        tmdb_id=seen.title.ref.tmdb_id,
        title=seen.title.card.name[:500],
        year=seen.title.card.year,
        places=[list(place) for place in line.places or sorted(found.places)],
        kind=kind_of(found),
        release=found.candidate.name[:1024],
        score=found.score.total,
        contributions=[list(one) for one in found.score.contributions],
        reasons=[[reason.code, reason.wanted, reason.found] for reason in found.verdict.reasons],
        profile=seen.profile.name,
        offered=len(seen.found),
        refused=seen.refused,
        is_filler=line.filler,
        by_watchlist=by_watchlist,
    )


def kind_of(found: Found) -> str:
    if found.candidate.is_folder:
        return "folder"
    if found.release.container in SUBTITLES:
        return "subtitle"
    return "archive" if found.release.container in ARCHIVES or found.release.archive_part is not None else "video"
