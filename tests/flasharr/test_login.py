from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test import Client, RequestFactory
from django.utils import timezone

from flasharr import attempts
from flasharr.attempts import Mark
from flasharr.models import Attempts
from tests.flasharr.conftest import PASSWORD


def sign_in(
    client: Client, name: str = "anna", password: str = PASSWORD, to: str = "", address: str = "10.0.0.1"
) -> int:
    data = {"username": name, "password": password, "next": to}
    answer = client.post("/login/", data, REMOTE_ADDR=address)
    client.location = answer.get("Location", "")  # type: ignore[attr-defined]
    client.page = answer.content.decode()  # type: ignore[attr-defined]
    return answer.status_code


def test_the_right_password_opens_the_queue(user: User) -> None:
    client = Client()
    assert sign_in(client) == 302
    assert client.location == "/"  # type: ignore[attr-defined]
    assert client.get("/settings/").status_code == 200


def test_a_wrong_password_shows_the_form_again(user: User) -> None:
    client = Client()
    assert sign_in(client, password="guess") == 422
    assert "correct username and password" in client.page  # type: ignore[attr-defined]
    assert "guess" not in client.page  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "https:///evil.example",
        "http:evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "https://testserver@evil.example/",
        "\x08//evil.example",
    ],
)
def test_it_never_leads_to_another_site(user: User, target: str) -> None:
    client = Client()
    assert sign_in(client, to=target) == 302
    assert client.location == "/"  # type: ignore[attr-defined]


def test_it_leads_back_to_where_one_wanted_to_go(user: User) -> None:
    client = Client()
    sign_in(client, to="/settings/keys/")
    assert client.location == "/settings/keys/"  # type: ignore[attr-defined]


def test_guessing_a_name_makes_it_wait_a_moment_from_everywhere(user: User) -> None:
    for number in range(9):
        Attempts.objects.update(last_at=timezone.now() - timedelta(seconds=31))
        assert sign_in(Client(), password="guess", address=f"10.0.1.{number}") == 422
    late = Client()
    assert sign_in(late, address="10.0.2.1") == 429
    assert re.search(r"Too many failed attempts. Try again in (2\d|30) seconds", late.page)  # type: ignore[attr-defined]
    assert "_auth_user_id" not in late.session


def test_a_guesser_who_never_stops_does_not_keep_the_owner_out(user: User) -> None:
    for _ in range(5):
        assert sign_in(Client(), password="guess", address="10.0.6.6") == 422
    outcomes = set()
    for _ in range(90):  # a try every ten seconds: a quarter of an hour
        Attempts.objects.update(last_at=F("last_at") - timedelta(seconds=10))
        outcomes.add(sign_in(Client(), password="guess", address="10.0.6.6"))
    assert outcomes == {422, 429}
    Attempts.objects.update(last_at=F("last_at") - timedelta(seconds=30))
    assert sign_in(Client(), password="guess", address="10.0.6.6") == 429
    assert sign_in(Client(), address="10.0.7.7") == 302


def test_a_name_is_the_same_however_it_is_spelt(user: User) -> None:
    for number, name in enumerate(["anna", "ANNA", " anna", "ａｎｎａ", "ₐnna"]):
        assert sign_in(Client(), name, "guess", address=f"10.0.4.{number}") == 422
    assert sign_in(Client(), "𝐚nna", address="10.0.4.9") == 429


def test_who_waits_is_not_counted_and_fills_no_table(user: User) -> None:
    for _ in range(5):
        sign_in(Client(), password="guess", address="10.0.5.1")
    before = sorted(Attempts.objects.values_list("digest", "failures", "last_at"))
    for number in range(5):
        assert sign_in(Client(), f"somebody{number}", "guess", address="10.0.5.1") == 429
    assert sorted(Attempts.objects.values_list("digest", "failures", "last_at")) == before


def test_an_own_login_does_not_make_guessing_another_name_free(user: User) -> None:
    User.objects.create_user("bert", password=PASSWORD)
    for _ in range(5):
        assert sign_in(Client(), "anna", "guess") == 422
        Attempts.objects.filter(failures=5).update(last_at=timezone.now() - timedelta(seconds=16))
        assert sign_in(Client(), "bert") == 302
    assert sign_in(Client(), "anna", "guess") == 422
    assert sign_in(Client(), "anna", "guess") == 429


def test_guessing_from_one_address_makes_it_wait_for_every_name(user: User) -> None:
    for number in range(5):
        assert sign_in(Client(), name=f"nobody{number}", address="10.0.3.1") == 422
    assert sign_in(Client(), address="10.0.3.1") == 429
    assert sign_in(Client(), address="10.0.3.2") == 302


def test_the_right_password_ends_the_counting(user: User) -> None:
    for _ in range(4):
        sign_in(Client(), password="guess")
    assert sign_in(Client()) == 302
    assert sign_in(Client(), password="guess") == 422


def test_the_administration_has_no_other_login(user: User) -> None:
    answer = Client().get("/admin/login/?next=/admin/auth/user/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/admin/auth/user/")
    posted = Client().post("/admin/login/", {"username": "anna", "password": PASSWORD})
    assert posted.status_code == 302
    assert "_auth_user_id" not in posted.wsgi_request.session


def test_somebody_who_may_not_administrate_is_told_so(user: User) -> None:
    client = Client()
    client.force_login(User.objects.create_user("bert", password=PASSWORD))
    assert client.get("/admin/", follow=True).status_code == 403


def test_signing_out_takes_a_post(visitor: Client) -> None:
    assert visitor.get("/logout/").status_code == 405
    assert visitor.post("/logout/").status_code == 302
    assert visitor.get("/settings/").status_code == 302


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [Mark("x").wait_after(failures).total_seconds() for failures in range(14)]
    assert waits == [0, 0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900]


@pytest.mark.django_db
def test_attempts_count_before_their_outcome_is_known() -> None:
    marks = [Mark("name:anna")]
    assert [attempts.begin(marks) for _ in range(5)] == [timedelta()] * 5
    assert attempts.begin(marks) > timedelta(seconds=14)


@pytest.mark.django_db(transaction=True)
def test_attempts_at_the_same_moment_are_all_counted() -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: begin_in_thread(), range(24)))
    assert waits.count(timedelta()) == 5
    assert Attempts.objects.get().failures == 5


def begin_in_thread() -> timedelta:
    try:
        return attempts.begin([Mark("name:anna")])
    finally:
        connection.close()


@pytest.mark.django_db
def test_old_failures_are_forgotten_and_names_are_not_kept() -> None:
    for _ in range(6):
        attempts.begin([Mark("name:anna")])
    assert "anna" not in str(Attempts.objects.values())
    later = Attempts.objects.get().last_at + timedelta(hours=1, seconds=1)
    assert not attempts.begin([Mark("name:anna")], later)
    assert Attempts.objects.get().failures == 1


def test_an_ipv6_network_counts_as_one_address() -> None:
    def address(text: str) -> str:
        return attempts.address_of(RequestFactory().get("/", REMOTE_ADDR=text))

    assert address("2001:db8::1") == address("2001:db8::ffff:2")
    assert address("2001:db8::1") != address("2001:db8:0:1::1")
    assert address("::ffff:10.0.0.1") == address("10.0.0.1")


def test_a_file_is_dropped_and_the_form_read_all_the_same(user: User) -> None:
    upload = SimpleUploadedFile("big.bin", b"x" * 4_500_000)
    answer = Client().post("/login/", {"username": "anna", "password": PASSWORD, "file": upload})
    assert answer.status_code == 302
    assert not answer.wsgi_request.FILES
