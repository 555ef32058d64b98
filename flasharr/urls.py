from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from flasharr.api.root import api
from flasharr.pages import health, login, setup

urlpatterns = [
    path("", include("downloads.urls")),
    path("", include("search.pages.urls")),
    path("login/", login.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("setup/", setup.first_user, name="setup"),
    path("setup/folder/", setup.folder, name="setup_folder"),
    path("setup/account/", setup.account, name="setup_account"),
    path("downloads/", include("search.grab.urls")),
    path("folders/", include("search.catalogue.urls")),
    path("posters/", include("search.posters.urls")),
    path("settings/", include("flasharr.pages.urls")),
    path("health/ready", health.ready, name="ready"),
    path("admin/login/", login.admin_login),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
]
