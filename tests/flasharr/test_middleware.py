from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from flasharr.middleware import HtmxMessages, TrustedProxy
from flasharr.middleware.proxy import networks


def seen(configure: Callable[..., None], trusted: list[str], peer: str, **headers: str) -> HttpRequest:
    """The request as views see it."""
    configure(TRUSTED_PROXIES=trusted)
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)
    TrustedProxy(lambda request: HttpResponse())(request)
    return request


FORGED = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}


def test_a_stranger_cannot_say_who_it_is(configure: Callable[..., None]) -> None:
    for trusted in ([], ["10.0.0.0/8"]):
        request = seen(configure, trusted, "192.0.2.1", **FORGED, Forwarded="for=1.2.3.4")
        assert request.META["REMOTE_ADDR"] == "192.0.2.1"
        assert not request.is_secure()
        assert request.get_host() == "testserver"
        assert "HTTP_FORWARDED" not in request.META


def test_a_trusted_proxy_is_believed(configure: Callable[..., None]) -> None:
    request = seen(configure, ["10.0.0.0/8"], "10.1.2.3", **FORGED)
    assert request.META["REMOTE_ADDR"] == "1.2.3.4"
    assert request.is_secure()
    assert request.get_host() == "evil.example"


def test_what_stands_before_the_first_stranger_is_anybodys_word(configure: Callable[..., None]) -> None:
    chain = {"X-Forwarded-For": "6.6.6.6, 1.2.3.4, 10.0.0.9"}
    assert seen(configure, ["10.0.0.0/8"], "10.1.2.3", **chain).META["REMOTE_ADDR"] == "1.2.3.4"
    assert seen(configure, ["::1", "10.0.0.1"], "::1", **chain).META["REMOTE_ADDR"] == "10.0.0.9"
    assert seen(configure, ["10.0.0.0/8"], "::ffff:10.1.2.3").META["REMOTE_ADDR"] == "::ffff:10.1.2.3"


def test_a_wrong_range_is_found_at_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="FLASHARR_TRUSTED_PROXIES"):
        networks(("10.0.0.0/99",))


@pytest.mark.parametrize(
    "path", ["/settings/", "/nothing/", "/health/live", "/api/v1/stats", "/api/v1/nothing", "/admin/"]
)
def test_every_answer_carries_the_guarding_headers(visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    policy = answer["Content-Security-Policy"]
    for part in ("default-src 'self'", "script-src 'self'", "frame-ancestors 'none'", "object-src 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_pages_and_answers_stay_out_of_caches(visitor: Client) -> None:
    for path in ("/settings/", "/api/v1/stats", "/login/"):
        assert "no-store" in visitor.get(path)["Cache-Control"]


def test_cookies_are_secure_behind_https(visitor: Client) -> None:
    assert visitor.get("/settings/", secure=True).cookies["flasharr_csrf"]["secure"]
    assert not visitor.get("/settings/").cookies["flasharr_csrf"]["secure"]


def htmx_reply(visitor: Client, response: HttpResponse, **headers: str) -> HttpResponse:
    """A view's reply after it has left a message."""
    request = visitor.get("/settings/").wsgi_request
    request.META.update({f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()})
    vars(request).pop("headers", None)
    request._messages = messages.storage.default_storage(request)  # type: ignore[attr-defined]
    messages.success(request, "Well done")
    return HtmxMessages(lambda request: response)(request)


def test_htmx_replies_carry_the_messages(visitor: Client) -> None:
    reply = htmx_reply(visitor, HttpResponse("<p>row</p>"), **{"HX-Request": "true"})
    assert reply.content.startswith(b"<p>row</p>")
    assert b'hx-swap-oob="beforeend:#toasts"' in reply.content
    assert b"Well done" in reply.content


@pytest.mark.parametrize(
    ("response", "headers"),
    [
        (HttpResponse("page"), {}),
        (HttpResponse("{}", content_type="application/json"), {"HX-Request": "true"}),
        (HttpResponse(status=302), {"HX-Request": "true"}),
        (HttpResponse(headers={"HX-Redirect": "/"}), {"HX-Request": "true"}),
    ],
)
def test_other_replies_leave_them_for_the_next_page(
    visitor: Client, response: HttpResponse, headers: dict[str, str]
) -> None:
    assert b"Well done" not in htmx_reply(visitor, response, **headers).content
