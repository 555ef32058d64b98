"""An ordinary user has the queue and the history; settings, keys and accounts are for administrators."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from downloads.models import Download, Preferences
from flasharr.models import ApiKey
from hosts.models import Account
from tests.downloads.conftest import make_download
from tests.flasharr.test_access import addresses

pytestmark = pytest.mark.usefixtures("no_workers")
OWN = "settings/password/"


@pytest.fixture(params=["ordinary", "staff"])
def guest(request: pytest.FixtureRequest, user: User) -> Client:
    """Signed in, but not as a superuser."""
    client = Client()
    client.force_login(User.objects.create_user("bert", password="x", is_staff=request.param == "staff"))
    return client


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD"])
def test_every_settings_page_is_closed(guest: Client, method: str) -> None:
    closed = [address for address in addresses() if address.startswith(("settings/", "setup/")) and address != OWN]
    assert len(closed) >= 17
    for address in closed:
        if address != "setup/":  # leads away from itself as soon as there is a user
            assert guest.generic(method, f"/{address}").status_code == 403, address


def test_the_refusal_is_a_page_with_a_reason(guest: Client) -> None:
    refused = guest.get("/settings/keys/")
    assert "Only an administrator may open this page." in refused.content.decode()
    guest.post("/settings/keys/", {"name": "mine", "scopes": ["all"]})
    assert not ApiKey.objects.exists()


def test_the_queue_the_history_and_the_own_password_are_open(guest: Client) -> None:
    for path in ("/", "/history/", f"/{OWN}", "/health/ready"):
        assert guest.get(path).status_code == 200, path
    page = guest.get(f"/{OWN}").content.decode()
    assert 'href="/settings/password/"' in page
    for hidden in ("/settings/keys/", "/settings/accounts/", 'href="/settings/"'):
        assert hidden not in page
    new = {"old_password": "x", "new_password1": "another passphrase 2", "new_password2": "another passphrase 2"}
    assert guest.post(f"/{OWN}", new).status_code == 302


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "downloads", 200),
        ("GET", "stats", 200),
        ("POST", "downloads/1/pause", 404),
        ("DELETE", "downloads/1", 404),
        ("POST", "downloads", 400),
        ("GET", "settings", 403),
        ("PATCH", "settings", 403),
        ("GET", "accounts", 403),
        ("POST", "accounts", 403),
        ("DELETE", "accounts/1", 403),
    ],
)
def test_a_session_at_the_rest_door_may_as_much(guest: Client, method: str, path: str, status: int) -> None:
    answer = guest.generic(method, f"/api/v1/{path}", "{}", content_type="application/json")
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"] == {"code": "forbidden", "message": "Only an administrator may do this."}


def staff(*permissions: str) -> Client:
    worker = User.objects.create_user("clara", is_staff=True)
    worker.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(worker)
    return client


@pytest.mark.parametrize("may", [False, True])
def test_actions_in_the_administration_need_the_right_to_change(user: User, may: bool) -> None:
    row = make_download()
    account = Account.objects.create(host="fshare", email="a@example.com")
    change = ["change_download", "change_account"] if may else []
    client = staff("view_download", "view_account", *change)
    assert client.get("/admin/downloads/download/").status_code == 200
    act(client, "downloads/download", "remove_with_file", row)
    act(client, "hosts/account", "switch_off", account)
    assert Download.objects.filter(removed_at=None).exists() != may
    assert Account.objects.get().is_enabled != may


def act(client: Client, where: str, action: str, row: Any) -> None:
    client.post(f"/admin/{where}/", {"action": action, "_selected_action": [row.pk]})


def test_an_administrator_may_do_it_all(visitor: Client) -> None:
    assert visitor.get("/settings/keys/").status_code == 200
    change = visitor.patch("/api/v1/settings", {"max_active": 4}, content_type="application/json")
    assert change.status_code == 200
    assert Preferences.current().max_active == 4
