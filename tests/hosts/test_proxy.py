"""Through real proxies to real servers, and what is said when that does not work."""

from __future__ import annotations

import socket

import pytest
import requests

from hosts.base import LinkRefused
from hosts.guard import guarded_session
from hosts.proxy import (
    LOST,
    NotAProxy,
    Proxy,
    ProxyDown,
    ProxyLoginRefused,
    ProxyLost,
    ProxyProblem,
    ProxyRefused,
    parse,
)
from tests.hosts import proxies
from tests.hosts.pages import Pages

SECRET = "s3cret/:@ö"
SCHEMES = ["http", "socks5", "socks5h"]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("username", ["", "anna"])
def test_pages_come_through_it(pages: Pages, scheme: str, username: str) -> None:
    pages.answer("/a", body=b"here")
    with proxies.running(scheme, username, SECRET if username else "") as real:
        answer = guarded_session(True, proxy=real.proxy).get(f"http://127.0.0.1:{pages.port}/a?b=c")
    assert answer.content == b"here"
    assert len(real.asked) == 1
    assert len(pages.asked) == 1
    assert "Proxy-Authorization" not in str(pages.asked)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_wrong_password_is_named_and_not_told(pages: Pages, scheme: str) -> None:
    with proxies.running(scheme, "anna", SECRET) as real:
        wrong = Proxy(scheme, "127.0.0.1", real.port, "anna", "wr0ng")
        with pytest.raises(ProxyLoginRefused) as raised:
            guarded_session(True, proxy=wrong).get(f"http://127.0.0.1:{pages.port}/")
    assert raised.value.needs_user
    assert "wr0ng" not in str(raised.value)
    assert "wr0ng" not in repr(wrong)
    assert pages.asked == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_one_that_is_not_there_blames_no_host(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ProxyDown, match="connection refused") as raised:
        guarded_session(True, proxy=Proxy(scheme, "127.0.0.1", port)).get("http://93.184.216.34/")
    assert not raised.value.blames_host
    assert not raised.value.permanent


@pytest.mark.parametrize(("scheme", "url"), [("http", "https://93.184.216.34/"), ("socks5h", "http://93.184.216.34/")])
def test_one_that_forbids_the_server_says_which(scheme: str, url: str) -> None:
    with proxies.running(scheme, refuses=True) as real, pytest.raises(ProxyRefused, match=r"93\.184\.216\.34"):
        guarded_session(True, proxy=real.proxy).get(url)


@pytest.mark.parametrize("scheme", ["socks5h", "http"])
def test_one_of_another_kind_is_found_out(scheme: str) -> None:
    with proxies.running("http" if scheme == "socks5h" else "socks5") as real:
        wrong = Proxy(scheme, "127.0.0.1", real.port)
        with pytest.raises((ProxyProblem, requests.RequestException)):
            guarded_session(True, proxy=wrong).get("https://93.184.216.34/", timeout=1)


@pytest.mark.parametrize(("scheme", "tls"), [("http", "s"), ("socks5", ""), ("socks5h", "")])
def test_a_server_that_does_not_answer_is_the_servers_fault(scheme: str, tls: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with proxies.running(scheme) as real, pytest.raises(requests.ConnectionError):
        guarded_session(True, proxy=real.proxy).get(f"http{tls}://127.0.0.1:{port}/")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("server", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "10.0.0.1", "127.1."])
def test_private_addresses_are_not_handed_to_it(scheme: str, server: str) -> None:
    with proxies.running(scheme) as real, pytest.raises(LinkRefused, match="private network"):
        guarded_session(False, proxy=real.proxy).get(f"http://{server}:1/")
    assert real.asked == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_cloud_metadata_is_never_asked_through_it(scheme: str) -> None:
    with proxies.running(scheme) as real, pytest.raises(LinkRefused):
        guarded_session(True, proxy=real.proxy).get("http://169.254.169.254/latest/")
    assert real.asked == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_redirect_into_the_private_network_ends_here(pages: Pages, scheme: str) -> None:
    pages.answer("/away", 302, Location="http://10.0.0.1/")
    trusted = frozenset({("127.0.0.1", pages.port)})
    with proxies.running(scheme) as real, pytest.raises(LinkRefused):
        guarded_session(False, trusted, proxy=real.proxy).get(f"http://127.0.0.1:{pages.port}/away")
    assert len(real.asked) == 1


def test_only_socks5_looks_names_up_here(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []
    real_look_up = socket.getaddrinfo

    def look_up(name: str, *args: object, **kwargs: object) -> object:
        if name == "files.example":
            looked_up.append(name)
            name = "10.0.0.1"
        return real_look_up(name, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    pages.answer("/", body=b"here")
    with proxies.running("socks5h", names={"files.example": "127.0.0.1"}) as real:
        assert guarded_session(False, proxy=real.proxy).get(f"http://files.example:{pages.port}/").ok
    assert (real.asked, looked_up) == ([f"files.example:{pages.port}"], [])
    with proxies.running("socks5") as real, pytest.raises(LinkRefused):
        guarded_session(False, proxy=real.proxy).get(f"http://files.example:{pages.port}/")
    assert (real.asked, looked_up) == ([], ["files.example"])


def test_one_that_cannot_be_read_any_more_lets_nothing_past(pages: Pages) -> None:
    with pytest.raises(ProxyLost):
        guarded_session(True, proxy=LOST).get(f"http://127.0.0.1:{pages.port}/")
    assert pages.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "http://proxy.lan:3128",
        "socks5h://anna:a%3Ab%40c%2F@[fd00::1]:1080/",
        "SOCKS5://10.0.0.1:1",
    ],
)
def test_addresses_are_read_and_written(text: str) -> None:
    proxy = parse(text)
    assert parse(proxy.url) == proxy
    assert "a:b" not in proxy.address + repr(proxy)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "proxy.lan:3128",
        "http://proxy.lan",
        "http://:3128",
        "https://proxy.lan:3128",
        "ftp://proxy.lan:21",
        "http://proxy.lan:99999",
        "http://proxy.lan:3128/path",
        "http://proxy.lan:3128?x",
        "http://proxy lan:3128",
        "http://pro\0xy:3128",
        "http://pro\r\nxy:3128",
        "http://[::1:3128",
        "http://:password@proxy:1",
        f"http://{'u' * 256}:p@proxy:1",
        "http://a" + "a" * 2000 + ":1",
        "http://<b>:1",
        "../../etc/passwd",
    ],
)
def test_what_is_no_proxy_is_refused(text: str) -> None:
    with pytest.raises(NotAProxy):
        parse(text)
