from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_LINK = 4096
DAY = 24
INTERVALS = [
    (6, _("every 6 hours")),
    (12, _("every 12 hours")),
    (DAY, _("every day")),
    (3 * DAY, _("every 3 days")),
    (7 * DAY, _("every week")),
]


class FollowForm(forms.Form):
    """A folder's link and how often it is visited."""

    link = forms.CharField(
        label=_("Link of a folder"),
        max_length=LONGEST_LINK,
        error_messages={
            "required": _("Paste the link of a folder."),
            "max_length": _("This is too long for a link."),
        },
        widget=forms.TextInput(
            attrs={"placeholder": "https://www.fshare.vn/folder/…", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    interval = forms.TypedChoiceField(
        label=_("Visit it"),
        choices=INTERVALS,
        coerce=int,
        initial=DAY,
    )
