from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flasharr import host_accounts
from flasharr.keys import Scope
from hosts.models import MOST_TRANSFERS

SCOPES = [
    (Scope.READ, _("Read: see downloads, batches and totals")),
    (Scope.ADD, _("Add: add links")),
    (Scope.CONTROL, _("Control: pause, resume, retry, remove, reorder")),
    (Scope.ACCOUNTS, _("Accounts: see, add, check and remove accounts")),
    (Scope.SETTINGS, _("Settings: see and change the settings")),
    (Scope.ALL, _("All: everything, also what later versions add")),
]
LIFETIMES = [("", _("Never")), ("30", _("In 30 days")), ("90", _("In 90 days")), ("365", _("In a year"))]


class FirstUserForm(BaseUserCreationForm):  # type: ignore[type-arg]
    code = forms.CharField(
        label=_("One-time code"),
        max_length=64,
        help_text=_("Flasharr printed it on the console when it started."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
    )
    field_order = ["code", "username", "password1", "password2"]

    class Meta:
        model = User
        fields = ("username",)


class FolderForm(forms.Form):
    download_dir = forms.CharField(
        label=_("Download folder"),
        max_length=2000,
        required=False,
        strip=True,
        help_text=_("The full path. It is made when it does not exist."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
    )


class PreferencesForm(FolderForm):
    max_active = forms.IntegerField(label=_("Downloads at once"), min_value=1, max_value=32)
    file_mode = forms.CharField(
        label=_("Mode of finished files"),
        max_length=4,
        help_text=_("Octal digits: 664 lets the group write, 644 nobody else, 600 is for nobody else at all."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    folder_mode = forms.CharField(
        label=_("Mode of new folders"),
        max_length=4,
        help_text=_("For folders that Flasharr makes; others are left as they are."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    field_order = ["max_active", "download_dir", "file_mode", "folder_mode", "language"]


class AccountForm(forms.Form):
    host = forms.ChoiceField(label=_("Host"))
    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        help_text=_("Kept encrypted, sent to the host only, never shown again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(host.name, host.label) for host in host_accounts.hosts()]
        field = self.fields["host"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if len(choices) == 1:
            field.initial, field.widget = choices[0][0], forms.HiddenInput()


class AccountChangeForm(forms.Form):
    max_transfers = forms.IntegerField(
        label=_("Transfers at once"),
        min_value=1,
        max_value=MOST_TRANSFERS,
        help_text=_("How many downloads may use this account at the same time."),
    )
    password = forms.CharField(
        label=_("New password"),
        max_length=256,
        strip=False,
        required=False,
        help_text=_("Empty keeps the present one. A new one is tried with the host first."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class KeyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What will use it: Sonarr, a script ..."))
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=SCOPES,
        initial=[Scope.READ, Scope.ADD, Scope.CONTROL],
        widget=forms.CheckboxSelectMultiple,
    )
    lifetime = forms.ChoiceField(label=_("It ends"), choices=LIFETIMES, required=False)

    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["lifetime"]
        return timezone.now() + timedelta(days=int(days)) if days else None
