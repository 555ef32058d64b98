"""The REST door: its resources, one module each, and what all of them share."""

from __future__ import annotations

from ninja import NinjaAPI

from flasharr.api import (
    accounts,
    batches,
    bulk,
    downloads,
    errors,
    folders,
    profiles,
    settings,
    stats,
    titles,
    watchlist,
)
from flasharr.api.access import Needs
from flasharr.context import version
from flasharr.keys import Scope

api = NinjaAPI(
    title="Flasharr",
    version=version(),
    urls_namespace="api",
    docs_url=None,  # ninja's page loads scripts from elsewhere
    openapi_url="/openapi.json",
    auth=Needs(Scope.ALL),  # a route that forgets to say what it needs is open to full keys only
)
errors.install(api)
api.add_router("/downloads", downloads.router)
api.add_router("/downloads", bulk.router)
api.add_router("/batches", batches.router)
api.add_router("/accounts", accounts.router)
api.add_router("/folders", folders.router)
api.add_router("/settings/profiles", profiles.router)
api.add_router("/settings", settings.router)
api.add_router("/stats", stats.router)
api.add_router("/search", titles.search_router)
api.add_router("/titles", titles.titles_router)
api.add_router("/grab", titles.grab_router)
api.add_router("/watchlist", watchlist.router)
