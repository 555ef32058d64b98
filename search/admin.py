from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from downloads.labels import sentence
from search.catalogue import actions
from search.catalogue.models import CatalogueEntry, FolderSubscription
from search.grab.admin import ChosenAdmin
from search.quality.admin import QualityProfileAdmin
from search.watchlist.admin import WishAdmin

__all__ = ["CatalogueEntryAdmin", "ChosenAdmin", "FolderSubscriptionAdmin", "QualityProfileAdmin", "WishAdmin"]

if TYPE_CHECKING:
    SubscriptionBase = admin.ModelAdmin[FolderSubscription]
    EntryBase = admin.ModelAdmin[CatalogueEntry]
else:
    SubscriptionBase = EntryBase = admin.ModelAdmin  # subscriptable for type checkers only

STATE = ("name", "host", "url", "files", "visited_at", "next_visit_at", "why")


@admin.register(FolderSubscription)
class FolderSubscriptionAdmin(SubscriptionBase):
    """Look, change how often, visit, pause. Adding asks the host and therefore happens on the folders page."""

    list_display = ["name", "host", "files", "is_enabled", "visited_at", "next_visit_at", "why"]
    list_filter = ["host", "is_enabled"]
    search_fields = ["name", "url"]
    actions = ["visit_now", "pause", "resume"]
    readonly_fields = STATE
    fields = (*STATE, "interval_hours")

    @admin.display(description=_("problem"))
    def why(self, row: FolderSubscription) -> str:
        return sentence(row.reason)

    @admin.action(permissions=["change"], description=_("Visit now"))
    def visit_now(self, request: HttpRequest, queryset: QuerySet[FolderSubscription]) -> None:
        for row in queryset:
            actions.refresh(row)

    @admin.action(permissions=["change"], description=_("Pause"))
    def pause(self, request: HttpRequest, queryset: QuerySet[FolderSubscription]) -> None:
        for row in queryset:
            actions.pause(row)

    @admin.action(permissions=["change"], description=_("Resume"))
    def resume(self, request: HttpRequest, queryset: QuerySet[FolderSubscription]) -> None:
        for row in queryset:
            actions.resume(row)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: FolderSubscription, form: Any, change: bool) -> None:
        actions.set_interval(obj, obj.interval_hours)

    def delete_model(self, request: HttpRequest, obj: FolderSubscription) -> None:
        actions.unsubscribe(obj, keep_entries=True)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[FolderSubscription]) -> None:
        for row in queryset:
            actions.unsubscribe(row, keep_entries=True)


@admin.register(CatalogueEntry)
class CatalogueEntryAdmin(EntryBase):
    """To look at only: visits write what is here."""

    list_display = ["name", "path", "size", "kind", "year", "season", "episode", "first_seen", "dead_at"]
    list_filter = ["kind", ("dead_at", admin.EmptyFieldListFilter)]
    search_fields = ["folded"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
