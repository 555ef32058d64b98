from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from downloads.intake import MOST_TEXT
from downloads.models import FASTEST, Priority

MB = 1_000_000


def in_megabytes(rate: int) -> int | float:
    """A speed in bytes as a form shows it: 2, not 2.0."""
    return rate // MB if rate % MB == 0 else rate / MB


class SpeedField(forms.FloatField):
    """MB/s on the page, whole bytes per second behind it; 0 and nothing are no limit."""

    def __init__(self, **options: Any) -> None:
        widget = forms.NumberInput(attrs={"step": "any", "min": "0"})
        super().__init__(min_value=0, max_value=FASTEST / MB, widget=widget, **options)

    def clean(self, value: Any) -> int:
        return round((super().clean(value) or 0) * MB)


class AddForm(forms.Form):
    """The paste box and what goes with it; `file` holds the ticked files of a preview."""

    text = forms.CharField(
        label=_("Links"),
        max_length=MOST_TEXT,
        error_messages={
            "required": _("Paste at least one link."),
            "max_length": _("The text is too long. Paste fewer links at once."),
        },
        widget=forms.Textarea(
            attrs={
                "rows": 1,
                "placeholder": _("Paste Fshare links, folders or direct addresses"),
                "spellcheck": "false",
                "autocomplete": "off",
            }
        ),
    )
    directory = forms.CharField(
        label=_("Sub-folder"),
        max_length=500,
        required=False,
        help_text=_("Below the download folder."),
        widget=forms.TextInput(attrs={"placeholder": _("for example Series/Undercurrent"), "autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        required=False,
        strip=False,
        help_text=_("For protected links."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=int, required=False, initial=Priority.NORMAL.value
    )

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        """The first question comes from a form without these fields: what it leaves out keeps its first value."""
        if data is not None and "priority" not in data:
            data = data.copy()
            data["priority"] = str(Priority.NORMAL.value)
        super().__init__(data, **options)

    def clean_directory(self) -> str:
        directory: str = self.cleaned_data["directory"].strip().replace("\\", "/")
        if directory.startswith("/") or ".." in directory.split("/"):
            raise forms.ValidationError(_("Give a folder below the download folder, without a leading “/” or “..”."))
        return directory

    def clean_priority(self) -> int:
        return int(self.cleaned_data["priority"] or Priority.NORMAL)


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password of the link"),
        max_length=200,
        strip=False,
        error_messages={"required": _("Enter the password.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class LimitForm(forms.Form):
    speed_limit = SpeedField(
        label=_("Speed limit, MB/s"),
        required=False,
        help_text=_("For this download alone, below the limit for all. 0 means none."),
    )
