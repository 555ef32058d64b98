"""The first run in three steps: the user, the download folder, an account. Each also lives in the settings."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from downloads.labels import sentence
from downloads.models import Preferences
from flasharr import attempts, first_run, host_accounts, preferences
from flasharr.pages.forms import AccountForm, FirstUserForm, FolderForm
from hosts import accounts
from hosts.base import Problem
from hosts.models import Account

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_user(request: HttpRequest) -> HttpResponse:
    """Whoever can read the console may name the first user; when there is one, this page is gone."""
    if get_user_model().objects.exists():
        return redirect("downloads:queue")
    form = FirstUserForm(request.POST or None)
    if request.method != "POST":
        return render(request, "setup/user.html", {"form": form})
    marks = [attempts.Mark(f"setup:{attempts.address_of(request)}")]
    if wait := attempts.begin(marks):
        context = {"form": FirstUserForm(), "refusal": attempts.refusal(wait)}
        return render(request, "setup/user.html", context, status=429)
    user = user_from(form)
    if user is None:
        if "code" not in form.errors:
            attempts.succeed(marks)
        return render(request, "setup/user.html", {"form": form}, status=422)
    attempts.succeed(marks)
    login(request, user, MODEL_BACKEND)
    return redirect("setup_folder")


def user_from(form: FirstUserForm) -> User | None:
    """The first user as the form names it; None when the form or the code is wrong."""
    if not first_run.is_code(form.data.get("code", "")):
        form.add_error("code", gettext("This is not the code. It stands in the console where Flasharr was started."))
    if not form.is_valid():
        return None
    return first_run.make_first_user(form.cleaned_data["username"], form.cleaned_data["password1"])


@require_http_methods(["GET", "HEAD", "POST"])
def folder(request: HttpRequest) -> HttpResponse:
    form = FolderForm(request.POST or None, initial={"download_dir": Preferences.current().root})
    if request.method != "POST":
        return render(request, "setup/folder.html", {"form": form})
    if form.is_valid():
        try:
            preferences.change(download_dir=form.cleaned_data["download_dir"])
            return redirect("setup_account")
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "setup/folder.html", {"form": form}, status=422)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    context = {"form": form, "missing": host_accounts.missing(), "accounts": Account.objects.all()}
    if request.method != "POST":
        return render(request, "setup/account.html", context)
    if form.is_valid():
        data = form.cleaned_data
        try:
            accounts.add(data["host"], data["email"], data["password"])
            messages.success(request, gettext("The account works. Paste your first links."))
            return redirect("downloads:queue")
        except Problem as problem:
            form.add_error(None, sentence(problem))
    return render(request, "setup/account.html", context, status=422)
