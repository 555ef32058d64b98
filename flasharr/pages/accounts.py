from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from downloads.labels import sentence
from flasharr import guardian, host_accounts
from flasharr.pages.forms import AccountChangeForm, AccountForm
from hosts import accounts as host_side
from hosts.base import Problem
from hosts.models import Account


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts and their standing, and the form that adds one."""
    form = AccountForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                account = host_side.add(data["host"], data["email"], data["password"])
                messages.success(request, gettext("%(email)s works.") % {"email": account.email})
                return redirect("settings:accounts")
            except Problem as problem:
                form.add_error(None, sentence(problem))
    context = {"form": form, "cards": guardian.cards(), "missing": host_accounts.missing()}
    return render(request, "settings/accounts.html", context, status=status)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(Account, pk=pk)
    try:
        host_side.check(account)
    except Problem as problem:
        messages.error(request, sentence(problem))
    else:
        account.refresh_from_db()
        if problem_now := account.problem:
            messages.warning(request, sentence(problem_now))
        else:
            messages.success(request, gettext("%(email)s works.") % {"email": account.email})
    return redirect("settings:accounts")


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """`on` is 1 or 0; anything else changes nothing."""
    account = get_object_or_404(Account, pk=pk)
    if (on := request.POST.get("on")) not in ("0", "1"):
        raise SuspiciousOperation("A switch is 1 or 0.")
    host_side.set_enabled(account, on == "1")
    said = gettext("%(email)s is switched on.") if on == "1" else gettext("%(email)s is switched off.")
    messages.success(request, said % {"email": account.email})
    return redirect("settings:accounts")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another number of transfers, or another password, which the host is asked about first."""
    account = get_object_or_404(Account, pk=pk)
    form = AccountChangeForm(request.POST or None, initial={"max_transfers": account.max_transfers})
    if request.method == "POST" and form.is_valid():
        try:
            if password := form.cleaned_data["password"]:
                host_side.change_password(account, password)
                account.refresh_from_db()
            host_side.set_max_transfers(account, form.cleaned_data["max_transfers"])
        except Problem as problem:
            form.add_error(None, sentence(problem))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("settings:accounts")
    status = 422 if form.errors else 200
    return render(request, "settings/account_change.html", {"form": form, "account": account}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first, and removes when the answer comes back."""
    account = get_object_or_404(Account, pk=pk)
    if request.method != "POST":
        return render(request, "settings/account_remove.html", {"account": account})
    host_side.remove(account)
    messages.success(request, gettext("%(email)s was removed.") % {"email": account.email})
    return redirect("settings:accounts")
