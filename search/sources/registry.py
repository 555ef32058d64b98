"""Every source there is. PURE: a new one is one line here."""

from __future__ import annotations

from search.sources.base import Source
from search.sources.catalogue import Catalogue
from search.sources.timfshare import TimFshare

SOURCES: tuple[type[Source], ...] = (
    Catalogue,  # what the user chose himself comes first
    TimFshare,
)
