"""What base.html needs on every page."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from downloads import orphans
from flasharr import notices, standing

NAV = (
    ("search:search", _("Search"), "search"),
    ("search:discover", _("Discover"), "compass"),
    ("search:watchlist", _("Watchlist"), "bookmark"),
    ("downloads:queue", _("Queue"), "list"),
    ("downloads:history", _("History"), "history"),
    ("folders:index", _("Folders"), "folder-sync"),
    ("settings:general", _("Settings"), "settings"),
)


@dataclass(frozen=True, slots=True)
class NavItem:
    url: str
    label: str
    icon: str
    is_current: bool
    has_badge: bool = False


def shell(request: HttpRequest) -> dict[str, Any]:
    """`engine_alive` is a function: only a template that asks costs a query."""
    return {
        "demo": settings.FLASHARR["DEMO"],
        "version": version(),
        "engine_alive": standing.engine_alive,
        "leftovers": orphans.count,
        "nav": lambda: nav(request),
        "notices": SimpleLazyObject(lambda: notices.shown_to(request.user) if signed_in(request) else []),
    }


def nav(request: HttpRequest) -> list[NavItem]:
    """The main places; a page that is none of them belongs to the first one of its kind."""
    match = request.resolver_match
    here = match.view_name if match else ""
    group = here.partition(":")[0]
    place = {"settings": "settings:general", "folders": "folders:index", "search": "search:search"}.get(group, here)
    place = "search:watchlist" if here == "search:calendar" else place
    place = here if any(name == here for name, _label, _icon in NAV) else place
    items = [NavItem(reverse(name), str(label), icon, name == place) for name, label, icon in NAV]
    if signed_in(request) and request.user.is_superuser:
        items[-1] = replace(items[-1], has_badge=True)
    elif signed_in(request):
        items[-1] = replace(items[-1], url=reverse("settings:password"))  # all that is theirs to set
    return items


def signed_in(request: HttpRequest) -> bool:
    return bool(getattr(request, "user", None)) and request.user.is_authenticated


@lru_cache(maxsize=1)
def version() -> str:
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
