"""The settings page of speeds: limits, and the week with what each hour allows."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from downloads.forms import in_megabytes
from downloads.models import Preferences
from downloads.pages import UNPROCESSABLE, wants_fragment
from downloads.schedule import DAYS, HOURS, Mode, Week, days_of, hours_between
from flasharr import preferences
from flasharr.pages.speed_forms import MODES, PaintForm, SpeedForm

CELL = re.compile(r"([0-6])-(\d|1\d|2[0-3])")
AFTER = {Mode.FULL: Mode.LIMITED, Mode.LIMITED: Mode.PAUSED, Mode.PAUSED: Mode.FULL}


@require_http_methods(["GET", "HEAD", "POST"])
def speed(request: HttpRequest) -> HttpResponse:
    form = SpeedForm(request.POST or None, initial=present())
    status = 200
    if request.method == "POST":
        if form.is_valid() and save(form):
            messages.success(request, gettext("Saved."))
            return redirect("settings:speed")
        status = UNPROCESSABLE
    return page(request, {"form": form, "paint": PaintForm()}, status)


def present() -> dict[str, object]:
    current = Preferences.current()
    return {
        "speed_limit": in_megabytes(current.speed_limit),
        "schedule_limit": in_megabytes(current.schedule_limit),
        "time_zone": current.time_zone,
    }


def save(form: SpeedForm) -> bool:
    """False when a rule refuses; the form then says which."""
    try:
        preferences.change(**{name: form.cleaned_data[name] for name in form.changed_data})
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_POST
def schedule(request: HttpRequest) -> HttpResponse:
    """One hour on to its next mode (`cell`), or all hours of a range at once."""
    week = Preferences.current().week
    if cell := CELL.fullmatch(request.POST.get("cell", "")):
        day, hour = int(cell[1]), int(cell[2])
        form = PaintForm()
        week = week.painted([day], [hour], AFTER[Mode(week.hours[day * HOURS + hour])])
    else:
        form = PaintForm(request.POST)
        if not form.is_valid():
            return page(request, {"form": SpeedForm(initial=present()), "paint": form}, UNPROCESSABLE)
        data = form.cleaned_data
        week = week.painted(data["days"], hours_between(data["first"], data["last"]), data["mode"])
    preferences.change(schedule=days_of(week.hours))
    if not wants_fragment(request):
        return redirect(f"{reverse('settings:speed')}#schedule")
    return page(request, {"paint": form})


def page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The whole page, or for htmx the schedule alone."""
    current = Preferences.current()
    context |= {"days": rows(current.week), "hours": range(HOURS), "modes": MODES}
    template = "settings/_schedule.html" if wants_fragment(request) else "settings/speed.html"
    return render(request, template, context, status=status)


def rows(week: Week) -> list[dict[str, Any]]:
    """The week as the table shows it."""
    words = dict(MODES)
    letters = days_of(week.hours)
    return [
        {
            "name": WEEKDAYS[day],
            "cells": [(hour, letter, words[Mode(letter)]) for hour, letter in enumerate(letters[day])],
        }
        for day in range(DAYS)
    ]
