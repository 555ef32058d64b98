from __future__ import annotations

import math
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext

from flasharr import attempts


class Login(LoginView):
    """Signing in; whoever guesses has to wait."""

    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wait = attempts.begin(self.marks())
        if not wait:
            return super().post(request, *args, **kwargs)
        form = AuthenticationForm(request, initial={"username": request.POST.get("username", "")})
        context = self.get_context_data(form=form, refusal=attempts.refusal(wait))
        seconds = str(math.ceil(wait.total_seconds()))
        return self.render_to_response(context, status=429, headers={"Retry-After": seconds})

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        attempts.succeed(self.marks())
        return super().form_valid(form)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def marks(self) -> list[attempts.Mark]:
        return attempts.of_login(self.request, self.request.POST.get("username", ""))


@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    """The administration has no login of its own: everybody goes through the one that slows guessing down."""
    if request.user.is_authenticated:
        raise PermissionDenied(gettext("Your account may not use the administration."))
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"), resolve_url("login"))
