from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from downloads.forms import SpeedField
from downloads.schedule import HOURS, Mode, zone_names

MODES = [(Mode.FULL, _("Full speed")), (Mode.LIMITED, _("Limited")), (Mode.PAUSED, _("Paused"))]
CLOCK = [(hour, f"{hour:02}:00") for hour in range(HOURS)]


class SpeedForm(forms.Form):
    speed_limit = SpeedField(label=_("Speed limit, MB/s"), help_text=_("For all downloads together. 0 means none."))
    schedule_limit = SpeedField(
        label=_("Speed in limited hours, MB/s"), help_text=_("Where the schedule below says so.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_("The schedule goes by it, and all times on the pages are shown in it."),
        error_messages={"invalid_choice": _("There is no such time zone.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        server = _("The server's: %(zone)s") % {"zone": settings.TIME_ZONE}
        field.choices = [("", server), *((name, name.replace("_", " ")) for name in zone_names())]


class PaintForm(forms.Form):
    """Hours of some days, and what they become."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        coerce=int,
        choices=WEEKDAYS.items,
        error_messages={"required": _("Tick at least one day.")},
        widget=forms.CheckboxSelectMultiple,
    )
    first = forms.TypedChoiceField(label=_("From"), coerce=int, choices=CLOCK, initial=8)
    last = forms.TypedChoiceField(
        label=_("Until"),
        coerce=int,
        choices=CLOCK,
        initial=18,
        help_text=_("00:00 is midnight. The same hour twice is the whole day."),
    )
    mode = forms.TypedChoiceField(label=_("These hours are"), coerce=Mode, choices=MODES, initial=Mode.PAUSED)
