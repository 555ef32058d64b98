"""Where Django looks for the models of this app; each part of it keeps its own."""

from __future__ import annotations

from search.catalogue.models import CatalogueEntry, CatalogueFolder, FolderSubscription, Placement

__all__ = ["CatalogueEntry", "CatalogueFolder", "FolderSubscription", "Placement"]
