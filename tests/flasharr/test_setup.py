from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from downloads.models import Preferences
from flasharr import first_run
from flasharr.simulator.simulator import Simulator
from hosts.models import Account
from tests.flasharr.conftest import PASSWORD

pytestmark = pytest.mark.django_db
CODE_FILE = settings.FLASHARR["DATA_DIR"] / "secrets" / "setup_code"


@pytest.fixture(autouse=True)
def own_code() -> Iterator[None]:
    first_run.forget_code()
    yield
    first_run.forget_code()


def answers(**changed: str) -> dict[str, str]:
    right = {"code": first_run.code(), "username": "anna", "password1": PASSWORD, "password2": PASSWORD}
    return {**right, **changed}


def test_the_code_makes_the_first_user_and_signs_in() -> None:
    client = Client()
    assert client.get("/setup/").status_code == 200
    done = client.post("/setup/", answers())
    assert (done.status_code, done["Location"]) == (302, "/setup/folder/")
    user = User.objects.get()
    assert user.is_superuser
    assert user.is_staff
    assert client.get("/setup/folder/").status_code == 200
    assert not CODE_FILE.exists()


def test_case_and_dashes_of_the_code_do_not_matter() -> None:
    code = first_run.code().lower().replace("-", " ")
    assert Client().post("/setup/", answers(code=code)).status_code == 302


def test_the_code_is_secret_on_the_disk_and_stays_the_same() -> None:
    assert first_run.prepare() == first_run.prepare() == first_run.code()
    assert CODE_FILE.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA-AAAA", "é", "x" * 64])
def test_a_wrong_code_makes_nobody(code: str) -> None:
    refused = Client().post("/setup/", answers(code=code))
    assert refused.status_code == 422
    assert not User.objects.exists()
    assert first_run.code() not in refused.content.decode()


def test_guessing_the_code_is_slowed_down() -> None:
    for _ in range(5):
        assert Client().post("/setup/", answers(code="AAAA")).status_code == 422
    late = Client().post("/setup/", answers())
    assert late.status_code == 429
    assert "Try again in" in late.content.decode()
    assert not User.objects.exists()


def test_mistakes_beside_the_right_code_do_not_count() -> None:
    for _ in range(8):
        assert Client().post("/setup/", answers(password2="other")).status_code == 422
    assert Client().post("/setup/", answers()).status_code == 302


def test_a_weak_password_is_refused() -> None:
    refused = Client().post("/setup/", answers(password1="password", password2="password"))
    assert refused.status_code == 422
    assert "too common" in refused.content.decode()


def test_it_is_gone_when_there_is_a_user(user: User) -> None:
    assert Client().get("/setup/").status_code == 302
    Client().post("/setup/", {"code": "x", "username": "eve", "password1": PASSWORD, "password2": PASSWORD})
    assert list(User.objects.values_list("username", flat=True)) == ["anna"]


def test_the_later_steps_need_a_login(user: User) -> None:
    for step in ("folder", "account"):
        assert "/login/" in Client().get(f"/setup/{step}/")["Location"]


def test_the_folder_is_made_and_kept(visitor: Client, tmp_path: Path) -> None:
    done = visitor.post("/setup/folder/", {"download_dir": str(tmp_path / "films" / "new")})
    assert (done.status_code, done["Location"]) == (302, "/setup/account/")
    assert Preferences.current().root == tmp_path / "films" / "new"
    assert (tmp_path / "films" / "new").is_dir()


def test_a_system_folder_is_refused_with_a_sentence(visitor: Client) -> None:
    refused = visitor.post("/setup/folder/", {"download_dir": "/etc"})
    assert refused.status_code == 422
    assert "belongs to the system" in refused.content.decode()
    assert Preferences.current().download_dir == ""


def test_the_account_step_says_what_is_missing(visitor: Client) -> None:
    page = visitor.get("/setup/account/").content.decode()
    assert "FSHARE_APP_KEY" in page
    assert "FSHARE_USER_AGENT" in page
    assert "https://www.fshare.vn/api-doc" in page


def test_the_account_step_adds_an_account_that_works(fshare: Simulator, visitor: Client) -> None:
    wrong = {"host": "fshare", "email": "demo@example.com", "password": "wrong"}
    assert visitor.post("/setup/account/", wrong).status_code == 422
    assert not Account.objects.exists()
    done = visitor.post("/setup/account/", {**wrong, "password": "demo-password"})
    assert (done.status_code, done["Location"]) == (302, "/")
    assert Account.objects.get().is_vip


def test_the_environment_can_name_the_first_user(configure: Callable[..., None]) -> None:
    configure(ADMIN_USERNAME="boss", ADMIN_PASSWORD="secret of the boss")
    assert first_run.prepare() is None
    assert first_run.prepare() is None
    assert User.objects.get().check_password("secret of the boss")
    assert Client().login(username="boss", password="secret of the boss")


def test_the_environment_changes_no_user_who_is_there(user: User, configure: Callable[..., None]) -> None:
    configure(ADMIN_USERNAME="anna", ADMIN_PASSWORD="another")
    assert first_run.prepare() is None
    assert User.objects.get().check_password(PASSWORD)
