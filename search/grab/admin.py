from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from search.grab.models import Chosen

if TYPE_CHECKING:
    ChosenBase = admin.ModelAdmin[Chosen]
else:
    ChosenBase = admin.ModelAdmin  # subscriptable for type checkers only


@admin.register(Chosen)
class ChosenAdmin(ChosenBase):
    """To look at only: a grab writes what is here."""

    list_display = ["title", "year", "medium", "release", "score", "profile", "by_watchlist"]
    list_filter = ["medium", "kind", "by_watchlist"]
    search_fields = ["title", "release"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
