from __future__ import annotations

import socket
import ssl
import threading
from typing import Any

import pytest
import requests

from hosts.base import LinkRefused
from hosts.guard import GuardedSession, guarded_session, refuse_literal
from tests.hosts.pages import Pages

Answers = list[list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, Answers]:
    """A name server of our own: each look-up of a name takes the next of its answers, the last one stays."""
    table: dict[str, Answers] = {}
    real = socket.getaddrinfo

    def look_up(name: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if name not in table:
            return real(name, port, *args, **kwargs)
        answers = table[name].pop(0) if len(table[name]) > 1 else table[name][0]
        return [found for address in answers for found in real(address, port, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return table


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"]
)
def test_it_refuses_loopback_however_it_is_spelt(pages: Pages, host: str) -> None:
    with pytest.raises(LinkRefused, match="private network"):
        guarded_session(False).get(f"http://{host}:{pages.port}/")
    assert pages.asked == []


def test_it_refuses_a_name_that_leads_to_a_private_address(pages: Pages, names: dict[str, Answers]) -> None:
    names["films.example"] = [["10.1.2.3"]]
    with pytest.raises(LinkRefused, match=r"films\.example is an address in a private network"):
        guarded_session(False).get(f"http://films.example:{pages.port}/")


def test_the_refusal_does_not_tell_the_private_address(names: dict[str, Answers]) -> None:
    names["films.example"] = [["10.1.2.3"]]
    with pytest.raises(LinkRefused) as refused:
        guarded_session(False).get("http://films.example/")
    assert "10.1.2.3" not in refused.value.message


def test_a_name_is_resolved_once_and_the_checked_address_is_used(pages: Pages, names: dict[str, Answers]) -> None:
    """DNS rebinding: were there a second look-up, it would find our server and be answered."""
    names["films.example"] = [["203.0.114.1"], ["127.0.0.1"]]
    with pytest.raises(requests.ConnectionError):
        guarded_session(False).get(f"http://films.example:{pages.port}/", timeout=0.2)
    assert pages.asked == []
    assert names["films.example"] == [["127.0.0.1"]]


def test_of_mixed_addresses_only_the_public_ones_are_tried(pages: Pages, names: dict[str, Answers]) -> None:
    names["films.example"] = [["127.0.0.1", "203.0.114.1"]]
    with pytest.raises(requests.ConnectionError):
        guarded_session(False).get(f"http://films.example:{pages.port}/", timeout=0.2)
    assert pages.asked == []


def test_private_hosts_may_be_allowed(pages: Pages) -> None:
    assert guarded_session(True).get(pages.answer("/a", body=b"here")).content == b"here"


@pytest.mark.parametrize("address", ["169.254.169.254", "[fd00:ec2::254]", "100.100.100.200"])
def test_cloud_metadata_is_refused_even_then(address: str) -> None:
    with pytest.raises(LinkRefused, match="cloud provider"):
        guarded_session(True).get(f"http://{address}/latest/meta-data/")


def test_a_trusted_origin_is_exempt_and_another_port_of_it_is_not(pages: Pages) -> None:
    session = guarded_session(False, frozenset({("127.0.0.1", pages.port)}))
    assert session.get(pages.answer("/a", body=b"here")).content == b"here"
    with Pages() as other, pytest.raises(LinkRefused):
        session.get(other.answer("/a"))


def test_every_hop_of_a_redirect_is_checked(pages: Pages) -> None:
    session = guarded_session(False, frozenset({("127.0.0.1", pages.port)}))
    with Pages() as inner:
        start = pages.answer("/start", 302, Location=pages.url + "/next")
        pages.answer("/next", 302, Location=inner.answer("/secret"))
        with pytest.raises(LinkRefused):
            session.get(start)
        assert [asked.path for asked in pages.asked] == ["/start", "/next"]
        assert inner.asked == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.b/c", "gopher://a.b/"])
def test_a_redirect_to_another_scheme_is_refused(pages: Pages, target: str) -> None:
    with pytest.raises(LinkRefused, match="neither http nor https"):
        guarded_session(True).get(pages.answer("/a", 302, Location=target))


def test_it_follows_five_redirects_and_no_more(pages: Pages) -> None:
    for hop in range(6):
        pages.answer(f"/{hop}", 302, Location=f"/{hop + 1}")
    pages.answer("/6", body=b"end")
    session = guarded_session(True)
    assert session.get(pages.url + "/1").content == b"end"
    with pytest.raises(requests.TooManyRedirects):
        session.get(pages.url + "/0")


def test_the_body_of_a_redirect_is_never_read(pages: Pages) -> None:
    stop = threading.Event()

    def endless(out: Any) -> None:
        while not stop.is_set():
            out.write(b"x" * 65536)

    pages.answer("/b", body=b"end")
    try:
        answer = guarded_session(True).get(pages.answer("/a", 302, endless, Location="/b"), timeout=60)
        assert answer.content == b"end"
    finally:
        stop.set()


def test_credentials_and_cookies_do_not_reach_another_origin(pages: Pages) -> None:
    with Pages() as other:
        start = pages.answer(
            "/a", 302, Location=other.answer("/b", Set_Cookie="x=1"), Set_Cookie="seen=1; Domain=127.0.0.1"
        )
        session = guarded_session(True)
        session.get(start, headers={"Cookie": "session_id=secret"}, auth=("me", "secret"))
        session.get(other.url + "/b")
    assert pages.asked[0].headers["Cookie"] == "session_id=secret"
    for asked in other.asked:
        assert "Cookie" not in asked.headers
        assert "Authorization" not in asked.headers


def test_the_environment_and_netrc_are_not_consulted(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    guarded_session(True).get(pages.answer("/a"))
    assert "Authorization" not in pages.asked[0].headers


def test_every_request_has_a_timeout(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def send(self: Any, request: Any, **kwargs: Any) -> Any:
        seen.append(kwargs["timeout"])
        raise requests.ConnectionError

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    for timeout in (None, 3):
        with pytest.raises(requests.ConnectionError):
            guarded_session(True).get(pages.url, timeout=timeout)
    assert seen == [(10.0, 60.0), 3]


def test_a_connection_that_is_refused_is_an_ordinary_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(requests.ConnectionError):
        guarded_session(True).get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 64 + ".example"])
def test_a_name_that_does_not_exist_is_an_ordinary_error(host: str) -> None:
    with pytest.raises(requests.RequestException):
        guarded_session(True).get(f"http://{host}/")


def test_the_certificate_is_checked_against_the_name(names: dict[str, Answers]) -> None:
    """SNI carries the name, not the address; a server that shows no trusted certificate is not talked to."""
    names["films.example"] = [["127.0.0.1"]]
    seen: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda sock, name, context: seen.append(name)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client, pytest.raises(OSError):
                context.wrap_socket(client, server_side=True)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(requests.exceptions.SSLError):
            guarded_session(True).get(f"https://films.example:{server.getsockname()[1]}/")
        thread.join()
    assert seen == ["films.example"]


def test_https_to_a_private_address_is_refused() -> None:
    with pytest.raises(LinkRefused):
        guarded_session(False).get("https://127.0.0.1/")


def test_the_user_agent_is_ours_or_the_one_given(pages: Pages) -> None:
    guarded_session(True).get(pages.answer("/a"))
    guarded_session(True, user_agent="Mine").get(pages.url + "/a")
    assert [asked.headers["User-Agent"] for asked in pages.asked] == ["Flasharr", "Mine"]
    assert isinstance(guarded_session(True), GuardedSession)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8080/",
        "https://LOCALHOST./",
        "http://a.localhost/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://192.168.1.1/",
        "http://[fe80::1%25eth0]/",
        "http://[::ffff:10.0.0.1]/",
    ],
)
def test_private_literals_are_refused_early(url: str) -> None:
    with pytest.raises(LinkRefused, match="private network"):
        refuse_literal(url, allow_private=False)
    refuse_literal(url, allow_private=True)


def test_metadata_literals_are_refused_always() -> None:
    with pytest.raises(LinkRefused, match="cloud provider"):
        refuse_literal("http://169.254.169.254/latest", allow_private=True)


@pytest.mark.parametrize("url", ["https://example.com/", "http://8.8.8.8/", "http://localhost.example/", "http://x/"])
def test_other_names_pass_until_they_are_connected_to(url: str) -> None:
    refuse_literal(url, allow_private=False)
