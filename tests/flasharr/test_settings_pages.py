from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from downloads.models import Preferences
from flasharr import preferences
from flasharr.simulator.simulator import Simulator
from hosts import accounts
from hosts.models import Account
from tests.flasharr.conftest import PASSWORD


def general(folder: Path, **changed: str) -> dict[str, str]:
    modes = {"file_mode": "0664", "folder_mode": "0775"}
    return {"max_active": "5", "download_dir": str(folder), "language": "en", **modes, **changed}


def test_the_settings_are_saved(visitor: Client, tmp_path: Path) -> None:
    done = visitor.post("/settings/", general(tmp_path))
    assert (done.status_code, done["Location"]) == (302, "/settings/")
    current = Preferences.current()
    assert (current.max_active, current.root) == (5, tmp_path)
    page = visitor.get("/settings/").content.decode()
    assert "Saved." in page


@pytest.mark.parametrize("speed", [1, 999, 2_500_000, 123_456_789, 10**12 - 1, 10**12])
def test_saving_something_else_keeps_the_speed_to_the_byte(visitor: Client, speed: int) -> None:
    preferences.change(speed_limit=speed)
    page = visitor.get("/settings/speed/").content.decode()
    shown = {name: value_of(page, name) for name in ("speed_limit", "schedule_limit")}
    assert visitor.post("/settings/speed/", {**shown, "schedule_limit": "7"}).status_code == 302
    current = Preferences.current()
    assert (current.schedule_limit, current.speed_limit) == (7_000_000, speed)


def value_of(page: str, name: str) -> str:
    """What the form shows in a field, as the browser would send it back."""
    [field] = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return html.unescape(str(re.findall(r'value="([^"]*)"', field)[0]))


def test_only_what_is_given_is_written(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        preferences.change(max_active=4)
    [written] = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert '"max_active" = 4' in written
    assert "speed_limit" not in written


def test_a_folder_that_went_away_does_not_keep_from_changing_the_rest(visitor: Client, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    gone = str(tmp_path / "file" / "below")
    Preferences.objects.create(pk=1, download_dir=gone)
    assert visitor.post("/settings/", general(tmp_path, download_dir=gone)).status_code == 302
    assert (Preferences.current().download_dir, Preferences.current().max_active) == (gone, 5)


def test_the_configured_folder_is_not_pinned(visitor: Client) -> None:
    visitor.post("/settings/", general(settings.FLASHARR["DOWNLOAD_DIR"]))
    assert Preferences.current().download_dir == ""


def test_the_language_is_remembered(visitor: Client, tmp_path: Path) -> None:
    done = visitor.post("/settings/", general(tmp_path, language="vi"))
    assert done.cookies["django_language"].value == "vi"
    assert '<html lang="vi"' in visitor.get("/settings/").content.decode()


@pytest.mark.parametrize(
    "changed",
    [
        {"max_active": "0"},
        {"max_active": "33"},
        {"max_active": ""},
        {"download_dir": "/etc"},
        {"download_dir": "films"},
        {"file_mode": "999"},
        {"file_mode": "0444"},
        {"file_mode": "-664"},
        {"file_mode": "4664"},
        {"file_mode": "66\u0664"},
        {"folder_mode": "664"},
        {"folder_mode": ""},
        {"folder_mode": "775\0"},
        {"language": "xx"},
    ],
)
def test_wrong_settings_change_nothing(visitor: Client, tmp_path: Path, changed: dict[str, str]) -> None:
    refused = visitor.post("/settings/", general(tmp_path, **changed))
    assert refused.status_code == 422
    assert 'class="errors"' in refused.content.decode()
    assert Preferences.current().max_active == 3


def test_a_new_password_ends_every_other_session(visitor: Client, user: User) -> None:
    other = Client()
    other.force_login(user)
    new = {"old_password": PASSWORD, "new_password1": "another passphrase 2", "new_password2": "another passphrase 2"}
    assert visitor.post("/settings/password/", {**new, "old_password": "wrong"}).status_code == 422
    assert other.get("/settings/").status_code == 200
    assert visitor.post("/settings/password/", new).status_code == 302
    assert visitor.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 302


def test_an_account_is_added_checked_and_removed(fshare: Simulator, visitor: Client) -> None:
    form = {"host": "fshare", "email": "demo@example.com", "password": "canary-wrong"}
    refused = visitor.post("/settings/accounts/", form)
    assert refused.status_code == 422
    assert "refused the e-mail, the password" in refused.content.decode()
    assert "canary-wrong" not in refused.content.decode()
    assert visitor.post("/settings/accounts/", {**form, "password": "demo-password"}).status_code == 302
    account = Account.objects.get()
    page = visitor.get("/settings/accounts/").content.decode()
    assert "demo@example.com" in page
    assert "demo-password" not in page
    checked = visitor.post(f"/settings/accounts/{account.pk}/check/", follow=True)
    assert "demo@example.com works." in checked.content.decode()
    assert "Remove the account?" in visitor.get(f"/settings/accounts/{account.pk}/remove/").content.decode()
    assert Account.objects.exists()
    assert visitor.post(f"/settings/accounts/{account.pk}/remove/").status_code == 302
    assert not Account.objects.exists()


def test_a_lapsed_account_says_what_to_do(fshare: Simulator, visitor: Client) -> None:
    account = accounts.add("fshare", "demo@example.com", "demo-password")
    fshare.world.accounts["demo@example.com"].password = "changed elsewhere"
    Account.objects.update(sealed_session="")
    visitor.post(f"/settings/accounts/{account.pk}/check/")
    assert "refused the e-mail, the password" in visitor.get("/settings/accounts/").content.decode()


def test_what_the_configuration_lacks_is_said_with_where_to_get_it(visitor: Client) -> None:
    page = visitor.get("/settings/accounts/").content.decode()
    assert "FSHARE_APP_KEY" in page
    assert "https://www.fshare.vn/api-doc" in page


def test_writes_need_the_csrf_token(visitor: Client, tmp_path: Path) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.cookies
    refused = strict.post("/settings/", general(tmp_path))
    assert refused.status_code == 403
    assert "The page is too old" in refused.content.decode()
    assert Preferences.current().max_active == 3


@pytest.mark.parametrize("path", ["", "accounts/", "keys/", "password/"])
def test_every_page_answers_reads_only_with_reads(visitor: Client, path: str) -> None:
    assert visitor.get(f"/settings/{path}").status_code == 200
    assert visitor.head(f"/settings/{path}").status_code == 200
    assert visitor.delete(f"/settings/{path}").status_code == 405
