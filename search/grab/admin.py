from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from downloads import labels
from downloads.states import Reason
from search.grab.models import Chosen, Unusable

if TYPE_CHECKING:
    ChosenBase = admin.ModelAdmin[Chosen]
    UnusableBase = admin.ModelAdmin[Unusable]
else:
    ChosenBase = UnusableBase = admin.ModelAdmin  # subscriptable for type checkers only


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


@admin.register(Unusable)
class UnusableAdmin(UnusableBase):
    """To look at, and to delete: then the offer may be chosen again."""

    list_display = ["name", "why", "at", "until"]
    search_fields = ["name"]

    @admin.display(description=_("reason"))
    def why(self, row: Unusable) -> str:
        return labels.sentence(Reason("unusable", row.reason_sentence, row.reason_params))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
