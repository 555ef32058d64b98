"""What a file is, whether it is a given title, and which of several is the better one, by their names alone."""

from __future__ import annotations

from search.releases.fold import fold
from search.releases.parse import parse
from search.releases.release import Kind, Release, Voice

__all__ = ["Kind", "Release", "Voice", "fold", "parse"]
