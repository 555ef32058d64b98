from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from downloads.labels import sentence
from search.watchlist import actions
from search.watchlist.actions import CHANGEABLE
from search.watchlist.models import Wish

if TYPE_CHECKING:
    WishBase = admin.ModelAdmin[Wish]
else:
    WishBase = admin.ModelAdmin  # subscriptable for type checkers only

STATE = ("name", "year", "medium", "tmdb_id", "state", "checked_at", "next_check_at", "why")


@admin.register(Wish)
class WishAdmin(WishBase):
    """Look, change the wishes, look for them. Adding asks TMDB and therefore happens on the title's page."""

    list_display = ["name", "year", "medium", "mode", "state", "checked_at", "next_check_at", "why"]
    list_filter = ["medium", "state", "mode"]
    search_fields = ["name"]
    list_select_related = ["profile"]
    actions = ["check_now"]
    readonly_fields = STATE
    fields = (*STATE, *CHANGEABLE)

    @admin.display(description=_("last check"))
    def why(self, row: Wish) -> str:
        return sentence(row.reason)

    @admin.action(permissions=["change"], description=_("Look for it now"))
    def check_now(self, request: HttpRequest, queryset: QuerySet[Wish]) -> None:
        for row in queryset:
            actions.check_now(row)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Wish, form: Any, change: bool) -> None:
        actions.change(obj, **{name: getattr(obj, name) for name in form.changed_data})
