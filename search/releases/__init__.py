"""What a file is, whether it is a given title, and which of several is the better one, by their names alone."""

from __future__ import annotations

from search.releases.fold import fold
from search.releases.match import match
from search.releases.names import library_path, render
from search.releases.parse import parse
from search.releases.release import Kind, Release, Voice
from search.releases.score import Contribution, Score, order, score
from search.releases.tables.profiles import VIETNAMESE_FIRST, Profile
from search.releases.verdict import OF_QUALITY, Code, Reason, Season, Title, Verdict

__all__ = [
    "OF_QUALITY",
    "VIETNAMESE_FIRST",
    "Code",
    "Contribution",
    "Kind",
    "Profile",
    "Reason",
    "Release",
    "Score",
    "Season",
    "Title",
    "Verdict",
    "Voice",
    "fold",
    "library_path",
    "match",
    "order",
    "parse",
    "render",
    "score",
]
