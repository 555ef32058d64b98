from __future__ import annotations

import time

import pytest

from hosts.links import find_urls

DOMAINS = ("fshare.vn", "mega.1280.com")
FILE = "https://www.fshare.vn/file/ABC123"

FOUND = {
    "alone": (FILE, [FILE]),
    "one per line": (f"{FILE}\nhttps://a.b/c\r\n", [FILE, "https://a.b/c"]),
    "in prose": (f"Xem tại {FILE}. Hay lắm!", [FILE]),
    "after Vietnamese text": (f"tải về:{FILE}", [FILE]),
    "glued to a word": (f"phim{FILE}", [FILE]),
    "separated by commas": ("https://a.b/c,https://d.e/f", ["https://a.b/c", "https://d.e/f"]),
    "glued together": ("https://a.b/chttps://d.e/f", ["https://a.b/c", "https://d.e/f"]),
    "in angle brackets": (f"<{FILE}>", [FILE]),
    "in quotes": (f"“{FILE}” and '{FILE}'", [FILE, FILE]),
    "in brackets": (f"(see {FILE}), then", [FILE]),
    "with balanced brackets": ("https://a.b/Film_(2019).mkv", ["https://a.b/Film_(2019).mkv"]),
    "in Markdown": ("[film](https://a.b/c_(d)) x", ["https://a.b/c_(d)"]),
    "as its own Markdown text": ("[https://a.b](https://a.b)", ["https://a.b", "https://a.b"]),
    "bold in Markdown": (f"**{FILE}**", [FILE]),
    "in a table": (f"|{FILE}|4 GB|", [FILE]),
    "in BBCode": (f"[url={FILE}]film[/url] [url]{FILE}[/url]", [FILE, FILE]),
    "in HTML": (f'<a href="{FILE}?a=1&amp;token=2">{FILE}</a>', [f"{FILE}?a=1&token=2", FILE]),
    "in HTML that was escaped": (f"&lt;a href=&quot;{FILE}&quot;&gt;", [FILE]),
    "in unquoted HTML": (f"<a href={FILE}>film</a>", [FILE]),
    "in JSON": ('{"url":"https:\\/\\/www.fshare.vn\\/file\\/ABC123"}', [FILE]),
    "percent-encoded": ("https%3A%2F%2Fwww.fshare.vn%2Ffile%2FABC123&x=1", [FILE]),
    "without a scheme": ("www.fshare.vn/file/ABC123 or www.example.com/a.zip", [FILE, "https://www.example.com/a.zip"]),
    "bare": ("fshare.vn/folder/X1?token=12", ["https://fshare.vn/folder/X1?token=12"]),
    "legacy domain": ("mega.1280.com/file/ABC", ["https://mega.1280.com/file/ABC"]),
    "protocol-relative": ('<img src="//www.fshare.vn/file/ABC123">', [FILE]),
    "in upper case": ("HTTPS://WWW.FSHARE.VN/FILE/ABC123", ["https://WWW.FSHARE.VN/FILE/ABC123"]),
    "with a zero-width space": ("https://www.fshare.vn/file/ABC\u200b123", [FILE]),
    "with a fragment and a query": ("https://a.b/c?x=[1]#d", ["https://a.b/c?x=[1]#d"]),
    "inside another address": (f"https://g.com/?q={FILE}&a=1", [f"https://g.com/?q={FILE}&a=1"]),
    "an archive's copy": ("https://web.org/2020/https://a.b/", ["https://web.org/2020/https://a.b/"]),
    "an IPv6 literal": ("http://[2001:db8::1]/a", ["http://[2001:db8::1]/a"]),
    "full-width punctuation": (f"（{FILE}）。", [FILE]),
    "repeated": (f"{FILE} {FILE}", [FILE, FILE]),
    "nothing": ("just words, a.b, user@fshare.vn/x and xfshare.vn/file/A 1:2 // note", []),
    "empty": ("", []),
    "a scheme alone": ("https:// and http://", []),
    "half a surrogate pair": (f"{FILE}/\ud800 x", [f"{FILE}/\ufffd"]),
    "control characters": (f"\x00{FILE}\x00\x1b", [FILE]),
}


@pytest.mark.parametrize(("text", "urls"), FOUND.values(), ids=FOUND)
def test_it_finds_links(text: str, urls: list[str]) -> None:
    found = find_urls(text, DOMAINS)
    assert found.usable == urls
    assert found.refused == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.b/c",
        "javascript:alert(1)",
        "data:text/html;base64,AAAA",
        "magnet:?xt=urn:btih:1",
        "file:///etc/passwd",
        "vbscript:x",
        "gopher://a.b",
        "blob:https://a.b/1",
        "ssh://root@a.b",
    ],
)
def test_it_reports_what_is_not_http(url: str) -> None:
    found = find_urls(f"{FILE} {url} {FILE}", DOMAINS)
    assert found.usable == [FILE, FILE]
    assert found.refused == [url]


def test_a_scheme_in_upper_case_is_refused_all_the_same() -> None:
    assert find_urls("FTP://a.b JavaScript:x").refused == ["ftp://a.b", "javascript:x"]


def test_an_endless_address_is_refused_and_shown_short() -> None:
    found = find_urls("https://a.b/" + "c" * 5000)
    assert found.usable == []
    assert len(found.refused[0]) == 100


def test_without_domains_bare_names_are_words() -> None:
    assert find_urls("fshare.vn/file/ABC").usable == []


JUNK = {
    "letters": "a",
    "dotted": "a.",
    "slashes": "//",
    "schemes": "http://",
    "www": "www.",
    "open brackets": "https://a/((",
    "closing brackets": "))",
    "encoded": "https%3a%2f%2f",
    "entities": "&amp;",
    "domains": "fshare.vn/",
    "colons": "a:",
    "BBCode": "[/",
    "quotes": "'http://x",
}


@pytest.mark.parametrize("piece", JUNK.values(), ids=JUNK)
def test_a_megabyte_of_junk_takes_linear_time(piece: str) -> None:
    began = time.process_time()
    find_urls(piece * (1_000_000 // len(piece)), DOMAINS)
    assert time.process_time() - began < 4
