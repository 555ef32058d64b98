from __future__ import annotations

from pathlib import Path

import pytest

from hosts import registry
from hosts.base import LinkRefused
from hosts.links import Link, LinkKind

FILE = Link("fshare", LinkKind.FILE, "ABC123", "https://www.fshare.vn/file/ABC123")


def link(url: str) -> Link:
    match = registry.find(url)
    assert match is not None
    return match[1]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.fshare.vn/file/ABC123",
        "http://fshare.vn/file/ABC123/",
        "https://WWW.FSHARE.VN/FILE/abc123",
        "https://www.fshare.vn./file/ABC123#comments",
        "https://www.fshare.vn/%66ile/ABC123",
        "https://www.fshare.vn/file/ABC123?share=12&utm_source=x",
        "https://mega.1280.com/file/ABC123",
        "https://www.google.com/url?q=https://www.fshare.vn/file/ABC123&sa=D",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.fshare.vn%2Ffile%2FABC123%3Fx%3D1&h=AT",
    ],
)
def test_every_spelling_of_an_fshare_file_is_one_link(url: str) -> None:
    assert link(url) == FILE


def test_a_share_token_is_kept_and_other_parameters_are_not() -> None:
    found = link("https://www.fshare.vn/folder/XYZ9?share=1&token=1613735234&page=2")
    assert found == Link("fshare", LinkKind.FOLDER, "XYZ9", "https://www.fshare.vn/folder/XYZ9?token=1613735234")


@pytest.mark.parametrize("token", ["a b", "x&y=1", "../..", "%0d%0aX: 1", "x" * 200])
def test_a_token_that_cannot_be_one_is_left_out(token: str) -> None:
    found = link(f"https://www.fshare.vn/file/ABC123?token={token}")
    assert found.url in (FILE.url, FILE.url + "?token=x")


@pytest.mark.parametrize("path", ["/", "/site/login", "/file/", "/file/../etc", "/account/profile", "/file/%00"])
def test_other_pages_of_fshare_are_refused(path: str) -> None:
    with pytest.raises(LinkRefused, match="neither a file nor a folder"):
        registry.find(f"https://www.fshare.vn{path}")


@pytest.mark.parametrize("url", ["ftp://a.b/c", "https://", "nonsense", "http://a:99999999/", "http://[::1/", ""])
def test_what_is_no_link_has_no_host(url: str) -> None:
    assert registry.find(url) is None


def test_a_text_gives_each_file_once_in_its_order() -> None:
    found = registry.links_in(
        "fshare.vn/file/ABC123 https://a.b/film.mkv HTTPS://www.fshare.vn/file/abc123?share=1 https://A.b:443/film.mkv#x"
    )
    assert found.links == [FILE, Link("direct", LinkKind.FILE, "https://a.b/film.mkv", "https://a.b/film.mkv")]
    assert found.refused == []


def test_a_text_tells_why_something_is_no_link() -> None:
    found = registry.links_in(
        "ftp://a.b/c https://me:secret@a.b/c https://www.fshare.vn/site/login http://127.0.0.1/x", allow_private=False
    )
    assert found.links == []
    assert [url for url, _ in found.refused] == [
        "ftp://a.b/c",
        "https://me:secret@a.b/c",
        "https://www.fshare.vn/site/login",
        "http://127.0.0.1/x",
    ]
    reasons = [problem.message for _, problem in found.refused]
    assert "Only http and https" in reasons[0]
    assert "user name or password" in reasons[1]
    assert "private network" in reasons[3]


def test_ten_thousand_links_are_found() -> None:
    text = "\n".join(f"https://www.fshare.vn/file/CODE{number}" for number in range(10_000))
    assert len(registry.links_in(text).links) == 10_000


def test_hosts_are_known_by_name() -> None:
    assert registry.by_name("fshare").label == "Fshare"
    with pytest.raises(KeyError):
        registry.by_name("rapidshare")


def test_every_host_has_its_own_name_and_a_test() -> None:
    names = [host.name for host in registry.HOSTS]
    assert len(set(names)) == len(names)
    assert names[-1] == "direct"
    for name in names:
        assert list(Path(__file__).parent.glob(f"test_{name}*.py"))
