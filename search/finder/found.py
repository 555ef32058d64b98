"""A candidate that was judged: what it is, whether it is the title, how good it is, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.finder.places import Place, places
from search.releases import Code, Contribution, Kind, Profile, Reason, Release, Score, Title, Verdict, fold, match
from search.releases import parse as parse_name
from search.releases import score as score_release
from search.releases.suit import suit
from search.releases.tables.files import ARCHIVES, SUBTITLES, VIDEO
from search.sources.base import Candidate
from search.titles import Title as Work

USABLE = VIDEO | SUBTITLES | ARCHIVES
DOUBTS: dict[Code, int] = {Code.NEAR_TITLE: -6, Code.SUBTITLE: -3, Code.NEAR_YEAR: -4, Code.OTHER_NAME: 0}
NO_YEAR = -8
"""Points off where the name leaves room for another title; see `certainty`."""


@dataclass(frozen=True, slots=True)
class Found:
    """`places` are the episodes that it holds, empty for a film."""

    candidate: Candidate
    release: Release
    verdict: Verdict
    score: Score
    places: frozenset[Place] = frozenset()

    @property
    def accepted(self) -> bool:
        return self.verdict.accepted

    @property
    def is_pack(self) -> bool:
        """More than one file may name: a season, or several episodes of it."""
        return self.release.kind == Kind.PACK or self.candidate.is_folder

    @property
    def is_video(self) -> bool:
        return self.release.container in VIDEO or (not self.release.container and not self.candidate.is_folder)

    @property
    def order(self) -> tuple[bool, int, int, str, str]:
        """The best first; equal ones by size and name, whatever order they came in."""
        size = self.candidate.size or 0
        return not self.accepted, -self.score.total, -size, fold(self.candidate.name), self.candidate.code


def judge(candidate: Candidate, work: Work, profile: Profile) -> Found:
    """Compare a candidate with a title and value it by a profile. Never raises."""
    name = f"{candidate.path}/{candidate.name}" if candidate.path else candidate.name
    release = parse_name(name)
    title = work.wanted()
    if candidate.is_folder and title.is_series and not release.episodes:
        release.kind = Kind.PACK  # a folder that is called like a series holds it
    verdict = _usable(candidate, release) or match(release, title)
    runtime = work.runtime * 60 if work.runtime else None
    if verdict.accepted and (against := suit(release, profile.demands, candidate.size, runtime)):
        verdict = Verdict(False, against)
    value = score_release(release, profile, candidate.size, runtime)
    return Found(candidate, release, verdict, certainty(value, release, title, verdict), places(release, work))


def placed(found: Found, work: Work) -> Found:
    """With the episodes that it holds, once more is known of them; its name need not be read again."""
    return replace(found, places=places(found.release, work))


def wanted(found: Found, season: int | None, episode: int | None) -> bool:
    """Whether it holds what is wanted of a series; a season or an episode of None means any."""
    if season is None:
        return True
    return any(at == season and episode in (None, number) for at, number in found.places)


def _usable(candidate: Candidate, release: Release) -> Verdict | None:
    """A refusal of what is no film, subtitle or archive; None when it may be one."""
    if candidate.is_folder or not release.container or release.container in USABLE:
        if release.kind != Kind.EXTRA:
            return None
        return Verdict(False, (Reason(Code.EXTRA, "", candidate.name),))
    return Verdict(False, (Reason(Code.NOT_VIDEO, "", release.container),))


def certainty(value: Score, release: Release, title: Title, verdict: Verdict) -> Score:
    """Points off for what the name leaves open: a film without its year may be another of that name."""
    doubts = [
        Contribution("title", reason.found, DOUBTS[reason.code], 0)
        for reason in verdict.reasons
        if DOUBTS.get(reason.code, 0) and verdict.accepted
    ]
    if verdict.accepted and not title.is_series and title.year and release.year is None:
        doubts.append(Contribution("year", "", NO_YEAR, 0))
    total = max(0, value.total + sum(doubt.points for doubt in doubts))
    return Score(total, (*value.contributions, *doubts))
