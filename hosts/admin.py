from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hosts import accounts
from hosts.base import Problem
from hosts.models import Account

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Account]
else:
    Admin = admin.ModelAdmin  # subscriptable for type checkers only


@admin.register(Account)
class AccountAdmin(Admin):
    """Look, switch, check, remove. Adding asks the host and therefore happens on the accounts page."""

    list_display = [
        "email",
        "host",
        "kind",
        "is_vip",
        "vip_until",
        "is_enabled",
        "max_transfers",
        "standing",
        "checked_at",
    ]
    list_filter = ["host", "is_vip", "is_enabled", "standing"]
    search_fields = ["email"]
    actions = ["check_now", "switch_on", "switch_off"]
    readonly_fields = (
        "email",
        "host",
        "kind",
        "is_vip",
        "vip_until",
        "is_lifetime",
        "state",
        "cool_down_until",
        "standing_since",
        "checked_at",
        "next_check_at",
        "created_at",
    )
    fields = (*readonly_fields, "is_enabled", "max_transfers")

    @admin.display(description=_("standing"))
    def state(self, account: Account) -> str:
        return describe(account.problem) if account.problem else gettext("Good")

    @admin.action(permissions=["change"], description=_("Check with the host now"))
    def check_now(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        for account in queryset:
            try:
                accounts.check(account)
            except Problem as problem:
                self.message_user(request, f"{account}: {describe(problem)}", messages.ERROR)
            else:
                self.message_user(request, gettext("{account} was checked.").format(account=account))

    @admin.action(permissions=["change"], description=_("Switch on"))
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        for account in queryset:
            accounts.set_enabled(account, True)

    @admin.action(permissions=["change"], description=_("Switch off"))
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        for account in queryset:
            accounts.set_enabled(account, False)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def delete_model(self, request: HttpRequest, account: Account) -> None:
        accounts.remove(account)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        for account in queryset:
            accounts.remove(account)

    def save_model(self, request: HttpRequest, account: Account, form: Any, change: bool) -> None:
        accounts.set_max_transfers(account, account.max_transfers)
        accounts.set_enabled(account, account.is_enabled)


def describe(problem: Problem) -> str:
    """The problem's sentence in the reader's language."""
    return gettext(problem.sentence).format(**problem.params)
