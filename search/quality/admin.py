from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from downloads.labels import sentence
from search.quality import actions
from search.quality.actions import ProfileRefused
from search.quality.models import QualityProfile

if TYPE_CHECKING:
    ProfileBase = admin.ModelAdmin[QualityProfile]
    ProfileForm = forms.ModelForm[QualityProfile]
else:
    ProfileBase, ProfileForm = admin.ModelAdmin, forms.ModelForm  # subscriptable for type checkers only


class ProfileAdminForm(ProfileForm):
    """The same rules as everywhere."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        row = QualityProfile(**{name: value for name, value in values.items() if name != "is_default"})
        try:
            actions.check(row)
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                self.add_error(name if name in self.fields else None, " ".join(sentences))
        return values


@admin.register(QualityProfile)
class QualityProfileAdmin(ProfileBase):
    """Deleting one by one, for the last one stays."""

    form = ProfileAdminForm
    list_display = ["name", "is_default", "hdr", "cutoff", "naming"]
    readonly_fields = ["is_default"]
    actions = ["make_default"]

    @admin.action(permissions=["change"], description=_("Make it the default"))
    def make_default(self, request: HttpRequest, queryset: QuerySet[QualityProfile]) -> None:
        if queryset.count() == 1:
            actions.make_default(queryset[0])
        else:
            messages.error(request, _("Choose a single profile."))

    def save_model(self, request: HttpRequest, obj: QualityProfile, form: Any, change: bool) -> None:
        actions.save(obj, {})

    def delete_model(self, request: HttpRequest, obj: QualityProfile) -> None:
        try:
            actions.remove(obj)
        except ProfileRefused as problem:
            messages.error(request, sentence(problem))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[QualityProfile]) -> None:
        for row in queryset:
            self.delete_model(request, row)
