from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from downloads.labels import sentence
from flasharr import preferences
from flasharr.pages.hosts import ConnectionsForm, present
from hosts import cooldowns
from hosts import network as hosts_network
from hosts.base import Problem
from hosts.proxy import LOST, NotAProxy, Proxy, parse, signed


class ProxyForm(forms.Form):
    proxy = forms.CharField(
        label=_("Proxy"),
        max_length=1000,
        required=False,
        help_text=_("For example socks5h://name:1080 or http://name:3128. Leave it empty to connect directly."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off", "autocomplete": "off"}),
    )
    username = forms.CharField(
        label=_("User name"), max_length=255, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=255,
        required=False,
        strip=False,
        help_text=_("Kept encrypted, sent to the proxy only, never shown again. Empty keeps the one that is saved."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


@sensitive_post_parameters("password", "proxy")
@require_http_methods(["GET", "HEAD", "POST"])
def network(request: HttpRequest) -> HttpResponse:
    current = hosts_network.proxy()
    is_lost = current == LOST
    known = None if is_lost else current
    initial = {"proxy": known.address, "username": known.username} if known else {}
    form = ProxyForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid() and save(form, known):
            messages.success(request, gettext("Saved."))
            return redirect("settings:network")
        status = 422
    context = {"form": form, "has_proxy": current is not None, "is_lost": is_lost}
    context |= {"connections": ConnectionsForm(initial=present()), "cooling": cooldowns.current()}
    return render(request, "settings/network.html", context, status=status)


def save(form: ProxyForm, current: Proxy | None) -> bool:
    """False when a rule refuses; the form then says which."""
    try:
        preferences.change(proxy=wished(form, current))
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def wished(form: ProxyForm, current: Proxy | None) -> str:
    """The address with what to sign in with. The saved password goes to the same proxy and user only."""
    data = form.cleaned_data
    if not data["proxy"]:
        return ""
    try:
        proxy = parse(data["proxy"])
        if not proxy.username:
            is_same = current and (current.address, current.username) == (proxy.address, data["username"])
            password = data["password"] or (current.password if current and is_same else "")
            proxy = signed(proxy, data["username"], password)
    except NotAProxy as error:
        raise ValidationError({"proxy": preferences.NO_PROXY}) from error
    return proxy.url


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Try the saved proxy, and say what happened."""
    try:
        server, milliseconds = hosts_network.check(settings.HOST_CONFIG["FSHARE_API_URL"])
    except Problem as problem:
        messages.error(request, sentence(problem))
    else:
        text = gettext("The proxy works: %(server)s answered after %(milliseconds)s ms.")
        messages.success(request, text % {"server": server, "milliseconds": milliseconds})
    return redirect("settings:network")
