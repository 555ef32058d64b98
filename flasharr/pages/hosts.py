"""Connections at once to each host, and the servers that are left alone for now."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from downloads import actions
from hosts import allowance, cooldowns, registry
from hosts.models import HostLimit


class ConnectionsForm(forms.Form):
    """One number for each host; empty goes back to the host's own."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for host in registry.HOSTS:
            self.fields[host.name] = forms.IntegerField(
                label=gettext(host.label),
                min_value=1,
                max_value=HostLimit.MOST,
                required=False,
                help_text=gettext("Empty for the usual number: %(number)s.") % {"number": host.max_connections},
            )


def present() -> dict[str, int]:
    """The user's own numbers."""
    return dict(HostLimit.objects.values_list("host", "connections"))


@require_POST
def connections(request: HttpRequest) -> HttpResponse:
    form = ConnectionsForm(request.POST)
    if form.is_valid():
        for name, most in form.cleaned_data.items():
            allowance.allow(name, most)
        messages.success(request, gettext("Saved."))
    else:
        for field, errors in form.errors.items():
            messages.error(request, f"{form.fields[field].label}: {errors[0]}")
    return redirect("settings:network")


@require_POST
def ask_again(request: HttpRequest) -> HttpResponse:
    """End the pause of one server; its rows go on at once."""
    server = request.POST.get("server", "")
    if "\0" not in server and cooldowns.end(server):
        actions.wake_server(server)
        messages.success(request, gettext("It is asked again now."))
    else:
        messages.info(request, gettext("Its pause is over already."))
    return redirect("settings:network")
