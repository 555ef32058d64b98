from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from flasharr import keys
from flasharr.keys import Scope
from flasharr.models import ApiKey
from flasharr.pages.forms import KeyForm


@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: HttpRequest) -> HttpResponse:
    """The keys that work, and the form that makes one. A new key is shown in this one answer and never again."""
    form = KeyForm(request.POST or None)
    secret, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            scopes = [Scope(scope) for scope in form.cleaned_data["scopes"]]
            _, secret = keys.create(form.cleaned_data["name"], scopes, form.expires_at())
            form = KeyForm()
        else:
            status = 422
    context = {"form": form, "keys": keys.usable(), "secret": secret}
    return render(request, "settings/keys.html", context, status=status)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=pk)
    keys.revoke(key)
    messages.success(request, gettext("The key “%(name)s” opens nothing any more.") % {"name": key.name})
    return redirect("settings:keys")
