from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory

from flasharr.simulator import Simulator
from hosts import vault
from hosts.admin import AccountAdmin
from hosts.models import Account

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account() -> Account:
    return Account.objects.create(host="fshare", email="demo@example.com", sealed_password=vault.seal("demo-password"))


@pytest.fixture
def request_() -> Any:
    request = RequestFactory().post("/")
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def test_no_field_shows_a_password_or_a_session(account: Account, request_: Any) -> None:
    form = AccountAdmin(Account, site).get_form(request_, account)
    shown = {*form.base_fields, *AccountAdmin.fields, *AccountAdmin.list_display}
    assert set(form.base_fields) == {"is_enabled", "max_transfers"}
    assert not any("sealed" in str(name) for name in shown)


def test_accounts_are_not_added_without_asking_the_host(request_: Any) -> None:
    assert not AccountAdmin(Account, site).has_add_permission(request_)


def test_the_actions_check_and_switch(
    simulator: Simulator, settings: Any, tmp_path: Any, account: Account, request_: Any
) -> None:
    settings.HOST_CONFIG = simulator.environment()
    settings.FLASHARR = {**settings.FLASHARR, "DATA_DIR": tmp_path}
    admin = AccountAdmin(Account, site)
    admin.switch_off(request_, Account.objects.all())
    assert not Account.objects.get().is_enabled
    admin.switch_on(request_, Account.objects.all())
    admin.check_now(request_, Account.objects.all())
    assert Account.objects.get().is_vip
    assert admin.state(account) == "Good"
    simulator.fault("server_error", call="user")
    admin.check_now(request_, Account.objects.all())
    assert "does not answer" in str(list(get_messages(request_))[-1])
    admin.delete_queryset(request_, Account.objects.all())
    assert Account.objects.count() == 0
    assert simulator.state.sessions.alive() == 0
