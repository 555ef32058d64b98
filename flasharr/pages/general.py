from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from downloads.models import Preferences
from flasharr import preferences, standing
from flasharr.pages.forms import PreferencesForm

A_YEAR = 365 * 24 * 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
def general(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, initial=present())
    status = 200
    if request.method == "POST":
        if form.is_valid() and save(form):
            return saved(request, form.cleaned_data["language"])
        status = 422
    return render(request, "settings/general.html", {"form": form, "spaces": standing.spaces()}, status=status)


def present() -> dict[str, object]:
    """The settings as the form shows them; what comes back the same was not changed."""
    current = Preferences.current()
    return {
        "max_active": current.max_active,
        "download_dir": str(current.root),
        "file_mode": current.file_mode,
        "folder_mode": current.folder_mode,
        "language": translation.get_language(),
    }


def save(form: PreferencesForm) -> bool:
    """False when a rule refuses; the form then says which."""
    given = {name: form.cleaned_data[name] for name in form.changed_data if name != "language"}
    try:
        preferences.change(**given)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def saved(request: HttpRequest, language: str) -> HttpResponse:
    """Back to the page, in the language just chosen."""
    with translation.override(language):
        messages.success(request, gettext("Saved."))
    response = redirect("settings:general")
    path = settings.SESSION_COOKIE_PATH
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, A_YEAR, path=path, samesite="Lax")
    return response
