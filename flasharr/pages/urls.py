from __future__ import annotations

from django.urls import path

from flasharr.pages import accounts, general, hosts, keys, leftovers, network, notices, quality, speed
from flasharr.pages.password import Password

app_name = "settings"
urlpatterns = [
    path("", general.general, name="general"),
    path("speed/", speed.speed, name="speed"),
    path("speed/schedule/", speed.schedule, name="schedule"),
    path("network/", network.network, name="network"),
    path("network/connections/", hosts.connections, name="connections"),
    path("network/ask-again/", hosts.ask_again, name="ask_again"),
    path("network/check/", network.check, name="network_check"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/<int:pk>/check/", accounts.check, name="account_check"),
    path("accounts/<int:pk>/remove/", accounts.remove, name="account_remove"),
    path("accounts/<int:pk>/switch/", accounts.switch, name="account_switch"),
    path("accounts/<int:pk>/change/", accounts.change, name="account_change"),
    path("notices/", notices.index, name="notices"),
    path("notices/dismiss/", notices.dismiss, name="notice_dismiss"),
    path("leftovers/", leftovers.leftovers, name="leftovers"),
    path("leftovers/delete/", leftovers.delete, name="leftovers_delete"),
    path("quality/", quality.index, name="quality"),
    path("quality/new/", quality.new, name="quality_new"),
    path("quality/<int:pk>/", quality.edit, name="quality_edit"),
    path("quality/<int:pk>/default/", quality.make_default, name="quality_default"),
    path("quality/<int:pk>/delete/", quality.delete, name="quality_delete"),
    path("keys/", keys.api_keys, name="keys"),
    path("keys/<int:pk>/revoke/", keys.revoke, name="key_revoke"),
    path("password/", Password.as_view(), name="password"),
]
