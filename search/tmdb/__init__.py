"""TMDB: what a title is called, when it came out, of what it consists. PURE."""

from __future__ import annotations

from search.tmdb.client import Tmdb
from search.tmdb.filters import Filters, Sort

__all__ = ["Filters", "Sort", "Tmdb"]
