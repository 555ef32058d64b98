"""Where Django looks for the models of this app; each part of it keeps its own."""

from __future__ import annotations

from search.catalogue.models import CatalogueEntry, CatalogueFolder, FolderSubscription, Placement
from search.grab.models import Chosen
from search.quality.models import QualityProfile
from search.watchlist.models import Wish

__all__ = [
    "CatalogueEntry",
    "CatalogueFolder",
    "Chosen",
    "FolderSubscription",
    "Placement",
    "QualityProfile",
    "Wish",
]
