"""All candidates of a title, judged together."""

from __future__ import annotations

from collections.abc import Iterable

from search.finder.found import Found, judge
from search.finder.siblings import without_strangers
from search.releases import Profile
from search.sources.base import Candidate
from search.titles import Title


def judge_all(candidates: Iterable[Candidate], title: Title, profile: Profile) -> list[Found]:
    """Each file once, the best first."""
    unique = {candidate.key: candidate for candidate in candidates}
    judged = [judge(candidate, title, profile) for candidate in unique.values()]
    return sorted(without_strangers(judged, title), key=lambda found: found.order)
