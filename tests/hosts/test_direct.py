from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from hosts.base import HostContext, HostDown, LinkDead, LinkRefused
from hosts.guard import guarded_session
from hosts.links import Link
from hosts.sites.direct import Direct
from tests.hosts.pages import Pages


@pytest.fixture
def web() -> Iterator[HostContext]:
    session = guarded_session(True)
    yield HostContext(session, {}, now=lambda: datetime.now(UTC))
    session.close()


def link(url: str) -> Link:
    match = Direct().match(url)
    assert match is not None
    return match


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://Example.COM/a/B.mkv", "https://example.com/a/B.mkv"),
        ("HTTP://example.com:80/a", "http://example.com/a"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/a?b=1&c=%20#d", "https://example.com/a?b=1&c=%20"),
        ("https://example.com/Phim hay.mkv", "https://example.com/Phim%20hay.mkv"),
        ("https://example.com/tập.mkv", "https://example.com/t%E1%BA%ADp.mkv"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("  https://example.com/a ", "https://example.com/a"),
    ],
)
def test_spellings_of_an_address_become_one(url: str, canonical: str) -> None:
    assert link(url).code == link(url).url == canonical
    assert link(canonical).code == canonical


@pytest.mark.parametrize("url", ["https://me:secret@example.com/", "https://me@example.com/", "https://@example.com/"])
def test_credentials_in_an_address_are_refused_without_repeating_them(url: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        Direct().match(url)
    assert "secret" not in refused.value.message


@pytest.mark.parametrize(
    "url", ["ftp://a.b/c", "https:///a", "http://a:b/", "mailto:a@b", "https://\udcff.example/", "https://a.b/\udcff"]
)
def test_other_addresses_are_not_its_own(url: str) -> None:
    assert Direct().match(url) is None


def test_it_asks_with_head_only_and_reads_name_and_size(pages: Pages, web: HostContext) -> None:
    url = pages.answer("/get", body=b"x" * 500, Content_Disposition='attachment; filename="film.mkv"')
    entry = Direct().describe(link(url), web)
    assert (entry.name, entry.size) == ("film.mkv", 500)
    assert [asked.method for asked in pages.asked] == ["HEAD"]
    assert pages.asked[0].headers["Accept-Encoding"] == "identity"


def test_the_name_is_the_end_of_the_path_without_a_header(pages: Pages, web: HostContext) -> None:
    assert Direct().describe(link(pages.answer("/a/Phim%20hay.mkv")), web).name == "Phim hay.mkv"


def test_a_raw_utf8_name_is_put_right(pages: Pages, web: HostContext) -> None:
    url = pages.answer("/get", Content_Disposition='attachment; filename="tập 1.mkv"'.encode())
    assert Direct().describe(link(url), web).name == "tập 1.mkv"


def test_the_name_behind_a_redirect_counts(pages: Pages, web: HostContext) -> None:
    pages.answer("/files/film.mkv", body=b"abc")
    entry = Direct().describe(link(pages.answer("/get", 302, Location="/files/film.mkv")), web)
    assert (entry.name, entry.size) == ("film.mkv", 3)


@pytest.mark.parametrize("status", [304, 400, 401, 403, 405, 429, 500, 501, 502, 503])
def test_a_server_that_refuses_head_leaves_the_size_unknown(pages: Pages, web: HostContext, status: int) -> None:
    url = pages.answer("/film.mkv", status, Content_Disposition="attachment; filename=error.html", Content_Length="9")
    entry = Direct().describe(link(url), web)
    assert (entry.name, entry.size) == ("film.mkv", None)


def test_a_server_that_hangs_up_on_head_leaves_the_size_unknown(web: HostContext) -> None:
    with ThreadPoolExecutor(1) as pool, socket.create_server(("127.0.0.1", 0)) as server:
        closed = pool.submit(lambda: server.accept()[0].close())
        entry = Direct().describe(link(f"http://127.0.0.1:{server.getsockname()[1]}/film.mkv"), web)
        closed.result(5)
    assert (entry.name, entry.size) == ("film.mkv", None)


def test_a_server_that_is_silent_on_head_leaves_the_size_unknown(
    web: HostContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hosts.sites.direct.TIMEOUT", (5.0, 0.2))
    with socket.create_server(("127.0.0.1", 0)) as server:
        entry = Direct().describe(link(f"http://127.0.0.1:{server.getsockname()[1]}/film.mkv"), web)
    assert (entry.name, entry.size) == ("film.mkv", None)


def test_the_length_of_a_compressed_answer_is_not_the_files(pages: Pages, web: HostContext) -> None:
    url = pages.answer("/film.mkv", body=b"abc", Content_Encoding="gzip")
    assert Direct().describe(link(url), web).size is None


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_is_dead(pages: Pages, web: HostContext, status: int) -> None:
    with pytest.raises(LinkDead):
        Direct().describe(link(pages.answer("/a", status)), web)


@pytest.mark.parametrize(
    "target", [b"http://[bad/", b"http://example.com:99999/a", b"http://caf\xe9.example/", b"//[/a"]
)
def test_a_redirect_to_what_is_no_address_is_refused(pages: Pages, web: HostContext, target: bytes) -> None:
    with pytest.raises(LinkRefused, match="no address"):
        Direct().describe(link(pages.answer("/a", 302, Location=target)), web)


def test_a_private_address_is_refused_before_it_is_asked(pages: Pages) -> None:
    with guarded_session(False) as session, pytest.raises(LinkRefused, match="private network"):
        Direct().describe(link(pages.answer("/a")), HostContext(session, {}))
    assert pages.asked == []


@pytest.mark.parametrize(
    "header",
    ["filename*=utf-8''%00film.mkv", 'filename="%00film.mkv"'],
)
def test_a_name_can_always_be_stored(pages: Pages, web: HostContext, header: str) -> None:
    url = pages.answer("/a", Content_Disposition=f"attachment; {header}")
    assert Direct().describe(link(url), web).name == "\ufffdfilm.mkv"


def test_a_circle_of_redirects_is_refused(pages: Pages, web: HostContext) -> None:
    with pytest.raises(LinkRefused, match="circles"):
        Direct().describe(link(pages.answer("/a", 302, Location="/a")), web)


def test_a_server_that_does_not_answer_is_down(web: HostContext) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/film.mkv"
    with pytest.raises(HostDown, match=r"127\.0\.0\.1 does not answer"):
        Direct().describe(link(url), web)


def test_resolving_asks_nobody(pages: Pages, web: HostContext) -> None:
    url = pages.answer("/a/film.mkv")
    source = Direct().resolve(link(url), web)
    assert (source.url, source.name, source.size) == (url, "film.mkv", None)
    assert pages.asked == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.com/", "example.com"),
        ("https://example.com/download", "download"),
        ("https://example.com/a/", "a"),
        ("https://example.com/get?file=film.mkv", "get"),
    ],
)
def test_there_is_always_a_name(url: str, name: str, web: HostContext) -> None:
    assert Direct().resolve(link(url), web).name == name
